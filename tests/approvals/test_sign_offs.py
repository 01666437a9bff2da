"""Answering a seat."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.acting import NoTransaction, acting_as
from accounts.models import User
from accounts.offices import end_appointment, today
from approvals.models import Remark, Seat, SignOff
from approvals.refusals import Claimed, NotAllowed, Refused
from approvals.sign_offs import sign
from approvals.standing import Answer, refusal_of
from tests.accounts.factories import AppointmentFactory, DelegationFactory, UserFactory
from tests.approvals.factories import (
    APPROVE,
    RECUSE,
    REJECT,
    RETURN,
    group,
    held_offices,
    holder,
    matter,
    policy_of,
    seated,
    seats_of,
    sign_as,
    sign_as_holder,
    standing_of,
    written,
)

pytestmark = [pytest.mark.integration, pytest.mark.django_db, pytest.mark.usefixtures("english")]
WAITING, OPEN, SIGNED, RECUSED, CLOSED = "waiting", "open", "signed", "recused", "closed"
ALL, ANY, QUORUM = group("all", 2), group("any", 2), group("n_of_m", 3, need=2)
ORDERED, ONE = group("ordered", 2), group("all", 1)


def states(seats):
    return [seat.state for seat in seats_of(seats[0].task)]


def rounds(seats):
    return [seat.round for seat in seats_of(seats[0].task)]


# ---- answering ----


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
        ([QUORUM], [(2, RECUSE), (0, APPROVE)], [SIGNED, OPEN, RECUSED], None),
        ([QUORUM], [(2, RECUSE), (0, APPROVE), (1, APPROVE)], [SIGNED, SIGNED, RECUSED], APPROVE),
        ([QUORUM], [(2, RECUSE), (0, RETURN)], [SIGNED, OPEN, RECUSED], None),
        ([ORDERED], [(0, APPROVE)], [SIGNED, OPEN], None),
        ([ORDERED], [(0, RECUSE)], [RECUSED, WAITING], None),
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
    with pytest.raises(Refused, match=r"This seat is no longer open\.") as refusal:
        sign_as_holder(seats[0], REJECT)
    assert (type(refusal.value), refusal.value.status) == (Refused, 409)
    assert states(seats) == [CLOSED, SIGNED, OPEN]


def test_answer_is_given_on_the_facts_of_its_moment():
    groups = [ONE, group("all", 1, when=[{"fact": "amount", "at_least": "100"}])]
    seats = seated(*groups, about=matter(facts={"amount": 1}))
    assert states(seats) == [OPEN, CLOSED]
    signed = sign_as_holder(seats[0], about=matter(facts={"amount": 100}))
    assert (signed.result, states(seats)) == (None, [SIGNED, OPEN])


def test_sign_off_keeps_what_the_signer_was_and_saw():
    appointment = AppointmentFactory(
        office__title="Sekretaris Daerah",
        capacity="plh",
        start=today(),
        end=today(),
        basis_number="800.1.3.3/014/BKPSDM/2026",
    )
    (seat,) = seated(ONE, members=[[appointment.office]])
    moment = datetime.datetime(2026, 3, 10, 1, 2, 3, tzinfo=datetime.UTC)
    signed = sign_as(
        appointment.user,
        seat,
        RETURN,
        note="Angka dasar belum ada.",
        remarks=[("alignment", "Isi angka dasar."), ("", "Periksa judul.")],
        at=moment,
    )
    kept = SignOff.objects.get()
    assert kept == signed.sign_off == Seat.objects.get().answer
    assert (kept.person, kept.capacity, kept.basis) == (
        appointment.user,
        "Plh. Sekretaris Daerah",
        "800.1.3.3/014/BKPSDM/2026",
    )
    assert (kept.outcome, kept.note, kept.decided_at) == (RETURN, "Angka dasar belum ada.", moment)
    assert (kept.round, kept.content_hash) == (1, written().digest)
    assert kept.section_hashes == written().hashes
    assert list(kept.remarks.values_list("section", "text", "resolved_at")) == [
        ("alignment", "Isi angka dasar.", None),
        ("", "Periksa judul.", None),
    ]
    assert kept.history.get().history_user == appointment.user


def test_signature_binds_what_its_policy_covers():
    (seat,) = seated(ONE, covers=["design"])
    kept = sign_as_holder(seat).sign_off
    assert kept.section_hashes == {"design": written().hashes["design"]}


def test_delegate_signs_on_behalf_of_the_principal_by_the_letter():
    letter = DelegationFactory(
        principal__office__title="Kepala Dinas",
        start=today(),
        end=today(),
        basis_number="SK-7",
    )
    AppointmentFactory(user=letter.delegate, office__title="Sekretaris Dinas")
    (seat,) = seated(ONE, members=[[letter.principal.office]])
    kept = sign_as(letter.delegate, seat).sign_off
    assert (kept.capacity, kept.basis) == ("a.n. Kepala Dinas, Sekretaris Dinas", "SK-7")


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


@pytest.mark.parametrize("relation", ["initiator", "co_initiator", "conflict"])
def test_excluded_person_does_not_sign_and_nothing_is_written(relation):
    (seat,) = seated(ONE)
    person = holder(seat)
    with pytest.raises(NotAllowed) as refusal:
        sign_as(person, seat, about=matter(**{relation: person}))
    assert refusal.value.status == 403
    assert states([seat]) == [OPEN]
    assert not SignOff.objects.exists()


def test_answer_that_is_none_is_not_written():
    (seat,) = seated(ONE)
    with pytest.raises(ValueError, match="maybe"), transaction.atomic():
        sign_as_holder(seat, "maybe")
    assert states([seat]) == [OPEN]
    assert not SignOff.objects.exists()


def test_second_answer_to_a_seat_read_too_early_is_refused_by_the_database():
    (seat,) = seated(ONE)
    standing, read_too_early = standing_of(seat)
    allowed = standing.answer(read_too_early, holder(seat))
    sign_as_holder(seat)
    with pytest.raises(IntegrityError), transaction.atomic():
        sign(
            holder(seat),
            read_too_early,
            REJECT,
            standing=standing,
            answer=allowed,
            policy=policy_of(standing.seats),
            content=written(),
            at=datetime.datetime.now(datetime.UTC),
        )
    assert SignOff.objects.get().outcome == APPROVE
    assert Remark.objects.count() == 0


@pytest.mark.parametrize(
    ("rule", "kind", "status"),
    [
        ("initiator", NotAllowed, 403),
        ("principal:conflict", NotAllowed, 403),
        ("not_theirs", NotAllowed, 403),
        ("scope", NotAllowed, 403),
        ("mandate", NotAllowed, 403),
        ("head", NotAllowed, 403),
        ("turn", Refused, 409),
        ("over", Refused, 409),
        ("not_asked", Refused, 409),
        ("claimed", Claimed, 409),
    ],
)
def test_refusal_is_about_a_right_or_about_the_moment(rule, kind, status):
    refusal = refusal_of(Answer(False, rule, "No."))
    assert (type(refusal), refusal.status, refusal.sentence) == (kind, status, "No.")


# ---- the rest ----


@pytest.mark.django_db(transaction=True)
def test_signing_outside_a_transaction_fails():
    with pytest.raises(NoTransaction):
        sign(User(), Seat(), APPROVE)


def test_signing_costs_few_queries(django_assert_max_num_queries):
    seats = seated(group("n_of_m", 5, need=3), members=[held_offices(5)])
    standing, here = standing_of(seats[0])
    person = holder(here)
    # PostgreSQL is told who writes.
    told = connection.vendor == "postgresql"
    with django_assert_max_num_queries(8 + told):
        sign(
            person,
            here,
            APPROVE,
            standing=standing,
            answer=standing.answer(here, person),
            policy=policy_of(seats),
            content=written(),
            at=datetime.datetime.now(datetime.UTC),
        )
