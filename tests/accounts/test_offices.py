import datetime
import threading
from datetime import UTC, date
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.files.uploads import check_upload
from accounts.models import Appointment, StoredFile
from accounts.offices import appoint, end_appointment, holder_of, holders_of, offices_held, today
from tests.accounts.factories import (
    AppointmentFactory,
    OfficeFactory,
    UserFactory,
    system_account,
)
from tests.accounts.files import samples

pytestmark = [pytest.mark.integration, pytest.mark.django_db, pytest.mark.usefixtures("english")]
LETTER: dict[str, Any] = {
    "basis_number": "800.1.3.3/014/BKPSDM/2026",
    "basis_date": date(2026, 1, 5),
}
DAY = date(2026, 3, 10)
ON_POSTGRESQL = connection.vendor == "postgresql"


@pytest.mark.parametrize(
    ("on", "holds"),
    [
        (date(2026, 1, 31), False),
        (date(2026, 2, 1), True),
        (date(2026, 2, 14), True),
        (date(2026, 2, 28), True),
        (date(2026, 3, 1), False),
    ],
)
def test_holder_holds_from_the_first_day_through_the_last(on, holds):
    appointment = AppointmentFactory(start=date(2026, 2, 1), end=date(2026, 2, 28))
    assert holder_of(appointment.office, on) == (appointment if holds else None)
    assert offices_held(appointment.user, on) == ([appointment] if holds else [])


def test_holder_without_a_last_day_holds_on():
    appointment = AppointmentFactory(end=None)
    assert holder_of(appointment.office, date(2099, 12, 31)) == appointment


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-01-31T16:59:59Z", date(2026, 1, 31)),
        ("2026-01-31T17:00:00Z", date(2026, 2, 1)),
        ("2025-12-31T17:30:00Z", date(2026, 1, 1)),
    ],
)
def test_today_turns_at_midnight_of_the_regency(instant, day):
    with time_machine.travel(datetime.datetime.fromisoformat(instant), tick=False):
        assert today() == day


def test_today_is_the_same_for_a_visitor_of_another_zone():
    with (
        time_machine.travel(datetime.datetime(2026, 1, 31, 17, tzinfo=UTC), tick=False),
        timezone.override("America/New_York"),
    ):
        assert today() == date(2026, 2, 1)


def test_holder_changes_at_midnight_of_the_regency():
    office = OfficeFactory()
    leaving = AppointmentFactory(office=office, end=date(2026, 1, 31))
    coming = AppointmentFactory(office=office, start=date(2026, 2, 1))
    midnight = datetime.datetime(2026, 1, 31, 17, tzinfo=UTC)
    with time_machine.travel(midnight - datetime.timedelta(seconds=1), tick=False):
        assert holder_of(office, today()) == leaving
    with time_machine.travel(midnight, tick=False):
        assert holder_of(office, today()) == coming


@pytest.mark.parametrize("capacity", ["plt", "plh", "pj", "pjs"])
def test_substitute_speaks_before_the_definitive_holder(capacity):
    holder = AppointmentFactory()
    substitute = AppointmentFactory(
        office=holder.office, capacity=capacity, start=DAY, end=date(2026, 3, 12)
    )
    days = [DAY - datetime.timedelta(days=1), DAY, date(2026, 3, 12), date(2026, 3, 13)]
    assert [holder_of(holder.office, on) for on in days] == [
        holder,
        substitute,
        substitute,
        holder,
    ]
    assert offices_held(holder.user, DAY) == []
    assert offices_held(substitute.user, DAY) == [substitute]


@pytest.mark.parametrize("starts", [date(2026, 3, 1), DAY])
def test_stand_in_for_days_speaks_before_a_longer_substitute(starts):
    long = AppointmentFactory(capacity="pj", start=starts, end=date(2026, 6, 30))
    short = AppointmentFactory(
        office=long.office, capacity="plh", start=date(2026, 3, 9), end=date(2026, 3, 12)
    )
    assert holder_of(long.office, DAY) == short
    assert holder_of(long.office, date(2026, 3, 13)) == long


