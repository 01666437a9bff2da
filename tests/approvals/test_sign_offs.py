import datetime
from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.acting import acting_as
from accounts.offices import end_appointment, today
from approvals.models import Remark, Seat, SignOff
from approvals.refusals import NotAllowed
from approvals.sign_offs import close_seats, open_seats, sign
from tests.accounts.factories import AppointmentFactory, UserFactory
from tests.approvals.factories import (
    APPROVE,
    REJECT,
    RETURN,
    SEEN,
    PolicyFactory,
    TaskFactory,
    group,
    held_offices,
    holder,
    seated,
    seats_of,
    sign_as_holder,
)

pytestmark = [pytest.mark.integration, pytest.mark.django_db, pytest.mark.usefixtures("english")]
WAITING, OPEN, SIGNED, CLOSED = "waiting", "open", "signed", "closed"
ALL, ANY, QUORUM = group("all", 2), group("any", 2), group("n_of_m", 3, need=2)
ORDERED, ONE = group("ordered", 2), group("all", 1)


def states(seats):
    return [seat.state for seat in seats_of(seats[0].task)]


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


def test_seats_carry_what_lists_show_and_return_the_open_ones(system):
    task, policy = TaskFactory(), PolicyFactory(stage="trial", groups=[ORDERED, ONE])
    offices, person = held_offices(2), UserFactory()
    opened = open_seats(
        system, task, policy, [offices, [person]], case_code="INV-2026-0042", case_title="Pala"
    )
    seats = seats_of(task)
    assert opened == seats[:1]
    places = [(s.group, s.position, s.office, s.person) for s in seats]
    assert places == [
        (0, 0, offices[0], None),
        (0, 1, offices[1], None),
        (1, 0, None, person),
    ]
    assert {(s.process_id, s.policy, s.stage, s.case_code, s.case_title) for s in seats} == {
        (task.process_id, policy, "trial", "INV-2026-0042", "Pala")
    }
    assert {s.history.get().history_user for s in seats} == {system}


@pytest.mark.parametrize(
    ("groups", "counts", "sentence"),
    [
        ([ALL, ONE], [2], "verification: the policy has 2 groups, but 1 were asked."),
        ([ONE], [1, 1], "verification: the policy has 1 groups, but 2 were asked."),
        ([ALL, ONE], [2, 0], "verification: 1 must sign, but only 0 can be asked."),
        ([ANY], [0], "verification: 1 must sign, but only 0 can be asked."),
        ([QUORUM], [1], "verification: 2 must sign, but only 1 can be asked."),
    ],
)
def test_stage_that_nobody_could_satisfy_is_not_opened(groups, counts, sentence, system):
    policy = PolicyFactory(groups=groups)
    members = [held_offices(count) for count in counts]
    with pytest.raises(ValidationError) as refusal:
        open_seats(system, TaskFactory(), policy, members, case_code="x", case_title="x")
    assert refusal.value.messages == [sentence]
    assert not Seat.objects.exists()


@pytest.mark.parametrize(
    ("groups", "answers", "expected", "result"),
    [
        ([ONE], [(0, APPROVE)], [SIGNED], APPROVE),
        ([ONE], [(0, RETURN)], [SIGNED], RETURN),
        ([ALL], [(1, APPROVE)], [OPEN, SIGNED], None),
        ([ALL], [(1, APPROVE), (0, APPROVE)], [SIGNED, SIGNED], APPROVE),
        ([ALL], [(0, REJECT)], [SIGNED, CLOSED], REJECT),
        ([ANY], [(1, APPROVE)], [CLOSED, SIGNED], APPROVE),
        ([ANY], [(1, RETURN)], [CLOSED, SIGNED], RETURN),
        ([QUORUM], [(2, APPROVE)], [OPEN, OPEN, SIGNED], None),
        ([QUORUM], [(2, APPROVE), (0, APPROVE)], [SIGNED, CLOSED, SIGNED], APPROVE),
        ([QUORUM], [(2, RETURN), (0, APPROVE)], [SIGNED, OPEN, SIGNED], None),
        ([QUORUM], [(2, RETURN), (0, RETURN)], [SIGNED, CLOSED, SIGNED], RETURN),
        ([ORDERED], [(0, APPROVE)], [SIGNED, OPEN], None),
        ([ORDERED], [(0, APPROVE), (1, APPROVE)], [SIGNED, SIGNED], APPROVE),
        ([ORDERED], [(0, "send_back")], [SIGNED, CLOSED], "send_back"),
        ([ALL, ONE], [(0, APPROVE)], [SIGNED, OPEN, WAITING], None),
        ([ALL, ONE], [(0, APPROVE), (1, APPROVE)], [SIGNED, SIGNED, OPEN], None),
        ([ALL, ONE], [(1, RETURN)], [CLOSED, SIGNED, CLOSED], RETURN),
        ([ANY, ONE], [(1, APPROVE)], [CLOSED, SIGNED, OPEN], None),
        ([ANY, ONE], [(1, APPROVE), (2, APPROVE)], [CLOSED, SIGNED, SIGNED], APPROVE),
        ([ANY, ONE], [(1, APPROVE), (2, RETURN)], [CLOSED, SIGNED, SIGNED], RETURN),
        (
            [QUORUM, ORDERED],
            [(0, APPROVE), (1, APPROVE)],
            [SIGNED, SIGNED, CLOSED, OPEN, WAITING],
            None,
        ),
        (
            [QUORUM, ORDERED],
            [(0, APPROVE), (1, APPROVE), (3, APPROVE), (4, APPROVE)],
            [SIGNED, SIGNED, CLOSED, SIGNED, SIGNED],
            APPROVE,
        ),
    ],
)
def test_answers_move_the_seats_and_amount_to_a_result(groups, answers, expected, result):
    seats = seated(*groups)
    for place, outcome in answers:
        signed = sign_as_holder(seats[place], outcome)
    assert signed.result == result
    assert states(seats) == expected
    assert SignOff.objects.count() == len(answers)


