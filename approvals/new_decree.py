"""What somebody wants to enter as a decree: its days and weeks, before anything is written."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import Unit

from .calendar import DAY, Basis, DayRule, WeekRule, WorkingCalendar
from .models import WorkingWeek


@dataclass(frozen=True)
class NewDays:
    """Days in a row that a decree declares working or free, for one unit or everybody."""

    first: datetime.date
    last: datetime.date
    working: bool
    name: str
    unit: Unit | None = None

    @property
    def length(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    @property
    def days(self) -> list[datetime.date]:
        """Each of the days."""
        return [self.first + number * DAY for number in range(self.length)]

    def rules(self, basis: Basis) -> list[DayRule]:
        """The days as the calendar knows them."""
        unit = self.unit.pk if self.unit else None
        return [DayRule(day, self.working, self.name, unit, basis) for day in self.days]


@dataclass(frozen=True)
class NewWeek:
    """The working week that a decree gives a unit from a day on."""

    unit: Unit
    valid_from: datetime.date
    days: str

    @property
    def label(self) -> str:
        """The week in words."""
        return str(WorkingWeek.Days(self.days).label)

    def rule(self, basis: Basis) -> WeekRule:
        """The week as the calendar knows it."""
        return WeekRule(self.unit.pk, self.valid_from, self.days, basis)


@dataclass(frozen=True)
class NewDecree:
    """What somebody wants to enter."""

    number: str
    date: datetime.date
    title: str
    days: Sequence[NewDays] = ()
    weeks: Sequence[NewWeek] = ()

    @property
    def basis(self) -> Basis:
        """How its rules name it while it is not entered."""
        return Basis(self.number, self.date, self.title)

    @property
    def first_day(self) -> datetime.date:
        """The first day that it changes; no earlier due date can move."""
        return min([*(row.first for row in self.days), *(row.valid_from for row in self.weeks)])

    def laid_over(self, calendar: WorkingCalendar, basis: Basis | None = None) -> WorkingCalendar:
        """The calendar as it will be."""
        named = basis or self.basis
        days = [rule for row in self.days for rule in row.rules(named)]
        return calendar.changed(days, [row.rule(named) for row in self.weeks])
