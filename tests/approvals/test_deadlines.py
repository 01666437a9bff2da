import datetime
from datetime import date

import pytest
import time_machine
from hypothesis import assume, given
from hypothesis import strategies as st

from accounts.acting import acting_as
from approvals.calendar import DAY, WorkingCalendar
from approvals.deadlines import (
    late,
    local_day,
    move_due,
    moved_due,
    set_due,
    working_days_after,
    working_days_between,
)
from approvals.models import DueChange, Seat
from tests.accounts.factories import AppointmentFactory, OfficeFactory, UnitFactory
from tests.approvals.calendar_factories import CalendarDecreeFactory, decreed
from tests.approvals.factories import SeatFactory, group, seated
from tests.approvals.test_calendar import calendars, day_rules, units, week_rules

FRIDAY, SATURDAY, MONDAY = date(2026, 4, 10), date(2026, 4, 11), date(2026, 4, 13)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("moment", "day"),
    [("16:59:59", date(2026, 3, 9)), ("17:00:00", date(2026, 3, 10))],
)
def test_day_of_law_changes_at_midnight_in_the_regency(moment, day):
    at = datetime.datetime.fromisoformat(f"2026-03-09T{moment}+00:00")
    assert local_day(at) == day


@pytest.mark.unit
@given(
    calendars,
    st.dates(date(2026, 1, 1), date(2026, 6, 30)),
    st.integers(0, 40),
    st.integers(0, 60),
    day_rules,
    week_rules,
    units,
)
def test_moved_date_is_the_one_that_the_new_calendar_would_have_given(
    old, opened, allowed, later, days, weeks, unit
):
    """Nobody's clock gains or loses a day, as long as the decree changes no day that has passed."""
    due, now = old.working_days_after(opened, allowed, unit), opened + later * DAY
    assume(due >= now)
    future = [rule for rule in days if rule.day >= now]
    new = old.changed(future, [week for week in weeks if week.valid_from >= now])
    since = max(now - DAY, opened)
    assert moved_due(due, since, unit, old, new) == new.working_days_after(opened, allowed, unit)


@pytest.mark.unit
@given(calendars, st.dates(date(2026, 1, 1), date(2026, 6, 30)), st.integers(0, 90), units)
def test_date_stays_where_the_calendar_stays(old, since, ahead, unit):
    due = since + ahead * DAY
    same = WorkingCalendar(old.rules, old.parents)
    assert moved_due(due, since, unit, old, same) == due


@pytest.mark.unit
@pytest.mark.parametrize(("on", "expected"), [(FRIDAY, False), (SATURDAY, True)])
def test_seat_is_late_on_the_day_after_its_due_date(on, expected):
    assert late(Seat(due=FRIDAY), on) == expected


@pytest.mark.integration
@pytest.mark.django_db
def test_seat_is_dated_by_the_week_of_its_offices_unit():
    centre = UnitFactory(parent=UnitFactory())
    decreed(weeks=[(centre.parent, date(2026, 1, 1), "123456")])
    members = [AppointmentFactory(office=OfficeFactory(unit=centre)).office]
    with time_machine.travel("2026-04-10T03:00:00Z", tick=False):
        (six,) = seated(group("all", 1), members=[members], working_days=1)
        (five,) = seated(group("all", 1), working_days=1)
    assert (six.due, five.due) == (SATURDAY, MONDAY)


@pytest.mark.integration
@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 9])
def test_dating_seats_reads_the_calendar_once(count, django_assert_max_num_queries):
    decreed(days=[(FRIDAY, False)])
    opened = datetime.datetime(2026, 4, 8, 3, tzinfo=datetime.UTC)
    seats = [Seat(opened_at=opened) for _ in range(count)]
    working_days_after(FRIDAY, 1)
    with django_assert_max_num_queries(1):
        set_due(seats, 2)
    assert {seat.due for seat in seats} == {MONDAY}


@pytest.mark.integration
@pytest.mark.django_db
def test_dating_no_seat_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        set_due([], 5)


@pytest.mark.integration
@pytest.mark.django_db
def test_working_days_follow_the_decrees_and_the_unit():
    unit = UnitFactory()
    decreed(days=[(FRIDAY, False)], weeks=[(unit, date(2026, 1, 1), "123456")])
    thursday = FRIDAY - DAY
    assert working_days_after(thursday, 1) == MONDAY
    assert working_days_after(thursday, 1, unit.pk) == SATURDAY
    assert working_days_between(thursday, MONDAY) == 1
    assert working_days_between(thursday, MONDAY, unit.pk) == 2


@pytest.mark.integration
@pytest.mark.django_db
def test_moving_a_due_date_keeps_the_old_one_with_its_cause(system):
    seat, decree = SeatFactory(due=FRIDAY), CalendarDecreeFactory()
    with acting_as(system):
        move_due(seat, MONDAY, decree=decree)
    assert Seat.objects.get().due == MONDAY
    change = DueChange.objects.get()
    assert (change.seat, change.before, change.after) == (seat, FRIDAY, MONDAY)
    assert [version.due for version in seat.history.all()] == [MONDAY, FRIDAY]


@pytest.mark.integration
@pytest.mark.django_db
def test_date_that_stays_leaves_no_row(system):
    seat, decree = SeatFactory(due=FRIDAY), CalendarDecreeFactory()
    move_due(seat, FRIDAY, decree=decree)
    move_due(SeatFactory(due=None), FRIDAY, decree=decree)
    assert not DueChange.objects.exists()
    assert seat.history.count() == 1
