"""The chain of rules, one after the other: who may sign a seat now, and in words why or why not."""

import datetime
from datetime import date

import pytest
import time_machine

from approvals.models import Outcome, Seat
from tests.accounts.factories import (
    AppointmentFactory,
    OfficeFactory,
    UnitFactory,
    UserFactory,
)
from tests.approvals.asking import answer, eligible, letter, substitute, told
from tests.approvals.factories import (
    RECUSE,
    SeatFactory,
    SignOffFactory,
    TaskFactory,
    group,
    holder,
    matter,
    seated,
)

pytestmark = [pytest.mark.integration, pytest.mark.django_db, pytest.mark.usefixtures("english")]
OWN = {
    "initiator": "You are the initiator or its caretaker: nobody signs on their own innovation.",
    "co_initiator": "You are a co-initiator: nobody signs on their own innovation.",
    "initiator_unit": (
        "You work in the initiator's unit; this stage wants somebody from another unit."
    ),
    "drafter": "You drafted the instrument; this stage wants somebody who did not.",
    "conflict": "You declared a conflict of interest and stepped back from this innovation.",
}
PRINCIPALS = {
    "initiator": "Siti Rahayu, for whom you would sign, is the initiator or its caretaker.",
    "co_initiator": "Siti Rahayu, for whom you would sign, is a co-initiator.",
    "initiator_unit": "Siti Rahayu, for whom you would sign, works in the initiator's unit.",
    "drafter": "Siti Rahayu, for whom you would sign, drafted the instrument.",
    "conflict": (
        "Siti Rahayu, for whom you would sign, has stepped back from this innovation "
        "for a conflict of interest."
    ),
}
NO_SUBSTITUTE = " What the principal may not do here, a substitute may not do either."
every_exclusion = pytest.mark.parametrize("name", sorted(OWN))


# ---- whose seat it is ----


def test_holder_signs_in_the_capacity_of_the_office():
    appointment = AppointmentFactory(office__title="Sekretaris Daerah", basis_number="SK-1")
    found = answer(SeatFactory(office=appointment.office), appointment.user)
    assert (found.allowed, found.rule) == (True, "allowed")
    assert found.sentence == "You may sign as Sekretaris Daerah, by letter SK-1."
    assert found.authority is not None
    assert found.authority.appointment == appointment


def test_named_person_signs_without_an_office():
    person = UserFactory()
    found = answer(SeatFactory(office=None, person=person), person)
    assert (found.allowed, found.authority) == (True, None)
    assert found.sentence == "It is addressed to you by name."


def test_everybody_who_holds_an_office_of_the_unit_signs_its_seat():
    unit = UnitFactory(name="Dinas Kesehatan")
    head, clerk = AppointmentFactory.create_batch(2, office__unit=unit)
    seat = SeatFactory(office=None, unit=unit)
    assert answer(seat, head.user).authority.appointment == head
    assert answer(seat, clerk.user).authority.appointment == clerk
    assert eligible(seat) == [head.user, clerk.user]
    first, others = told(seat, UserFactory()), eligible(seat)
    assert first == (
        False,
        "not_theirs",
        f"Today {others[0]} ({head.office.title}) or one of 1 others signs for it.",
    )


def test_unit_without_holders_is_signed_by_nobody():
    unit = UnitFactory(name="Dinas Kesehatan")
    OfficeFactory(unit=unit)
    seat = SeatFactory(office=None, unit=unit)
    assert told(seat, UserFactory()) == (
        False,
        "not_theirs",
        "Nobody holds an office of Dinas Kesehatan today.",
    )
    assert eligible(seat) == []


def test_vacant_office_is_signed_by_nobody():
    seat = SeatFactory(office__title="Kepala Bagian Hukum")
    nobody = (False, "not_theirs", "Nobody holds the office Kepala Bagian Hukum today.")
    assert told(seat, UserFactory()) == nobody


def test_office_of_a_deactivated_person_is_vacant():
    gone = AppointmentFactory(user__is_active=False, office__title="Kepala Bagian Hukum")
    seat = SeatFactory(office=gone.office)
    assert told(seat, gone.user)[2] == "Nobody holds the office Kepala Bagian Hukum today."
    assert eligible(seat) == []


