"""What narrows a right to sign: the letter's scope, distinct people, who has taken it up."""

import datetime
from decimal import Decimal

import pytest
import time_machine

from accounts.acting import acting_as
from accounts.offices import today
from approvals.models import Seat
from approvals.standing import group_of
from tests.accounts.factories import (
    AppointmentFactory,
    UnitFactory,
    UserFactory,
    system_account,
)
from tests.approvals.asking import answer, eligible, letter, substitute, told
from tests.approvals.factories import (
    EXCLUSIONS,
    OverrideFactory,
    SeatFactory,
    SignOffFactory,
    TaskFactory,
    group,
    held_offices,
    holder,
    matter,
    seated,
    sign_as_holder,
    standing_of,
)

pytestmark = [pytest.mark.integration, pytest.mark.django_db, pytest.mark.usefixtures("english")]
# ---- what narrows a right ----


@pytest.mark.parametrize(
    ("scope", "facts", "sentence"),
    [
        ({"stages": ["verification"]}, {}, ""),
        ({"stages": ["signing"]}, {}, "Letter SK-7 hands on these stages only: "),
        ({"instrument_kinds": ["regent_decree"]}, {}, ""),
        ({"instrument_kinds": ["regent_decree"]}, {"instrument_kind": "regent_decree"}, ""),
        (
            {"instrument_kinds": ["regent_decree"]},
            {"instrument_kind": "regulation"},
            "Letter SK-7 hands on these kinds of instrument only: ",
        ),
        ({"ceiling": Decimal(100)}, {}, ""),
        ({"ceiling": Decimal(100)}, {"amount": Decimal(100)}, ""),
        (
            {"ceiling": Decimal(100)},
            {"amount": Decimal("100.01")},
            "Letter SK-7 reaches up to Rp100; this is about Rp100.01.",
        ),
    ],
)
def test_delegate_signs_within_the_scope_of_the_letter(scope, facts, sentence):
    principal = AppointmentFactory()
    seat = SeatFactory(office=principal.office)
    about = matter(seat.process, facts=facts)
    found = answer(seat, letter(principal, **scope).delegate, about)
    assert (found.rule, found.allowed) == (("scope", False) if sentence else ("allowed", True))
    assert sentence == "" or found.sentence.startswith(sentence)
    assert answer(seat, principal.user, about).allowed is True


LAST_WORD = group("all", 1, definitive=True)
BINDS = {"binds": "the budget"}


def last_word(appointment, **facts):
    seat = SeatFactory(
        office=appointment.office, policy__groups=[LAST_WORD], policy__stage="signing"
    )
    return seat, matter(seat.process, facts=facts or BINDS)


@pytest.mark.parametrize(
    ("capacity", "allowed"), [("plt", False), ("plh", False), ("pj", True), ("pjs", True)]
)
def test_mandate_is_not_the_last_word_on_what_binds_the_region(capacity, allowed):
    definitive = AppointmentFactory(office__title="Bupati")
    stand_in = substitute(definitive, capacity)
    seat, about = last_word(definitive)
    found = answer(seat, stand_in.user, about)
    assert found.allowed is allowed
    assert allowed or (found.rule, found.sentence) == (
        "mandate",
        f"{stand_in.title} acts by mandate and cannot be the last to sign what binds "
        "the budget (UU 30/2014, art. 14). The legal section can record a letter that allows it.",
    )


def test_delegate_is_not_the_last_word_on_what_binds_the_region():
    principal = AppointmentFactory()
    seat, about = last_word(principal)
    assert answer(seat, letter(principal).delegate, about).rule == "mandate"
    assert answer(seat, principal.user, about).allowed is True


def test_mandate_is_the_last_word_where_nothing_is_bound():
    stand_in = substitute(AppointmentFactory())
    seat, about = last_word(stand_in, binds="")
    assert answer(seat, stand_in.user, about).allowed is True


def test_mandate_signs_before_the_last_word():
    stand_in = substitute(AppointmentFactory())
    seat = SeatFactory(office=stand_in.office)
    assert answer(seat, stand_in.user, matter(seat.process, facts=BINDS)).allowed is True


@pytest.mark.parametrize(
    ("recorded_at", "allowed"), [("signing", True), ("publication", False), (None, False)]
)
def test_recorded_letter_lets_a_mandate_be_the_last_word_at_its_stage(recorded_at, allowed):
    stand_in = substitute(AppointmentFactory())
    seat, about = last_word(stand_in)
    OverrideFactory()
    if recorded_at:
        OverrideFactory(process=seat.process, stage=recorded_at)
    assert answer(seat, stand_in.user, about).allowed is allowed


# ---- distinct people ----

HEADS = "You have signed in this group already; it counts people, not offices."


@pytest.mark.parametrize("rule", ["n_of_m", "one_per_unit"])
def test_group_that_counts_heads_takes_one_signature_of_a_person(rule):
    first, second, third = held_offices(3)
    seats = seated(group(rule, 3, need=3), members=[[first, second, third]])
    person = holder(seats[0])
    AppointmentFactory(user=person, office=second, capacity="plh", start=today(), end=today())
    sign_as_holder(seats[0])
    assert told(seats[1], person) == (False, "head", HEADS)
    assert person not in eligible(seats[1])


def test_quorum_counts_people_where_the_second_seat_names_one():
    (office,) = held_offices(1)
    person = office.appointments.get().user
    seats = seated(group("n_of_m", 2, need=2), members=[[office, person]])
    sign_as_holder(seats[0])
    assert answer(seats[1], person).rule == "head"


