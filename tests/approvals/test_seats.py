"""Opening the seats of a stage, taking one up, giving one to somebody else, closing them."""

import datetime
from datetime import date

import pytest
import time_machine

from accounts.acting import NoTransaction, acting_as
from accounts.models import User
from approvals.models import Seat
from approvals.refusals import Claimed, NotAllowed, Refused
from approvals.seats import (
    READ_AT,
    Place,
    claim,
    close_seats,
    move_seat,
    open_seats,
    rearrange,
    release_claim,
    seats_of_stage,
)
from tests.accounts.factories import UnitFactory, UserFactory
from tests.approvals.factories import (
    APPROVE,
    RECUSE,
    RETURN,
    PolicyFactory,
    SeatFactory,
    SignOffFactory,
    TaskFactory,
    group,
    held_offices,
    holder,
    matter,
    policy_of,
    seated,
    seats_of,
    sign_as_holder,
    standing_of,
)

pytestmark = [pytest.mark.integration, pytest.mark.django_db, pytest.mark.usefixtures("english")]
WAITING, OPEN, SIGNED, RECUSED, CLOSED = "waiting", "open", "signed", "recused", "closed"
ALL, ANY, QUORUM = group("all", 2), group("any", 2), group("n_of_m", 3, need=2)
ORDERED, ONE = group("ordered", 2), group("all", 1)
NOW = datetime.datetime(2026, 3, 10, 1, tzinfo=datetime.UTC)


def states(seats):
    return [seat.state for seat in seats_of(seats[0].task)]


# ---- opening ----


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ([ONE], [OPEN]),
        ([ALL], [OPEN, OPEN]),
        ([ANY], [OPEN, OPEN]),
        ([QUORUM], [OPEN, OPEN, OPEN]),
        ([ORDERED], [OPEN, WAITING]),
        ([ALL, ONE], [OPEN, OPEN, WAITING]),
        ([ONE, ORDERED], [OPEN, WAITING, WAITING]),
        ([ORDERED, ALL], [OPEN, WAITING, WAITING, WAITING]),
    ],
)
def test_seats_open_whose_turn_it_is(groups, expected):
    assert states(seated(*groups)) == expected


@time_machine.travel("2026-03-09T16:59:59Z", tick=False)
def test_open_seat_is_due_by_the_working_days_of_its_policy():
    first, second = seated(ORDERED, working_days=5)
    now = datetime.datetime(2026, 3, 9, 16, 59, 59, tzinfo=datetime.UTC)
    assert (first.opened_at, first.due) == (now, date(2026, 3, 16))
    assert (second.opened_at, second.due) == (None, None)


@time_machine.travel("2026-03-09T17:00:00Z", tick=False)
def test_due_day_counts_from_the_day_of_the_regency():
    assert seated(ONE, working_days=5)[0].due == date(2026, 3, 17)


def test_seats_carry_what_lists_show_and_say_whose_turn_it_is(system):
    policy = PolicyFactory(stage="trial", groups=[ORDERED, ONE, ONE])
    offices, person, unit = held_offices(2), UserFactory(), UnitFactory()
    task = TaskFactory()
    places = [
        [Place("jabatan-0", offices[0]), Place("jabatan-1", offices[1])],
        [Place("@initiator", person)],
        [Place("unit:dinkes", unit)],
    ]
    about = {"case_code": "INV-2026-0042", "case_title": "Pala"}
    opened = open_seats(system, task, policy, places, matter=matter(task.process), **about)
    seats = seats_of(task)
    assert (opened.seats, opened.turn, opened.result) == (seats, seats[:1], None)
    assert [(s.group, s.position, s.member, s.office, s.person, s.unit) for s in seats] == [
        (0, 0, "jabatan-0", offices[0], None, None),
        (0, 1, "jabatan-1", offices[1], None, None),
        (1, 0, "@initiator", None, person, None),
        (2, 0, "unit:dinkes", None, None, unit),
    ]
    assert {(s.process_id, s.policy, s.stage, s.case_code, s.case_title) for s in seats} == {
        (task.process_id, policy, "trial", "INV-2026-0042", "Pala")
    }
    assert {s.history.get().history_user for s in seats} == {system}


def opened_with_kept(system, *kept):
    """A stage of two groups of one that opens where these signatures were given earlier."""
    task, policy = TaskFactory(), PolicyFactory(groups=[ONE for _ in kept])
    places = [
        [Place("jabatan-0", held_offices(1)[0], SignOffFactory() if one else None)] for one in kept
    ]
    about = {"case_code": "x", "case_title": "x"}
    return open_seats(system, task, policy, places, matter=matter(), **about)