def test_substitute_keeps_the_office_held_before():
    own, other = AppointmentFactory(), OfficeFactory()
    substitute = AppointmentFactory(user=own.user, office=other, capacity="plh", start=DAY, end=DAY)
    assert sorted(offices_held(own.user, DAY), key=lambda a: a.pk) == [own, substitute]


def test_inactive_person_holds_nothing():
    gone = AppointmentFactory(user__is_active=False)
    assert holder_of(gone.office, DAY) is None
    assert offices_held(gone.user, DAY) == []


def test_inactive_substitute_leaves_the_office_to_its_holder():
    holder = AppointmentFactory()
    AppointmentFactory(
        office=holder.office, user__is_active=False, capacity="plh", start=DAY, end=DAY
    )
    assert holder_of(holder.office, DAY) == holder


def test_vacant_office_has_no_holder():
    assert holder_of(OfficeFactory(), DAY) is None


def test_holders_of_many_offices_cost_one_query(django_assert_num_queries):
    appointments = AppointmentFactory.create_batch(3)
    vacant = OfficeFactory()
    offices = [a.office for a in appointments] + [vacant]
    with django_assert_num_queries(1):
        found = holders_of(offices, DAY)
        words = [(a.title, a.user.name_plain, a.office.unit.name) for a in found.values()]
    assert found == {a.office_id: a for a in appointments}
    assert len(words) == 3


def test_holders_of_no_office_cost_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert holders_of([], DAY) == {}


@pytest.mark.parametrize("count", [1, 4])
def test_offices_held_cost_two_queries(count, django_assert_num_queries):
    person = UserFactory()
    AppointmentFactory.create_batch(count, user=person)
    with django_assert_num_queries(2):
        held = offices_held(person, DAY)
        assert {a.office.unit.name for a in held} != set()
    assert len(held) == count


def test_appointment_is_recorded_with_its_letter(clerk):
    person, office = UserFactory(), OfficeFactory()
    appointment = appoint(clerk, person, office, start=DAY, **LETTER)
    assert holder_of(office, DAY) == appointment
    assert (appointment.capacity, appointment.end) == ("definitive", None)
    assert (appointment.basis_number, appointment.basis_date) == tuple(LETTER.values())
    assert appointment.history.get().history_user == clerk


@pytest.mark.parametrize(
    ("capacity", "end", "sentence"),
    [
        (
            "definitive",
            date(2026, 3, 9),
            "The last day lies before the first. Check both dates.",
        ),
        ("plh", date(2026, 3, 9), "The last day lies before the first. Check both dates."),
        ("plt", None, "An acting appointment needs a last day."),
        ("plh", None, "An acting appointment needs a last day."),
    ],
)
def test_appointment_with_impossible_days_is_refused(capacity, end, sentence, system):
    with pytest.raises(ValidationError) as refusal:
        appoint(
            system, UserFactory(), OfficeFactory(), start=DAY, end=end, capacity=capacity, **LETTER
        )
    assert refusal.value.message_dict == {"end": [sentence]}
    assert not Appointment.objects.exists()