def test_next_seat_is_returned_open_and_due():
    seats = seated(ONE, ORDERED)
    signed = sign_as_holder(seats[0])
    assert signed.opened == seats[1:2]
    following = Seat.objects.get(pk=seats[1].pk)
    assert (following.state, following.due is not None) == (OPEN, True)
    assert following.opened_at is not None


def test_answer_that_changes_no_turn_opens_nothing():
    assert sign_as_holder(seated(ALL, ONE)[0]).opened == []


def test_satisfied_group_cannot_be_overturned_by_a_late_answer():
    seats = seated(ANY, ONE)
    sign_as_holder(seats[1])
    with pytest.raises(NotAllowed, match=r"This seat is no longer open\."):
        sign_as_holder(seats[0], REJECT)
    assert states(seats) == [CLOSED, SIGNED, OPEN]


def test_sign_off_keeps_what_the_signer_was_and_saw():
    appointment = AppointmentFactory(
        office__title="Sekretaris Daerah",
        capacity="plh",
        start=today(),
        end=today(),
        basis_number="800.1.3.3/014/BKPSDM/2026",
    )
    (seat,) = seated(ONE, members=[[appointment.office]])
    signed = sign(
        appointment.user,
        seat,
        RETURN,
        excluded={},
        note="Angka dasar belum ada.",
        remarks=[("alignment", "Isi angka dasar."), ("", "Periksa judul.")],
        content_hash="a" * 64,
    )
    kept = SignOff.objects.get()
    assert kept == signed.sign_off == Seat.objects.get().sign_off
    assert (kept.person, kept.capacity, kept.basis) == (
        appointment.user,
        "Plh. Sekretaris Daerah",
        "800.1.3.3/014/BKPSDM/2026",
    )
    assert (kept.outcome, kept.note, kept.content_hash) == (
        RETURN,
        "Angka dasar belum ada.",
        "a" * 64,
    )
    assert list(kept.remarks.values_list("section", "text", "resolved_at")) == [
        ("alignment", "Isi angka dasar.", None),
        ("", "Periksa judul.", None),
    ]
    assert kept.history.get().history_user == appointment.user


def test_snapshot_outlives_the_appointment(system):
    appointment = AppointmentFactory(office__title="Kepala Bagian Hukum")
    (seat,) = seated(ONE, members=[[appointment.office]])
    sign_as_holder(seat)
    end_appointment(system, appointment, last_day=appointment.start)
    with acting_as(system):
        appointment.office.title = "Kepala Biro Hukum"
        appointment.office.save()
    kept = SignOff.objects.get()
    assert (kept.capacity, kept.person) == ("Kepala Bagian Hukum", appointment.user)


def test_named_person_signs_under_the_own_name():
    person = UserFactory(name_plain="Siti Rahayu", title_prefix="dr.")
    (seat,) = seated(ONE, members=[[person]])
    kept = sign_as_holder(seat).sign_off
    assert (kept.capacity, kept.basis) == ("dr. Siti Rahayu", "")


@pytest.mark.parametrize("relation", ["initiator", "co_initiator"])
def test_own_innovation_is_not_signed_and_nothing_is_written(relation):
    (seat,) = seated(ONE)
    person = holder(seat)
    with pytest.raises(NotAllowed, match="nobody signs on their own innovation") as refusal:
        sign(person, seat, APPROVE, excluded={person.pk: relation}, content_hash=SEEN)
    assert refusal.value.status == 403
    assert states([seat]) == [OPEN]
    assert not SignOff.objects.exists()


def test_answer_that_is_none_is_not_written():
    (seat,) = seated(ONE)
    with pytest.raises(ValueError, match="maybe"):
        sign_as_holder(seat, "maybe")
    assert states([seat]) == [OPEN]
    assert not SignOff.objects.exists()


def test_second_answer_to_a_seat_read_too_early_is_refused_by_the_database():
    (seat,) = seated(ONE)
    read_too_early = Seat.objects.get(pk=seat.pk)
    sign_as_holder(seat)
    with pytest.raises(IntegrityError), transaction.atomic():
        sign(holder(seat), read_too_early, REJECT, excluded={}, content_hash=SEEN)
    assert SignOff.objects.get().outcome == APPROVE
    assert Remark.objects.count() == 0


def test_open_and_waiting_seats_are_closed_and_signed_ones_stay(system):
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


def test_signing_costs_few_queries(django_assert_max_num_queries):
    seats = seated(group("n_of_m", 5, need=3))
    person, seat = holder(seats[0]), Seat.objects.select_related("policy").get(pk=seats[0].pk)
    with django_assert_max_num_queries(9):
        sign(person, seat, APPROVE, excluded={}, content_hash=SEEN)
