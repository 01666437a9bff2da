"""Which days are working days, for which unit, and why (domain.md section 9).

The base is the national calendar; decrees lay their days and weeks over it. The nearest rule wins:
a unit's own before that of the unit above it, that before everybody's; of two that are as near,
the later decree's.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

import holidays
from django.db import connection
from django.utils.translation import get_language

from accounts.models import Unit

from .models import CalendarDay, CalendarDecree, WorkingWeek

DAY = datetime.timedelta(days=1)
FIVE_DAYS = WorkingWeek.Days.FIVE.value
# Collective leave ("government") is no working day for civil servants either.
HOLIDAY, LEAVE = "public", "government"
# Of PostgreSQL's advisory locks, the one that stands for the calendar.
LOCK = 5_041_978


@dataclass(frozen=True)
class Basis:
    """The decree that a rule rests on."""

    number: str
    date: datetime.date
    title: str
    pk: int | None = None


@dataclass(frozen=True)
class DayRule:
    """One day that a decree declares working or free."""

    day: datetime.date
    working: bool
    name: str
    unit: int | None
    basis: Basis


@dataclass(frozen=True)
class WeekRule:
    """The working week of a unit from a day on; `days` holds the numbers of its days, Monday 1."""

    unit: int
    valid_from: datetime.date
    days: str
    basis: Basis

    @property
    def label(self) -> str:
        """The week in words."""
        return str(WorkingWeek.Days(self.days).label)


@dataclass(frozen=True)
class Verdict:
    """Whether a day is a working day, and by what: a decree, a holiday or leave, or the week."""

    working: bool
    rule: DayRule | None = None
    holiday: str = ""
    week: WeekRule | None = None


@lru_cache(maxsize=200)
def _national(year: int, category: str, language: str) -> Mapping[datetime.date, str]:
    return dict(
        holidays.country_holidays("ID", years=year, categories=(category,), language=language)
    )


def holiday_kind(day: datetime.date) -> str:
    """HOLIDAY or LEAVE where the nation is off on that day, else nothing."""
    found = (kind for kind in (HOLIDAY, LEAVE) if day in _national(day.year, kind, "id"))
    return next(found, "")


def holiday_name(day: datetime.date) -> str:
    """What the nation's day off is called, in the reader's language."""
    language = "id" if (get_language() or "id").startswith("id") else "en_US"
    return _national(day.year, holiday_kind(day) or HOLIDAY, language).get(day, "")


class Rules:
    """What the decrees of one state of the calendar say, in the order in which they came."""

    def __init__(self, days: Iterable[DayRule] = (), weeks: Iterable[WeekRule] = ()) -> None:
        self.days = {(rule.unit, rule.day): rule for rule in days}
        self.weeks: dict[int, list[WeekRule]] = {}
        for week in weeks:
            self.weeks.setdefault(week.unit, []).append(week)
        own = {unit for unit, _day in self.days if unit is not None}
        self.units = frozenset(own | self.weeks.keys())
        self._verdicts: dict[tuple[tuple[int, ...], datetime.date], Verdict] = {}

    def verdict(self, scope: tuple[int, ...], day: datetime.date) -> Verdict:
        """What holds on a day for a unit with these units' rules, the nearest first."""
        key = (scope, day)
        if key not in self._verdicts:
            self._verdicts[key] = self._judge(scope, day)
        return self._verdicts[key]

    def _judge(self, scope: tuple[int, ...], day: datetime.date) -> Verdict:
        week = self.week(scope, day)
        for unit in (*scope, None):
            if rule := self.days.get((unit, day)):
                return Verdict(rule.working, rule=rule, week=week)
        if kind := holiday_kind(day):
            return Verdict(False, holiday=kind, week=week)
        return Verdict(str(day.isoweekday()) in (week.days if week else FIVE_DAYS), week=week)

    def week(self, scope: tuple[int, ...], day: datetime.date) -> WeekRule | None:
        """The nearest rule on the working week that holds on a day; None for the usual one."""
        for unit in scope:
            held = [rule for rule in self.weeks.get(unit, ()) if rule.valid_from <= day]
            if held:
                return held[-1]
        return None

    def joined(self, days: Iterable[DayRule], weeks: Iterable[WeekRule]) -> "Rules":
        """These rules with those of one more decree."""
        known = [rule for rules in self.weeks.values() for rule in rules]
        return Rules([*self.days.values(), *days], [*known, *weeks])