def test_appointment_of_one_day_is_possible(system):
    appointment = appoint(
        system, UserFactory(), OfficeFactory(), start=DAY, end=DAY, capacity="plh", **LETTER
    )
    assert (appointment.start, appointment.end) == (DAY, DAY)


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        (("definitive", None), ("definitive", date(2026, 3, 20), None), True),
        (("definitive", date(2026, 3, 20)), ("definitive", date(2026, 3, 20), None), True),
        (("definitive", date(2026, 3, 20)), ("definitive", date(2026, 3, 21), None), False),
        (("definitive", None), ("definitive", date(2026, 3, 1), date(2026, 3, 9)), False),
        (("definitive", None), ("definitive", date(2026, 3, 1), DAY), True),
        (("definitive", None), ("plh", date(2026, 3, 11), date(2026, 3, 12)), False),
        (("plt", date(2026, 3, 20)), ("definitive", date(2026, 3, 11), None), False),
        (("plt", date(2026, 3, 20)), ("pj", date(2026, 3, 11), date(2026, 3, 12)), True),
        (("pj", date(2026, 3, 20)), ("plh", date(2026, 3, 11), date(2026, 3, 12)), False),
        (("plh", date(2026, 3, 20)), ("plh", date(2026, 3, 21), date(2026, 3, 27)), False),
    ],
)
def test_two_of_a_kind_never_overlap(first, second, overlap, system):
    (kind, end), (other_kind, other_start, other_end) = first, second
    taken = AppointmentFactory(capacity=kind, start=DAY, end=end, user__name_plain="Siti Rahayu")
    ask = LETTER | {"capacity": other_kind, "start": other_start, "end": other_end}
    if not overlap:
        appoint(system, UserFactory(), taken.office, **ask)
        assert taken.office.appointments.count() == 2
        return
    with pytest.raises(ValidationError) as refusal:
        appoint(system, UserFactory(), taken.office, **ask)
    assert refusal.value.message_dict == {
        "start": [
            f"Siti Rahayu holds {taken.office.title} in those days. End that appointment first."
        ]
    }
    assert taken.office.appointments.get() == taken


def test_transfer_moves_the_holder_by_itself(system):
    leaving, office = AppointmentFactory(), OfficeFactory()
    successor = UserFactory()
    end_appointment(system, leaving, last_day=date(2026, 3, 9))
    moved = appoint(system, leaving.user, office, start=DAY, **LETTER)
    coming = appoint(system, successor, leaving.office, start=DAY, **LETTER)
    assert holder_of(leaving.office, date(2026, 3, 9)) == leaving
    assert holder_of(leaving.office, DAY) == coming
    assert offices_held(leaving.user, DAY) == [moved]


def test_end_before_the_first_day_is_refused(system):
    appointment = AppointmentFactory(start=DAY)
    with pytest.raises(ValidationError) as refusal:
        end_appointment(system, appointment, last_day=date(2026, 3, 9))
    assert refusal.value.message_dict == {
        "end": ["The last day lies before the first. Check both dates."]
    }
    appointment.refresh_from_db()
    assert appointment.end is None


def test_end_makes_no_appointment_longer(system):
    leaving = AppointmentFactory(end=date(2026, 3, 9))
    with pytest.raises(ValidationError) as refusal:
        end_appointment(system, leaving, last_day=DAY)
    assert refusal.value.message_dict == {
        "end": ["It ends earlier already. A longer one needs another letter: appoint anew."]
    }
    assert Appointment.objects.get(pk=leaving.pk).end == date(2026, 3, 9)


@pytest.mark.parametrize(("days", "fits"), [(7, True), (8, False)])
def test_stand_in_for_days_lasts_a_week(days, fits, system):
    terms = {"capacity": "plh", "start": DAY, "end": DAY + datetime.timedelta(days=days - 1)}
    if fits:
        assert (
            appoint(system, UserFactory(), OfficeFactory(), **terms, **LETTER).end == terms["end"]
        )
        return
    with pytest.raises(ValidationError) as refusal:
        appoint(system, UserFactory(), OfficeFactory(), **terms, **LETTER)
    assert refusal.value.message_dict == {
        "end": [
            "A Plh. stands in for 7 days at most. Choose an earlier last day; another letter may "
            "extend it."
        ]
    }


def test_stand_in_for_days_is_extended_by_another_letter(system):
    person, office = UserFactory(), OfficeFactory()
    for start, end in [(DAY, date(2026, 3, 16)), (date(2026, 3, 17), date(2026, 3, 20))]:
        appoint(system, person, office, capacity="plh", start=start, end=end, **LETTER)
    assert holder_of(office, date(2026, 3, 20)).user == person