@pytest.mark.parametrize(
    ("kept", "expected", "result"),
    [
        ([True, False], [SIGNED, OPEN], None),
        ([False, True], [OPEN, SIGNED], None),
        ([True, True], [SIGNED, SIGNED], APPROVE),
    ],
)
def test_signatures_that_still_count_are_not_asked_for(kept, expected, result, system):
    opened = opened_with_kept(system, *kept)
    stored = seats_of(opened.seats[0].task)
    assert [seat.state for seat in stored] == expected
    assert [seat.answer is not None for seat in stored] == kept
    assert [seat.state for seat in opened.turn] == [OPEN] * (result is None)
    assert opened.result == result


def test_seat_of_who_is_asked_again_is_like_the_one_that_was_signed():
    earlier = SignOffFactory(
        seat__stage="trial", seat__member="@laboratory_head", seat__group=2, seat__position=3
    )
    again, own = seated(ONE, again=[earlier])
    signed = earlier.seat
    assert (again.reconfirms, again.policy, again.stage, again.member, again.office) == (
        earlier,
        signed.policy,
        "trial",
        "@laboratory_head",
        signed.office,
    )
    assert (again.group, again.position, again.state, again.round) == (0, 0, OPEN, 1)
    assert (own.state, own.reconfirms) == (WAITING, None)


def test_conditional_group_is_opened_by_the_facts():
    when = [{"fact": "pillar", "any_of": ["health"]}]
    groups = [group("all", 1, when=when), ONE]
    assert states(seated(*groups, about=matter(facts={"pillar": {"food"}}))) == [CLOSED, OPEN]
    assert states(seated(*groups, about=matter(facts={"pillar": {"health"}}))) == [OPEN, WAITING]


def test_stage_is_read_in_one_query_with_its_moment(django_assert_num_queries):
    seats = seated(ALL)
    sign_as_holder(seats[0])
    with django_assert_num_queries(1), time_machine.travel(NOW, tick=False):
        read = seats_of_stage(seats[0].task_id)
        shown = [(str(seat.policy), seat.holder_label) for seat in read]
        signers = [seat.answer.person_id for seat in read if seat.answer]
    assert (len(shown), signers) == (2, [holder(seats[0]).pk])
    assert {getattr(seat, READ_AT) for seat in read} == {NOW}


# ---- taking up ----


def take(person, seat, *, take_over=False, at=NOW, about=None):
    with time_machine.travel(at, tick=False):
        standing, here = standing_of(seat, about)
        claim(person, here, standing, at=at, take_over=take_over)


def claims(*seats):
    return [Seat.objects.get(pk=seat.pk).claimed_by for seat in seats]


def test_seat_is_taken_up_for_today(system):
    (seat,) = seated(group("any", 1))
    take(holder(seat), seat)
    stored = Seat.objects.get()
    assert (stored.claimed_by, stored.claimed_at) == (holder(seat), NOW)
    assert {version.history_user for version in stored.history.all()} == {holder(seat), system}


def test_taking_up_again_changes_nothing():
    (seat,) = seated(group("any", 1))
    for hour in (1, 2):
        take(holder(seat), seat, at=NOW.replace(hour=hour))
    assert Seat.objects.get().claimed_at == NOW
    assert seat.history.count() == 2


def test_taking_up_on_another_day_is_of_that_day():
    (seat,) = seated(group("any", 1))
    for day in (10, 11):
        take(holder(seat), seat, at=NOW.replace(day=day))
    assert Seat.objects.get().claimed_at == NOW.replace(day=11)


def test_first_colleague_is_told_it_is_theirs_and_the_second_who_was_first():
    seats = seated(ANY)
    take(holder(seats[0]), seats[0])
    with pytest.raises(Claimed, match="has been working on this since 08.00") as refusal:
        take(holder(seats[1]), seats[1])
    assert refusal.value.status == 409
    assert claims(*seats) == [holder(seats[0]), None]


def test_taking_over_leaves_the_colleague_without_it():
    seats = seated(ANY)
    take(holder(seats[0]), seats[0])
    take(holder(seats[1]), seats[1], take_over=True)
    assert claims(*seats) == [None, holder(seats[1])]
    with pytest.raises(Claimed):
        take(holder(seats[0]), seats[0])