@dataclass(frozen=True)
class WorkingCalendar:
    """The arithmetic of working days; a unit is given by its number, None stands for everybody.

    `parents` says which unit is above which.
    """

    rules: Rules
    parents: Mapping[int, int | None]

    def scope(self, unit: int | None) -> tuple[int, ...]:
        """The units whose rules hold for this one, the nearest first."""
        found: list[int] = []
        seen: set[int] = set()
        while unit is not None and unit not in seen:
            seen.add(unit)
            if unit in self.rules.units:
                found.append(unit)
            unit = self.parents.get(unit)
        return tuple(found)

    def verdict(self, day: datetime.date, unit: int | None = None) -> Verdict:
        """Whether it is a working day for the unit, and why."""
        return self.rules.verdict(self.scope(unit), day)

    def is_working_day(self, day: datetime.date, unit: int | None = None) -> bool:
        """Whether it is a working day for the unit."""
        return self.verdict(day, unit).working

    def week(self, day: datetime.date, unit: int | None = None) -> WeekRule | None:
        """The rule on the unit's working week on that day; None where it is the usual one."""
        return self.rules.week(self.scope(unit), day)

    def working_days_after(
        self, start: datetime.date, days: int, unit: int | None = None
    ) -> datetime.date:
        """The day on which `days` working days have passed since `start`, the start not counted."""
        scope, day = self.scope(unit), start
        while days > 0:
            day += DAY
            days -= self.rules.verdict(scope, day).working
        return day

    def working_days_between(
        self, start: datetime.date, end: datetime.date, unit: int | None = None
    ) -> int:
        """How many working days pass from `start` to `end`, the start not counted; at least 0."""
        scope = self.scope(unit)
        days = ((start + number * DAY) for number in range(1, (end - start).days + 1))
        return sum(self.rules.verdict(scope, day).working for day in days)

    def changed(
        self, days: Iterable[DayRule] = (), weeks: Iterable[WeekRule] = ()
    ) -> "WorkingCalendar":
        """The calendar as it will be with one more decree; `parents` must know the units named."""
        return WorkingCalendar(self.rules.joined(days, weeks), self.parents)


NATIONAL = WorkingCalendar(Rules(), {})


def current_calendar() -> WorkingCalendar:
    """The calendar by every decree entered so far.

    One query, two where units have rules of their own; the rules are read again only after a
    decree, whichever process entered it.
    """
    rules = current_rules()
    return WorkingCalendar(rules, unit_parents() if rules.units else {})


def current_rules() -> Rules:
    """What the decrees entered so far say."""
    token = newest_token()
    return _rules(token) if token else NATIONAL.rules


def newest_token() -> UUID | None:
    """What tells this state of the calendar from every other; None before the first decree."""
    return CalendarDecree.objects.order_by("-pk").values_list("token", flat=True).first()


def unit_parents() -> dict[int, int | None]:
    """Which unit is above which."""
    return dict(Unit.objects.order_by().values_list("pk", "parent_id"))


@lru_cache(maxsize=4)
def _rules(token: UUID) -> Rules:
    """Read once for each state of the calendar, which the token names."""
    days = CalendarDay.objects.select_related("decree").order_by("decree_id", "pk")
    weeks = WorkingWeek.objects.select_related("decree").order_by("decree_id", "pk")
    return Rules(
        [DayRule(d.day, d.working, d.name, d.unit_id, basis_of(d.decree)) for d in days],
        [WeekRule(w.unit_id, w.valid_from, w.days, basis_of(w.decree)) for w in weeks],
    )


def basis_of(decree: CalendarDecree) -> Basis:
    """A decree as the rules name it."""
    return Basis(decree.number, decree.date, decree.title, decree.pk)


def hold_calendar() -> None:
    """Let no decree take effect before this transaction ends; on SQLite it is alone anyway.

    Whoever dates a seat holds the calendar, so that no seat slips past a decree with an old date.
    """
    _lock("pg_advisory_xact_lock_shared")


def claim_calendar() -> None:
    """Wait until nobody holds the calendar, and let nobody hold it before this transaction ends."""
    _lock("pg_advisory_xact_lock")


def _lock(function: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [LOCK])
