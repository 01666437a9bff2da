import datetime
from datetime import date

import pytest
import time_machine

from accounts.acting import acting_as
from accounts.offices import today
from approvals.models import Seat
from approvals.sign_offs import Answer, may_sign
from tests.accounts.factories import AppointmentFactory, OfficeFactory, UserFactory
from tests.approvals.factories import (
    PolicyFactory,
    SeatFactory,
    group,
    held_offices,
    holder,
    seated,
    sign_as_holder,
)

pytestmark = [pytest.mark.integration, pytest.mark.django_db, pytest.mark.usefixtures("english")]
OWN = {
    "initiator": "You are the initiator: nobody signs on their own innovation.",
    "co_initiator": "You are a co-initiator: nobody signs on their own innovation.",
}


def refused(sentence):
    return Answer(allowed=False, sentence=sentence)


def test_holder_may_sign_in_the_capacity_of_the_office():
    appointment = AppointmentFactory()
    seat = SeatFactory(office=appointment.office)
    assert may_sign(seat, appointment.user, excluded={}) == Answer(True, "", appointment)


def test_named_person_may_sign():
    person = UserFactory()
    seat = SeatFactory(office=None, person=person)
    assert may_sign(seat, person, excluded={}) == Answer(True, "")


def test_waiting_seat_has_not_its_turn():
    seat = SeatFactory(state=Seat.State.WAITING, office__title="Sekretaris Daerah")
    assert may_sign(seat, UserFactory(), excluded={}) == refused(
        "It is not the turn of Sekretaris Daerah yet."
    )


@pytest.mark.parametrize("state", [Seat.State.SIGNED, Seat.State.CLOSED])
def test_seat_that_is_over_is_no_longer_open(state):
    appointment = AppointmentFactory()
    seat = SeatFactory(office=appointment.office, state=state)
    assert may_sign(seat, appointment.user, excluded={}) == refused("This seat is no longer open.")


@pytest.mark.parametrize("relation", ["initiator", "co_initiator"])
def test_own_innovation_is_never_signed(relation):
    appointment = AppointmentFactory()
    seat = SeatFactory(office=appointment.office)
    excluded = {appointment.user_id: relation}
    assert may_sign(seat, appointment.user, excluded=excluded) == refused(OWN[relation])


@pytest.mark.parametrize("relation", ["initiator", "co_initiator"])
def test_superuser_is_not_exempt(relation):
    appointment = AppointmentFactory(user__is_superuser=True)
    seat = SeatFactory(office=appointment.office)
    excluded = {appointment.user_id: relation}
    assert may_sign(seat, appointment.user, excluded=excluded) == refused(OWN[relation])
    other = UserFactory(is_superuser=True)
    assert may_sign(seat, other, excluded={}).allowed is False


def test_own_innovation_is_signed_where_the_policy_asks_its_initiator():
    person = UserFactory()
    seat = SeatFactory(office=None, person=person, policy=PolicyFactory(exclusions=[]))
    assert may_sign(seat, person, excluded={person.pk: "initiator"}).allowed is True


def test_vacant_office_is_signed_by_nobody():
    seat = SeatFactory(office__title="Kepala Bagian Hukum")
    assert may_sign(seat, UserFactory(), excluded={}) == refused(
        "Nobody holds the office Kepala Bagian Hukum today."
    )


def test_office_of_a_deactivated_person_is_vacant():
    gone = AppointmentFactory(user__is_active=False, office__title="Kepala Bagian Hukum")
    seat = SeatFactory(office=gone.office)
    assert may_sign(seat, gone.user, excluded={}) == refused(
        "Nobody holds the office Kepala Bagian Hukum today."
    )


def test_wrong_person_is_told_who_signs():
    appointment = AppointmentFactory(
        user__name_plain="Siti Rahayu", office__title="Kepala Bagian Hukum"
    )
    seat = SeatFactory(office=appointment.office)
    assert may_sign(seat, UserFactory(), excluded={}) == refused(
        "Today Siti Rahayu signs for this seat, as Kepala Bagian Hukum."
    )


def test_wrong_person_is_told_whom_the_seat_names():
    seat = SeatFactory(office=None, person=UserFactory(name_plain="Siti Rahayu"))
    assert may_sign(seat, UserFactory(), excluded={}) == refused("This is for Siti Rahayu.")


def test_deactivated_person_signs_nothing():
    person = UserFactory(is_active=False, name_plain="Siti Rahayu")
    seat = SeatFactory(office=None, person=person)
    assert may_sign(seat, person, excluded={}) == refused("This is for Siti Rahayu.")


def test_substitute_signs_in_place_of_the_holder():
    definitive = AppointmentFactory(office__title="Sekretaris Daerah")
    substitute = AppointmentFactory(
        office=definitive.office,
        capacity="plh",
        start=today(),
        end=today(),
        user__name_plain="Siti Rahayu",
    )
    seat = SeatFactory(office=definitive.office)
    assert may_sign(seat, substitute.user, excluded={}) == Answer(True, "", substitute)
    assert may_sign(seat, definitive.user, excluded={}) == refused(
        "Today Siti Rahayu signs for this seat, as Plh. Sekretaris Daerah."
    )


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
            assert [may_sign(seat, p, excluded={}).allowed for p in (leaving, coming)] == may


HEADS = "You have signed in this group already; a quorum counts people."


def test_quorum_counts_people_not_offices():
    first, second, third = held_offices(3)
    seats = seated(group("n_of_m", 3, need=3), members=[[first, second, third]])
    person = holder(seats[0])
    AppointmentFactory(user=person, office=second, capacity="plh", start=today(), end=today())
    sign_as_holder(seats[0])
    assert may_sign(seats[1], person, excluded={}) == refused(HEADS)


def test_quorum_counts_people_where_the_second_seat_names_one():
    (office,) = held_offices(1)
    person = office.appointments.get().user
    seats = seated(group("n_of_m", 2, need=2), members=[[office, person]])
    sign_as_holder(seats[0])
    assert may_sign(seats[1], person, excluded={}) == refused(HEADS)


def test_quorum_of_another_task_counts_anew():
    offices = held_offices(2)
    seats = seated(group("n_of_m", 2, need=2), members=[offices])
    again = seated(group("n_of_m", 2, need=2), members=[offices])
    sign_as_holder(seats[0])
    assert may_sign(again[0], holder(again[0]), excluded={}).allowed is True


@pytest.mark.parametrize("rule", ["all", "ordered"])
def test_other_rules_let_one_person_sign_for_two_offices(rule):
    first, second = held_offices(2)
    seats = seated(group(rule, 2), members=[[first, second]])
    person = holder(seats[0])
    AppointmentFactory(user=person, office=second, capacity="plh", start=today(), end=today())
    sign_as_holder(seats[0])
    seats[1].refresh_from_db()
    assert may_sign(seats[1], person, excluded={}).allowed is True


def test_answer_costs_few_queries(django_assert_max_num_queries):
    seat = seated(group("n_of_m", 3, need=2))[0]
    person = holder(seat)
    with django_assert_max_num_queries(2), acting_as(person):
        assert may_sign(seat, person, excluded={}).allowed is True