def test_taking_over_needs_the_right_to_sign():
    seats = seated(ANY)
    take(holder(seats[0]), seats[0])
    with pytest.raises(NotAllowed, match="signs for this seat"):
        take(UserFactory(), seats[1], take_over=True)
    with pytest.raises(NotAllowed, match="nobody signs on their own innovation"):
        take(holder(seats[1]), seats[1], take_over=True, about=matter(initiator=holder(seats[1])))
    assert claims(*seats) == [holder(seats[0]), None]


def test_taking_over_needs_no_claim_before():
    seats = seated(ANY)
    take(holder(seats[1]), seats[1], take_over=True)
    assert claims(*seats) == [None, holder(seats[1])]


@pytest.mark.parametrize("rule", ["all", "n_of_m", "one_per_unit"])
def test_colleagues_who_all_have_to_sign_work_side_by_side(rule):
    seats = seated(group(rule, 2, need=2))
    for seat in seats:
        take(holder(seat), seat)
    assert claims(*seats) == [holder(seat) for seat in seats]


def test_earlier_signer_and_the_stages_own_do_not_take_each_others_work():
    earlier = [sign_as_holder(seat).sign_off for seat in seated(ALL)]
    seats = [seat for seat in seated(ANY, again=earlier) if seat.reconfirms]
    for seat in seats:
        take(holder(seat), seat)
    assert claims(*seats) == [holder(seat) for seat in seats]


@pytest.mark.parametrize("state", [WAITING, CLOSED, RECUSED])
def test_seat_that_is_not_open_is_taken_up_by_nobody_now(state, system):
    appointment = held_offices(1)[0].appointments.get()
    seat = SeatFactory(office=appointment.office, state=state)
    with pytest.raises(Refused) as refusal:
        take(appointment.user, seat)
    assert (type(refusal.value), refusal.value.status) == (Refused, 409)


def test_claim_that_is_given_back_is_free(system):
    (seat,) = seated(group("any", 1))
    take(holder(seat), seat)
    release_claim(system, Seat.objects.get())
    stored = Seat.objects.get()
    assert (stored.claimed_by, stored.claimed_at) == (None, None)


# ---- moving, arranging, closing ----


def test_seat_that_is_given_to_somebody_else_is_asked_in_a_new_round(system):
    seats = seated(ONE)
    sign_as_holder(seats[0], RECUSE)
    (office,) = held_offices(1)
    standing, here = standing_of(seats[0])
    move_seat(system, here, office, because="Berhalangan.")
    assert rearrange(system, standing.seats, policy_of(seats), standing.matter) is None
    stored = Seat.objects.get()
    assert (stored.office, stored.round, stored.answer, stored.state) == (office, 2, None, OPEN)
    assert stored.moved_because == "Berhalangan."
    assert stored.due is not None
    assert sign_as_holder(stored).result == APPROVE


def test_seat_that_nobody_answered_moves_within_its_round(system):
    (seat,) = seated(ONE)
    take(holder(seat), seat)
    person = UserFactory()
    move_seat(system, Seat.objects.get(), person, because="Kosong.")
    stored = Seat.objects.get()
    assert (stored.office, stored.person, stored.round, stored.state) == (None, person, 1, WAITING)
    assert (stored.claimed_by, stored.claimed_at) == (None, None)


def test_arranging_anew_saves_only_what_changes(system):
    seats = seated(ALL, ONE)
    assert rearrange(system, seats_of(seats[0].task), policy_of(seats), matter()) is None
    assert [seat.history.count() for seat in seats] == [1, 1, 1]


def test_open_and_waiting_seats_are_closed_and_answered_ones_stay(system):
    seats, others = seated(ALL, ORDERED), seated(ONE)
    sign_as_holder(seats[0])
    close_seats(system, seats[0].task)
    assert states(seats) == [SIGNED, CLOSED, CLOSED, CLOSED]
    assert states(others) == [OPEN]
    assert seats[1].history.first().history_user == system


def test_closing_twice_makes_one_version(system):
    seats = seated(ALL)
    for _ in range(2):
        close_seats(system, seats[0].task)
    assert [seat.history.count() for seat in seats] == [2, 2]


def test_returned_stage_leaves_no_open_seat():
    seats = seated(ALL, ONE)
    sign_as_holder(seats[0], RETURN)
    assert states(seats) == [SIGNED, CLOSED, CLOSED]


@pytest.mark.django_db(transaction=True)
def test_verbs_need_the_transaction_of_their_caller():
    for act, arguments in ((release_claim, [Seat()]), (close_seats, [None])):
        with pytest.raises(NoTransaction):
            act(User(), *arguments)


def test_writes_need_an_actor(system):
    seat = SeatFactory()
    with acting_as(system):
        seat.save()
    assert seat.history.count() == 2
