"""A year of the calendar as people look at it: months of weeks, and the days that have a name."""

import calendar
import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from accounts.offices import today
from approvals.calendar import DAY, LEAVE, Basis, Verdict, WorkingCalendar, holiday_name

FIRST_YEAR, LAST_YEAR = 2020, 2099


@dataclass(frozen=True)
class Cell:
    """One day of a month; `kind` says what it is and how it is drawn."""

    day: datetime.date
    kind: str
    name: str
    basis: Basis | None

    @property
    def is_today(self) -> bool:
        """Whether it is today."""
        return self.day == today()


@dataclass(frozen=True)
class Span:
    """Days in a row with one name."""

    first: Cell
    last: datetime.date


@dataclass(frozen=True)
class Month:
    """A month: its weeks from Monday on, the days with a name, and how many are worked."""

    first: datetime.date
    weeks: list[list[Cell | None]]
    named: list[Span]
    working_days: int


def year_of(year: int, working: WorkingCalendar, unit: int | None) -> list[Month]:
    """The twelve months of a year for a unit."""
    return [_month(year, month, working, unit) for month in range(1, 13)]


def chosen_year(typed: str) -> int:
    """The year of an address, or this year."""
    year = int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 4 else 0
    return year if FIRST_YEAR <= year <= LAST_YEAR else today().year


def _month(year: int, month: int, working: WorkingCalendar, unit: int | None) -> Month:
    first = datetime.date(year, month, 1)
    days = [first + number * DAY for number in range(calendar.monthrange(year, month)[1])]
    cells = [_cell(day, working.verdict(day, unit)) for day in days]
    padded: list[Cell | None] = [*[None] * first.weekday(), *cells]
    weeks = [padded[start : start + 7] for start in range(0, len(padded), 7)]
    weeks[-1] += [None] * (7 - len(weeks[-1]))
    count = sum(working.is_working_day(day, unit) for day in days)
    return Month(first, weeks, list(_named(cells)), count)


def _cell(day: datetime.date, verdict: Verdict) -> Cell:
    if rule := verdict.rule:
        return Cell(day, "work" if rule.working else "free", rule.name, rule.basis)
    if verdict.holiday:
        kind = "leave" if verdict.holiday == LEAVE else "holiday"
        return Cell(day, kind, holiday_name(day), None)
    return Cell(day, "" if verdict.working else "rest", "", None)


def _named(cells: list[Cell]) -> Iterator[Span]:
    """Each name once for the days in a row that bear it."""
    named = [cell for cell in cells if cell.name]
    start = 0
    for index, cell in enumerate(named):
        following = named[index + 1] if index + 1 < len(named) else None
        same = following and (following.day, following.kind, following.name, following.basis) == (
            cell.day + DAY,
            cell.kind,
            cell.name,
            cell.basis,
        )
        if not same:
            yield Span(named[start], cell.day)
            start = index + 1
