"""Due dates of seats: set when a seat opens, moved by decrees and pauses, never erased."""

import datetime
from collections.abc import Sequence

from django.utils import timezone

from .calendar import WorkingCalendar, current_calendar
from .models import DueChange, Seat


def local_day(moment: datetime.datetime) -> datetime.date:
    """The day that it was in the regency at that moment, whatever UTC says."""
    return timezone.localdate(moment, timezone.get_default_timezone())


def working_days_after(start: datetime.date, days: int, unit: int | None = None) -> datetime.date:
    """The day on which `days` working days of a unit have passed since `start`, itself not counted.

    `unit` is the unit's number; without one the calendar is everybody's.
    """
    return current_calendar().working_days_after(start, days, unit)


def working_days_between(start: datetime.date, end: datetime.date, unit: int | None = None) -> int:
    """How many working days of a unit pass from `start` to `end`, the start not counted."""
    return current_calendar().working_days_between(start, end, unit)


def unit_of(seat: Seat) -> int | None:
    """The unit by whose calendar a seat is dated; a person's own seat goes by everybody's."""
    return seat.office.unit_id if seat.office else seat.unit_id


def set_due(seats: Sequence[Seat], working_days: int) -> None:
    """Date seats that open now; the caller saves them."""
    if not seats:
        return
    calendar = current_calendar()
    for seat in seats:
        assert seat.opened_at is not None
        start = local_day(seat.opened_at)
        seat.due = calendar.working_days_after(start, working_days, unit_of(seat))


def moved_due(
    due: datetime.date,
    since: datetime.date,
    unit: int | None,
    old: WorkingCalendar,
    new: WorkingCalendar,
) -> datetime.date:
    """Where a due date goes when the calendar changes after the day `since`.

    What remained then remains: as many working days as before lie between that day and the date.
    """
    remaining = old.working_days_between(since, due, unit)
    after = new.working_days_after(since, remaining, unit)
    return due if after == old.working_days_after(since, remaining, unit) else after


def move_due(seat: Seat, after: datetime.date, **cause: object) -> None:
    """Move one seat's due date and keep the old one with its cause (`decree` or `pause`)."""
    if seat.due is None or seat.due == after:
        return
    DueChange.objects.create(seat=seat, before=seat.due, after=after, **cause)
    seat.due = after
    seat.save(update_fields=["due"])


def late(seat: Seat, on: datetime.date) -> bool:
    """Whether the seat's due date has passed, while its clock runs."""
    return seat.due is not None and seat.due < on