def test_wrong_person_is_told_who_signs():
    appointment = AppointmentFactory(
        user__name_plain="Siti Rahayu", office__title="Kepala Bagian Hukum"
    )
    assert told(SeatFactory(office=appointment.office), UserFactory()) == (
        False,
        "not_theirs",
        "Today Siti Rahayu signs for this seat, as Kepala Bagian Hukum.",
    )


def test_wrong_person_is_told_whom_the_seat_names():
    seat = SeatFactory(office=None, person=UserFactory(name_plain="Siti Rahayu"))
    assert told(seat, UserFactory()) == (False, "not_theirs", "This is for Siti Rahayu.")


def test_deactivated_person_signs_nothing():
    person = UserFactory(is_active=False, name_plain="Siti Rahayu")
    seat = SeatFactory(office=None, person=person)
    assert told(seat, person) == (False, "not_theirs", "This is for Siti Rahayu.")
    assert eligible(seat) == []


def test_substitute_signs_in_place_of_the_holder():
    definitive = AppointmentFactory(office__title="Sekretaris Daerah")
    stand_in = substitute(definitive, user__name_plain="Siti Rahayu")
    seat = SeatFactory(office=definitive.office)
    assert answer(seat, stand_in.user).authority.capacity == "Plh. Sekretaris Daerah"
    assert told(seat, definitive.user)[2] == (
        "Today Siti Rahayu signs for this seat, as Plh. Sekretaris Daerah."
    )


def test_delegate_signs_on_behalf_of_the_holder_who_may_still_sign():
    principal = AppointmentFactory(office__title="Kepala Dinas")
    delegate = letter(principal).delegate
    AppointmentFactory(user=delegate, office__title="Sekretaris Dinas")
    seat = SeatFactory(office=principal.office)
    assert answer(seat, delegate).sentence == (
        "You may sign as a.n. Kepala Dinas, Sekretaris Dinas, by letter SK-7."
    )
    assert answer(seat, principal.user).allowed is True
    assert eligible(seat) == [principal.user, delegate]


def test_right_to_sign_moves_at_midnight_of_the_regency():
    office = OfficeFactory()
    leaving = AppointmentFactory(office=office, end=date(2026, 1, 31)).user
    coming = AppointmentFactory(office=office, start=date(2026, 2, 1)).user
    seat = SeatFactory(office=office)
    midnight = datetime.datetime(2026, 1, 31, 17, tzinfo=datetime.UTC)
    for instant, may in (
        (midnight - datetime.timedelta(seconds=1), [True, False]),
        (midnight, [False, True]),
    ):
        with time_machine.travel(instant, tick=False):
            assert [answer(seat, person).allowed for person in (leaving, coming)] == may


# ---- whose turn it is ----


def test_waiting_seat_has_not_its_turn():
    appointment = AppointmentFactory(office__title="Sekretaris Daerah")
    seat = SeatFactory(state=Seat.State.WAITING, office=appointment.office)
    found = answer(seat, appointment.user)
    assert (found.allowed, found.rule, found.about_rights) == (False, "turn", False)
    assert found.sentence == "It is not the turn of Sekretaris Daerah yet."
    assert eligible(seat) == [appointment.user]


@pytest.mark.parametrize("state", [Seat.State.SIGNED, Seat.State.RECUSED, Seat.State.CLOSED])
def test_seat_that_is_over_is_no_longer_open(state):
    appointment = AppointmentFactory()
    seat = SeatFactory(office=appointment.office, state=state)
    found = answer(seat, appointment.user)
    assert (found.allowed, found.rule, found.about_rights) == (False, "over", False)
    assert found.sentence == "This seat is no longer open."


@pytest.mark.parametrize(
    ("condition", "label"),
    [
        ({"fact": "amount", "at_least": "100"}, "committed money (Rp)"),
        ({"fact": "pillar", "any_of": ["food"]}, "pillar"),
    ],
)
def test_seat_that_is_not_asked_names_the_fact_that_decides_it(condition, label):
    asked = {"fact": "fiscal_years", "at_least": "1"}
    groups = [group("all", 1), group("all", 1, when=[asked, condition])]
    about = matter(facts={"amount": 99, "fiscal_years": 1, "pillar": {"health"}})
    seats = seated(*groups, about=about)
    found = answer(seats[1], holder(seats[1]), about)
    assert (found.allowed, found.rule, found.about_rights) == (False, "not_asked", False)
    assert found.sentence == (
        f"Nobody is asked here: the case does not meet the condition on {label}."
    )


# ---- who never signs ----