def test_quorum_counts_signatures_that_were_kept():
    first, second = held_offices(2)
    seats = seated(group("n_of_m", 2, need=2), members=[[first, second]])
    person = holder(seats[1])
    kept = SignOffFactory(seat__stage="verification", person=person)
    with acting_as(system_account()):
        Seat.objects.filter(pk=seats[0].pk).update(state=Seat.State.SIGNED, answer=kept)
    assert answer(seats[1], person).rule == "head"


def test_quorum_of_another_task_counts_anew():
    offices = held_offices(2)
    seats = seated(group("n_of_m", 2, need=2), members=[offices])
    again = seated(group("n_of_m", 2, need=2), members=[offices])
    sign_as_holder(seats[0])
    assert answer(again[0], holder(again[0])).allowed is True


def test_quorum_of_another_group_counts_anew():
    first, second = held_offices(2)
    quorum = group("n_of_m", 1, need=1)
    seats = seated(quorum, quorum, members=[[first], [second]])
    person = holder(seats[0])
    AppointmentFactory(user=person, office=second, capacity="plh", start=today(), end=today())
    sign_as_holder(seats[0])
    assert answer(seats[1], person).allowed is True


@pytest.mark.parametrize("rule", ["all", "ordered"])
def test_other_rules_let_one_person_sign_for_two_offices(rule):
    first, second = held_offices(2)
    seats = seated(group(rule, 2), members=[[first, second]])
    person = holder(seats[0])
    AppointmentFactory(user=person, office=second, capacity="plh", start=today(), end=today())
    sign_as_holder(seats[0])
    assert answer(seats[1], person).allowed is True


# ---- who has taken it up ----


def taken_up(seat, person, at="2026-03-10T02:15:00+00:00"):
    with acting_as(system_account()):
        seat.claimed_by, seat.claimed_at = person, datetime.datetime.fromisoformat(at)
        seat.save()


CLAIMED = "Siti Rahayu has been working on this since 09.15; you may take it over."


@time_machine.travel("2026-03-10T03:00:00Z", tick=False)
def test_shared_work_that_a_colleague_has_taken_up_is_theirs():
    seats = seated(group("any", 2))
    colleague = UserFactory(name_plain="Siti Rahayu")
    taken_up(seats[0], colleague)
    for seat in seats:
        found = answer(seat, holder(seat))
        assert (found.allowed, found.rule, found.about_rights) == (False, "claimed", False)
        assert found.sentence == CLAIMED
    standing, here = standing_of(seats[1])
    assert standing.could_sign(here, holder(seats[1])).allowed is True
    assert standing.eligible(here) == [holder(seats[1])]


@time_machine.travel("2026-03-10T03:00:00Z", tick=False)
def test_own_claim_keeps_nobody_from_signing():
    seats = seated(group("any", 2))
    taken_up(seats[0], holder(seats[0]))
    assert answer(seats[0], holder(seats[0])).allowed is True


@time_machine.travel("2026-03-10T03:00:00Z", tick=False)
@pytest.mark.parametrize("rule", ["all", "n_of_m", "one_per_unit"])
def test_claim_of_one_seat_leaves_the_others_of_a_group_that_wants_several(rule):
    seats = seated(group(rule, 2, need=2))
    taken_up(seats[0], UserFactory())
    assert answer(seats[0], holder(seats[0])).rule == "claimed"
    assert answer(seats[1], holder(seats[1])).allowed is True


@pytest.mark.parametrize(
    ("now", "rule"),
    [("2026-03-10T16:59:59Z", "claimed"), ("2026-03-10T17:00:00Z", "allowed")],
)
def test_claim_is_over_at_midnight_of_the_regency(now, rule):
    (seat,) = seated(group("any", 1))
    taken_up(seat, UserFactory())
    with time_machine.travel(now, tick=False):
        assert answer(seat, holder(seat)).rule == rule


# ---- several rights, and the chain as a whole ----


def test_person_with_two_rights_signs_by_the_one_that_no_rule_refuses():
    unit = UnitFactory()
    barred = AppointmentFactory(office__unit=unit, office__title="A")
    own = AppointmentFactory(office__unit=unit, office__title="B")
    letter(barred, delegate=own.user)
    seat = SeatFactory(office=None, unit=unit)
    about = matter(seat.process, conflict=barred.user)
    assert answer(seat, own.user, about).authority.appointment == own
    assert eligible(seat, about) == [own.user]


def test_earlier_signer_is_asked_again_without_counting_heads_or_last_words():
    quorum = group("n_of_m", 2, need=2, definitive=True)
    earlier = seated(quorum)
    signed = [sign_as_holder(seat).sign_off for seat in earlier]
    seats = seated(group("all", 1), again=signed, task=TaskFactory(process=earlier[0].process))
    (again, *_others) = seats
    assert group_of(again).rule == "all"
    about = matter(again.process, facts=BINDS)
    assert answer(again, holder(again), about).allowed is True


def test_exclusions_of_who_is_asked_again_are_those_signed_under():
    earlier = seated(group("all", 1), exclusions=["drafter"])
    signed = sign_as_holder(earlier[0]).sign_off
    seats = seated(group("all", 1), again=[signed], task=TaskFactory(process=earlier[0].process))
    about = {"drafter": holder(seats[0])}
    assert answer(seats[0], holder(seats[0]), matter(**about)).rule == "drafter"
    assert list(EXCLUSIONS) == seats[1].policy.exclusions


@pytest.mark.parametrize("size", [1, 5])
def test_answers_for_a_whole_stage_cost_the_same_at_any_size(size, django_assert_num_queries):
    seats = seated(group("n_of_m", size, need=1))
    standing, _here = standing_of(seats[0])
    people = [holder(seat) for seat in seats]
    with django_assert_num_queries(2):
        found = [standing.answer(s, p) for s in standing.seats for p in people]
    assert sum(one.allowed for one in found) == size