def test_nobody_stands_in_for_themselves(system):
    holder = AppointmentFactory(user__name_plain="Siti Rahayu", office__title="Kabid")
    with pytest.raises(ValidationError) as refusal:
        appoint(system, holder.user, holder.office, capacity="plh", start=DAY, end=DAY, **LETTER)
    assert refusal.value.message_dict == {
        "start": ["Siti Rahayu holds Kabid in those days. End that appointment first."]
    }


def test_inactive_person_is_not_appointed(system):
    gone = UserFactory(name_plain="Budi", is_active=False)
    with pytest.raises(ValidationError) as refusal:
        appoint(system, gone, OfficeFactory(), start=DAY, **LETTER)
    assert refusal.value.message_dict == {
        "user": ["The account of Budi is not active. Choose somebody else."]
    }


@pytest.mark.parametrize("number", ["", "  ", "K/1\nK/2", "9" * 81])
def test_appointment_without_a_readable_letter_number_is_refused(number, system):
    with pytest.raises(ValidationError) as refusal:
        appoint(
            system,
            UserFactory(),
            OfficeFactory(),
            start=DAY,
            basis_number=number,
            basis_date=DAY,
        )
    assert list(refusal.value.message_dict) == ["basis_number"]


def test_letter_is_kept_with_the_appointment(system):
    letter = check_upload(samples.upload("SK bupati.pdf", samples.pdf()))
    appointment = appoint(
        system, UserFactory(), OfficeFactory(), start=DAY, letter=letter, **LETTER
    )
    assert appointment.letter_name == "SK bupati.pdf"
    assert appointment.letter.read() == letter.content
    assert appointment.history.get().letter == appointment.letter


def test_refused_appointment_keeps_no_letter(system):
    taken = AppointmentFactory()
    letter = check_upload(samples.upload("sk.pdf", samples.pdf()))
    with pytest.raises(ValidationError):
        appoint(system, UserFactory(), taken.office, start=DAY, letter=letter, **LETTER)
    assert not StoredFile.objects.exists()


def test_only_administrators_appoint_and_end(clerk):
    held, person = AppointmentFactory(), UserFactory()
    with pytest.raises(PermissionDenied, match="Only administrators look after people"):
        appoint(held.user, person, OfficeFactory(), start=DAY, **LETTER)
    with pytest.raises(PermissionDenied):
        end_appointment(held.user, held, last_day=DAY)
    assert Appointment.objects.get() == held

    end_appointment(clerk, held, last_day=DAY)
    assert appoint(clerk, person, OfficeFactory(), start=DAY, **LETTER).user == person


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has no exclusion constraints")
@pytest.mark.parametrize(
    ("kind", "other", "taken"),
    [
        ("definitive", "definitive", True),
        ("plt", "pj", True),
        ("pj", "plh", False),
        ("definitive", "plh", False),
    ],
)
def test_database_holds_one_holder_of_a_kind(kind, other, taken):
    held = AppointmentFactory(capacity=kind, end=DAY)
    AppointmentFactory(office=held.office, capacity=kind, start=DAY + datetime.timedelta(days=1))
    more = {"office": held.office, "capacity": other, "start": DAY, "end": DAY}
    if not taken:
        assert AppointmentFactory(**more).office == held.office
        return
    with pytest.raises(IntegrityError, match="appointment_one_holder"), transaction.atomic():
        AppointmentFactory(**more)


@pytest.mark.django_db(transaction=True)
def test_two_appointed_at_once_are_not_both_appointed():
    office, people = OfficeFactory(), UserFactory.create_batch(4)
    system, together = system_account(), threading.Barrier(4, timeout=30)
    outcomes = []

    def try_to_appoint(person):
        together.wait()
        try:
            with transaction.atomic():
                appoint(system, person, office, start=DAY, **LETTER)
            outcomes.append("appointed")
        except ValidationError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=try_to_appoint, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["appointed", "refused", "refused", "refused"]
    assert office.appointments.count() == 1