@every_exclusion
def test_excluded_person_does_not_sign(name):
    appointment = AppointmentFactory()
    seat = SeatFactory(office=appointment.office, policy__exclusions=[name])
    about = matter(seat.process, **{name: appointment.user})
    assert told(seat, appointment.user, about) == (False, name, OWN[name])
    assert answer(seat, appointment.user, about).about_rights is True
    assert eligible(seat, about) == []
    assert answer(seat, appointment.user).allowed is True


@every_exclusion
def test_exclusion_that_the_policy_leaves_out_keeps_nobody_away(name):
    person = UserFactory()
    seat = SeatFactory(office=None, person=person, policy__exclusions=[])
    assert answer(seat, person, matter(seat.process, **{name: person})).allowed is True


@every_exclusion
def test_superuser_is_not_exempt(name):
    appointment = AppointmentFactory(user__is_superuser=True)
    seat = SeatFactory(office=appointment.office, policy__exclusions=[name])
    about = matter(seat.process, **{name: appointment.user})
    assert answer(seat, appointment.user, about).rule == name
    assert answer(seat, UserFactory(is_superuser=True), about).rule == "not_theirs"


@every_exclusion
def test_delegate_of_an_excluded_person_does_not_sign(name):
    principal = AppointmentFactory(user__name_plain="Siti Rahayu")
    delegate = letter(principal).delegate
    seat = SeatFactory(office=principal.office, policy__exclusions=[name])
    about = matter(seat.process, **{name: principal.user})
    rule, sentence = f"principal:{name}", PRINCIPALS[name] + NO_SUBSTITUTE
    assert told(seat, delegate, about) == (False, rule, sentence)
    assert eligible(seat, about) == []
    assert answer(seat, delegate).allowed is True


@every_exclusion
def test_substitute_of_an_excluded_person_does_not_sign(name):
    definitive = AppointmentFactory(user__name_plain="Siti Rahayu")
    stand_in = substitute(definitive)
    seat = SeatFactory(office=definitive.office, policy__exclusions=[name])
    about = matter(seat.process, **{name: definitive.user})
    assert told(seat, stand_in.user, about)[1:] == (
        f"principal:{name}",
        PRINCIPALS[name] + NO_SUBSTITUTE,
    )


def test_signer_of_an_earlier_stage_does_not_sign_nor_does_a_substitute():
    earlier = AppointmentFactory(user__name_plain="Siti Rahayu")
    seat = SeatFactory(office=earlier.office, policy__exclusions=["signer:trial"])
    SignOffFactory(
        seat__task=TaskFactory(process=seat.process), seat__stage="trial", person=earlier.user
    )
    delegate = letter(earlier).delegate
    about = {"labels": {"trial": "Trial"}}
    assert told(seat, earlier.user, matter(seat.process, **about)) == (
        False,
        "signer:trial",
        "You signed the stage “Trial”; this stage wants somebody else.",
    )
    assert told(seat, delegate, matter(seat.process, **about))[1:] == (
        "principal:signer:trial",
        "Siti Rahayu, for whom you would sign, signed the stage “Trial”." + NO_SUBSTITUTE,
    )


@pytest.mark.parametrize(
    ("stage", "outcome"), [("trial", RECUSE), ("completeness", Outcome.APPROVE.value)]
)
def test_signature_of_another_stage_or_a_step_back_keeps_nobody_away(stage, outcome):
    appointment = AppointmentFactory()
    seat = SeatFactory(office=appointment.office, policy__exclusions=["signer:trial"])
    SignOffFactory(
        seat__task=TaskFactory(process=seat.process),
        seat__stage=stage,
        person=appointment.user,
        outcome=outcome,
    )
    assert answer(seat, appointment.user, matter(seat.process)).allowed is True


def test_signature_of_another_case_keeps_nobody_away():
    appointment = AppointmentFactory()
    seat = SeatFactory(office=appointment.office, policy__exclusions=["signer:trial"])
    SignOffFactory(seat__stage="trial", person=appointment.user)
    assert answer(seat, appointment.user, matter(seat.process)).allowed is True


def test_first_exclusion_of_the_policy_is_the_one_that_is_told():
    appointment = AppointmentFactory()
    seat = SeatFactory(office=appointment.office, policy__exclusions=["conflict", "initiator"])
    both = matter(seat.process, conflict=appointment.user, initiator=appointment.user)
    assert answer(seat, appointment.user, both).rule == "conflict"
