"""Who held an office at a moment: by what was recorded then, whatever was entered since."""

import datetime

import pytest

from accounts.acting import acting_as
from accounts.models import Appointment, Delegation, Office
from audit.holders import Holders
from audit.names import Names
from tests.audit.factories import START, at
from tests.notifications.factories import UnitFactory, UserFactory, system

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

LETTER = {"basis_number": "800/1", "basis_date": datetime.date(2026, 1, 1)}
DAY = datetime.timedelta(days=1)
FIRST = datetime.date(2026, 1, 1)


def in_days(count):
    """Minutes for `at`."""
    return count * 24 * 60


@pytest.fixture
def office():
    with at(in_days(-60), system()):
        unit = UnitFactory()
        return Office.objects.create(code="kepala", title="Kepala Dinas", unit=unit, is_head=True)


def someone():
    with at(in_days(-60), system()):
        return UserFactory()


def appointed(office, user, *, recorded, **more):
    with at(in_days(recorded), system()):
        return Appointment.objects.create(
            office=office, user=user, **{"start": FIRST, **LETTER, **more}
        )


def on(day):
    return Holders(Names(START + day * DAY))


def who(office, day):
    return [(right.person, right.capacity) for right in on(day).authorities([office])[office.pk]]


def test_appointment_counts_from_the_moment_at_which_it_was_recorded(office):
    user = someone()
    appointed(office, user, recorded=10)
    assert who(office, 9) == []
    assert who(office, 10) == [(user, "Kepala Dinas")]


def test_appointment_that_was_ended_later_ran_before(office):
    user = someone()
    appointment = appointed(office, user, recorded=-30)
    with at(in_days(10), system()):
        appointment.end = datetime.date(2026, 3, 1)
        appointment.save()
    assert who(office, 5) == [(user, "Kepala Dinas")]
    assert who(office, 10) == []


def test_substitute_speaks_before_the_holder_and_only_on_the_days_of_the_letter(office):
    holder, acting = someone(), someone()
    appointed(office, holder, recorded=-30)
    day = START.date()
    appointed(office, acting, recorded=-1, capacity="plh", start=day + DAY, end=day + 3 * DAY)
    assert who(office, 0) == [(holder, "Kepala Dinas")]
    assert who(office, 1) == [(acting, "Plh. Kepala Dinas")]
    assert who(office, 4) == [(holder, "Kepala Dinas")]
    (right,) = on(1).authorities([office])[office.pk]
    assert right.principals == (holder.pk,)


def test_whoever_was_inactive_then_did_not_speak(office):
    user = someone()
    appointed(office, user, recorded=-30)
    for day, active in ((1, False), (2, True)):
        with at(in_days(day), system()):
            user.is_active = active
            user.save()
    assert [who(office, day) for day in (0, 1, 2)] == [
        [(user, "Kepala Dinas")],
        [],
        [(user, "Kepala Dinas")],
    ]


def test_delegate_acts_until_the_letter_is_ended(office):
    holder, delegate = someone(), someone()
    principal = appointed(office, holder, recorded=-30)
    day = START.date()
    with at(in_days(1), system()):
        letter = Delegation.objects.create(
            principal=principal, delegate=delegate, start=day, end=day + 30 * DAY, **LETTER
        )
    with at(in_days(5), system()):
        letter.revoked_at, letter.revoked_by = START + 5 * DAY, holder
        letter.save()
    both = [(holder, "Kepala Dinas"), (delegate, "a.n. Kepala Dinas")]
    assert [who(office, day) for day in (0, 1, 4, 5)] == [both[:1], both, both, both[:1]]
    assert [right.capacity for right in on(4).authorities_of(delegate)] == ["a.n. Kepala Dinas"]
    assert on(5).authorities_of(delegate) == []
    assert [right.capacity for right in on(5).authorities_of(holder)] == ["Kepala Dinas"]


def test_people_and_offices_of_a_unit_are_those_of_the_moment(office):
    user, mover, other = someone(), someone(), UnitFactory()
    appointed(office, user, recorded=-30)
    with at(in_days(-20), system()):
        mover.home_unit = office.unit
        mover.save()
    with at(in_days(1), system()):
        mover.home_unit = other
        mover.save()
        office_elsewhere = Office.objects.get(pk=office.pk)
        office_elsewhere.unit = other
        office_elsewhere.save()
    unit = office.unit_id
    assert [one.pk for one in on(0).offices_of([unit])] == [office.pk]
    assert on(1).offices_of([unit]) == []
    assert on(0).people_of([unit]) == {user.pk, mover.pk}
    assert on(1).people_of([unit]) == set()
    assert on(0).units_of(mover) == {other.pk}


def test_offices_are_looked_up_together(office, django_assert_max_num_queries):
    offices = [office]
    for number in range(5):
        with at(in_days(-60), system()):
            unit = UnitFactory()
            offices.append(Office.objects.create(code=f"o{number}", title="Kabid", unit=unit))
        appointed(offices[-1], someone(), recorded=-30)
    holders = on(0)
    with acting_as(system()), django_assert_max_num_queries(8):
        found = holders.authorities(offices)
        assert [len(found[one.pk]) for one in offices] == [0, 1, 1, 1, 1, 1]
        assert holders.authorities(offices[2:4]) == {o.pk: found[o.pk] for o in offices[2:4]}
