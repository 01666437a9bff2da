"""Decrees, pauses and moved due dates as they stand in the tables, whatever they say."""

import datetime
from collections.abc import Sequence
from itertools import count
from typing import Any

import factory

from accounts.acting import acting_as
from accounts.models import Unit
from approvals.models import (
    CalendarDay,
    CalendarDecree,
    ClockPause,
    DueChange,
    WorkingWeek,
)
from tests.accounts.factories import SystemFactory, UnitFactory, UserFactory, system_account
from tests.approvals.factories import SeatFactory, TaskFactory

_decrees = count(1)


class CalendarDecreeFactory(SystemFactory):
    class Meta:
        model = CalendarDecree

    number = factory.LazyFunction(lambda: f"{next(_decrees)} Tahun 2026")
    date = datetime.date(2026, 1, 5)
    title = "Cuti bersama Idulfitri"
    entered_by = factory.LazyFunction(system_account)


class CalendarDayFactory(SystemFactory):
    class Meta:
        model = CalendarDay

    decree = factory.SubFactory(CalendarDecreeFactory)
    day = datetime.date(2026, 4, 6)
    working = False
    name = factory.LazyAttribute(lambda row: "Pengganti" if row.working else "Cuti bersama")


class WorkingWeekFactory(SystemFactory):
    class Meta:
        model = WorkingWeek

    decree = factory.SubFactory(CalendarDecreeFactory)
    unit = factory.SubFactory(UnitFactory)
    valid_from = datetime.date(2026, 4, 6)
    days = WorkingWeek.Days.SIX


class ClockPauseFactory(SystemFactory):
    class Meta:
        model = ClockPause

    task = factory.SubFactory(TaskFactory)
    process = factory.SelfAttribute("task.process")
    kind = ClockPause.Kind.MINISTRY
    started_by = factory.SubFactory(UserFactory)


class DueChangeFactory(SystemFactory):
    class Meta:
        model = DueChange

    seat = factory.SubFactory(SeatFactory)
    before = datetime.date(2026, 3, 20)
    after = datetime.date(2026, 3, 24)
    decree = factory.SubFactory(CalendarDecreeFactory)


def decreed(
    days: Sequence[tuple[Any, ...]] = (),
    weeks: Sequence[tuple[Unit, datetime.date, str]] = (),
    **about: Any,
) -> CalendarDecree:
    """A decree with its rules: (day, working) or (day, working, unit), and (unit, from, days)."""
    with acting_as(system_account()):
        decree: CalendarDecree = CalendarDecreeFactory(**about)
        for day, working, *rest in days:
            CalendarDayFactory(
                decree=decree, day=day, working=working, unit=rest[0] if rest else None
            )
        for unit, since, week in weeks:
            WorkingWeekFactory(decree=decree, unit=unit, valid_from=since, days=week)
    return decree
