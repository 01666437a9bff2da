"""Whether the people there are can still satisfy a stage, and which seats lack somebody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.acting import acting_as
from accounts.offices import today
from approvals.reach import gaps, most_filled
from tests.accounts.factories import (
    AppointmentFactory,
    DelegationFactory,
    OfficeFactory,
    UnitFactory,
    UserFactory,
    system_account,
)
from tests.approvals.factories import (
    RECUSE,
    RETURN,
    SignOffFactory,
    group,
    held_offices,
    holder,
    matter,
    policy_of,
    seated,
    sign_as_holder,
    standing_of,
)

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
ALL, ANY, ONE, ORDERED = group("all", 2), group("any", 2), group("all", 1), group("ordered", 2)
QUORUM = group("n_of_m", 3, need=2)
RICH = [{"fact": "amount", "at_least": "100"}]


def found(seats, about=None):
    """The gaps of a stage: (which group, how many are missing, the places of the empty seats)."""
    standing, _here = standing_of(seats[0], about)
    places = {seat.pk: place for place, seat in enumerate(seats)}
    return [
        (gap.number, gap.missing, [places[seat.pk] for seat in gap.seats])
        for gap in gaps(policy_of(seats), standing.seats, standing)
    ]


def offices(*held):
    """Offices in a row; False for one that nobody holds."""
    return [AppointmentFactory().office if one else OfficeFactory() for one in held]


@pytest.mark.parametrize(
    ("groups", "held", "expected"),
    [
        ([ONE], [[True]], []),
        ([ONE], [[False]], [(0, 1, [0])]),
        ([ALL], [[True, False]], [(0, 1, [1])]),
        ([ALL], [[False, False]], [(0, 2, [0, 1])]),
        ([ORDERED], [[True, False]], [(0, 1, [1])]),
        ([ANY], [[True, False]], []),
        ([ANY], [[False, False]], [(0, 1, [0, 1])]),
        ([QUORUM], [[True, True, False]], []),
        ([QUORUM], [[True, False, False]], [(0, 1, [1, 2])]),
        ([QUORUM], [[False, False, False]], [(0, 2, [0, 1, 2])]),
        # A later group is looked at before its turn comes.
        ([ONE, ONE], [[True], [False]], [(1, 1, [1])]),
        ([ONE, ONE], [[False], [False]], [(0, 1, [0]), (1, 1, [1])]),
    ],
)
def test_seats_that_nobody_holds_are_named_where_they_are_needed(groups, held, expected):
    assert found(seated(*groups, members=[offices(*own) for own in held])) == expected


def test_answers_that_are_there_need_nobody():
    seats = seated(QUORUM, members=[offices(True, True, False)])
    sign_as_holder(seats[0])
    assert found(seats) == []
    with acting_as(system_account()):
        appointment = holder(seats[1]).appointments.get()
        appointment.end = appointment.start
        appointment.save()
    assert found(seats) == [(0, 1, [1, 2])]


def test_complete_stage_needs_nobody():
    seats = seated(ANY, members=[offices(True, False)])
    sign_as_holder(seats[0])
    assert found(seats) == []


def test_quorum_that_is_decided_otherwise_needs_nobody():
    seats = seated(group("n_of_m", 3, need=3), members=[held_offices(3)])
    sign_as_holder(seats[0], RETURN)
    assert found(seats) == []


def test_group_that_is_not_asked_needs_nobody():
    seats = seated(ONE, group("all", 1, when=RICH), members=[offices(True), offices(False)])
    assert found(seats, matter(facts={"amount": 1})) == []
    assert found(seats, matter(facts={"amount": 100})) == [(1, 1, [1])]


def test_excluded_people_fill_no_seat():
    seats = seated(QUORUM)
    assert found(seats, matter(conflict=holder(seats[0]))) == []
    two = {"conflict": holder(seats[0]), "initiator": holder(seats[1])}
    assert found(seats, matter(**two)) == [(0, 1, [0, 1])]


def test_seat_that_was_left_lacks_somebody_while_nobody_else_can_sign_it():
    seats = seated(ONE)
    person = holder(seats[0])
    sign_as_holder(seats[0], RECUSE)
    assert found(seats, matter(conflict=person)) == [(0, 1, [0])]


def test_unit_without_holders_and_person_who_is_gone_are_gaps():
    gone = UserFactory(is_active=False)
    seats = seated(ONE, ONE, members=[[UnitFactory()], [gone]])
    assert found(seats) == [(0, 1, [0]), (1, 1, [1])]


def one_person_for(two, office):
    """The holder of one office speaks for another one too."""
    AppointmentFactory(
        user=office.appointments.get().user, office=two, capacity="plt", start=today(), end=today()
    )


def test_one_person_fills_one_seat_of_a_quorum():
    first, second, third = offices(True, False, False)
    one_person_for(second, first)
    seats = seated(QUORUM, members=[[first, second, third]])
    assert found(seats) == [(0, 1, [1, 2])]


def test_quorum_of_fewer_people_than_seats_names_a_seat_that_can_be_given_away():
    first, second = offices(True, False)
    one_person_for(second, first)
    seats = seated(group("n_of_m", 2, need=2), members=[[first, second]])
    assert found(seats) == [(0, 1, [1])]


def test_quorum_is_reached_by_a_delegate_where_the_holder_is_needed_elsewhere():
    first, second = offices(True, False)
    one_person_for(second, first)
    letter = DelegationFactory(principal=first.appointments.get(), start=today(), end=today())
    seats = seated(group("n_of_m", 2, need=2), members=[[first, second]])
    assert found(seats) == []
    with acting_as(system_account()):
        letter.delegate.is_active = False
        letter.delegate.save()
    assert found(seats) == [(0, 1, [1])]


def test_one_person_fills_every_seat_of_a_group_that_counts_offices():
    first, second = offices(True, False)
    one_person_for(second, first)
    assert found(seated(ALL, members=[[first, second]])) == []


def test_one_per_unit_wants_a_person_of_each():
    first, second = UnitFactory(), UnitFactory()
    AppointmentFactory(office__unit=first)
    seats = seated(group("one_per_unit", 2), members=[[first, second]])
    assert found(seats) == [(0, 1, [1])]


def test_whoever_signed_in_the_group_fills_no_further_seat():
    first, second = offices(True, False)
    one_person_for(second, first)
    third = AppointmentFactory().office
    seats = seated(QUORUM, members=[[first, second, third]])
    sign_as_holder(seats[0])
    assert found(seats) == []
    with acting_as(system_account()):
        appointment = third.appointments.get()
        appointment.end = appointment.start
        appointment.save()
    assert found(seats) == [(0, 1, [1, 2])]


def test_earlier_signer_who_is_gone_is_a_gap_before_the_stages_own():
    earlier = SignOffFactory(seat__office=OfficeFactory())
    seats = seated(ONE, again=[earlier])
    assert found(seats) == [(0, 1, [0])]


def test_stage_that_is_over_needs_nobody():
    seats = seated(ONE, ONE, members=[offices(True), offices(False)])
    sign_as_holder(seats[0], RETURN)
    assert found(seats) == []


@given(st.dictionaries(st.integers(0, 5), st.lists(st.integers(0, 5), max_size=4, unique=True)))
def test_as_many_places_are_filled_as_distinct_people_allow(able):
    filled = most_filled(able)

    def best(places, taken):
        if not places:
            return 0
        first, *rest = places
        without = best(rest, taken)
        return max([without, *(1 + best(rest, taken | {p}) for p in able[first] if p not in taken)])

    assert filled <= set(able)
    assert len(filled) == best(sorted(able), frozenset())
