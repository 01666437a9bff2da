"""Days as the regency counts them: local ones in SQL, working ones in constant time."""

import datetime
from bisect import bisect_left
from collections import Counter
from itertools import accumulate
from typing import Any

from django.db.models import CharField, DateField, Func
from django.db.models.functions import Cast
from django.utils import timezone

from accounts.offices import today
from approvals.calendar import DAY, WorkingCalendar

# Due dates lie ahead; nobody is given more than a year.
AHEAD = 400


class LocalDay(Func):
    """The day in the regency of a moment, told by the database itself: millions cost little.

    Indonesia's zones know no summer time; SQLite, which knows no zones, adds the hours.
    """

    output_field = DateField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Add the hours of the zone."""
        offset = timezone.localtime(timezone=timezone.get_default_timezone()).utcoffset()
        seconds = int((offset or datetime.timedelta()).total_seconds())
        # Without the fraction, which it would round: to the next day just before midnight.
        template = f"date(substr(%(expressions)s, 1, 19), '{seconds:+d} seconds')"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Let the database look up the zone."""
        zone = timezone.get_default_timezone_name()
        template = f"((%(expressions)s) AT TIME ZONE '{zone}')::date"
        return self.as_sql(compiler, connection, template=template, **context)


def step(field: str = "flow_task") -> Cast:
    """The stored name of a node, as text: to look each one up costs more than to read it."""
    return Cast(field, CharField())


def name_of(reference: str) -> str:
    """The node's own name in what `step` reads."""
    return reference.rpartition(".")[2]


class WorkingDays:
    """Counts the working days between any two days of a span, for any unit."""

    def __init__(self, calendar: WorkingCalendar, first: datetime.date | None = None) -> None:
        self.calendar, self.today = calendar, today()
        self.first = first or self.today
        self._sums: dict[tuple[int, ...], list[int]] = {}

    def between(
        self, start: datetime.date, end: datetime.date | None = None, unit: int | None = None
    ) -> int:
        """How many pass from `start` to `end` (today), the start not counted; at least 0."""
        sums = self._of(self.calendar.scope(unit))
        last, before = (self._place(day, len(sums)) for day in (end or self.today, start))
        return max(0, sums[last] - sums[before])

    def _place(self, day: datetime.date, length: int) -> int:
        return min(max((day - self.first).days, 0), length - 1)

    def _of(self, scope: tuple[int, ...]) -> list[int]:
        """How many had passed by each day of the span."""
        if scope not in self._sums:
            length = (self.today - self.first).days + AHEAD
            verdict = self.calendar.rules.verdict
            days = (self.first + number * DAY for number in range(max(length, 1)))
            self._sums[scope] = list(accumulate(verdict(scope, day).working for day in days))
        return self._sums[scope]


class Spread:
    """Many durations in working days, and what is said of them."""

    def __init__(self) -> None:
        self.days: Counter[int] = Counter()

    def add(self, days: int, times: int = 1) -> None:
        """One duration, so many times."""
        self.days[days] += times

    @property
    def count(self) -> int:
        """How many there are."""
        return self.days.total()

    @property
    def median(self) -> int | None:
        """Half of them took no longer."""
        return self.within(0.5)

    @property
    def ninth(self) -> int | None:
        """Nine of ten took no longer."""
        return self.within(0.9)

    @property
    def longest(self) -> int | None:
        """The longest of all."""
        return max(self.days, default=None)

    def within(self, share: float) -> int | None:
        """The days within which this share of them was over; None where there is none."""
        if not self.days:
            return None
        ordered = sorted(self.days)
        reached = list(accumulate(self.days[days] for days in ordered))
        return ordered[bisect_left(reached, share * reached[-1])]
