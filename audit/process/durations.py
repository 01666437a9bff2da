"""How long stages take and offices let cases wait, against the norms of their policies.

One grouped question each: the database counts how often the same days meet.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case as Choice
from django.db.models import Count, F, Min, OuterRef, Q, Subquery, When
from viewflow.workflow.models import Task

from accounts.models import Unit
from approvals.calendar import current_calendar
from approvals.models import Seat, SignOff

from .days import LocalDay, Spread, WorkingDays, name_of, step
from .scope import Scope

Seats = Seat.history.model


@dataclass
class Answers:
    """How long an office, a unit or a stage let cases wait.

    cycle: from being asked until the answer, without the days in which the clock stood still.
    waiting: from being asked until somebody took the case up, or answered at once.
    """

    cycle: Spread = field(default_factory=Spread)
    waiting: Spread = field(default_factory=Spread)
    late: int = 0
    norms: set[int] = field(default_factory=set)
    open: int = 0
    overdue: int = 0

    @property
    def norm(self) -> str:
        """The working days that policies gave: 3, or 3–5 where versions differ."""
        ends = sorted({min(self.norms), max(self.norms)}) if self.norms else []
        return "–".join(map(str, ends))

    @property
    def late_share(self) -> float | None:
        """Which part of the answers came after the norm; None where there was none."""
        return self.late / self.cycle.count if self.cycle.count else None


@dataclass
class Visits:
    """How long cases stay in a stage: those that have left it, and those that are in it now."""

    cycle: Spread = field(default_factory=Spread)
    running: Spread = field(default_factory=Spread)


@dataclass
class Journeys:
    """How long whole cases take, by the unit that owns the innovation."""

    cycle: Spread = field(default_factory=Spread)
    running: int = 0


@dataclass
class Measured:
    """The answers by stage, unit and office; a seat of a named person has neither unit nor office.

    Keys of `units` and `offices` are row numbers or None.
    """

    stages: dict[str, Answers] = field(default_factory=lambda: defaultdict(Answers))
    units: dict[int | None, Answers] = field(default_factory=lambda: defaultdict(Answers))
    offices: dict[int | None, Answers] = field(default_factory=lambda: defaultdict(Answers))

    def of(self, row: dict[str, Any]) -> list[Answers]:
        """Where a row counts."""
        found = [self.stages[row["stage"]], self.units[row["of_unit"]]]
        # A seat of a whole unit is no office's.
        if row["office"] or not row["of_unit"]:
            found.append(self.offices[row["office"]])
        return found


def working_days(scope: Scope) -> WorkingDays:
    """The arithmetic of working days since the first of the cases."""
    first = scope.cases().aggregate(first=Min(LocalDay("created")))["first"]
    return WorkingDays(current_calendar(), first)


def visits(scope: Scope, days: WorkingDays) -> dict[str, Visits]:
    """How long cases stay in each stage, by its stored name."""
    tasks = Task.objects.filter(process__in=scope.cases().values("pk"), flow_task_type="HUMAN")
    rows = (
        tasks.order_by()
        .values(node=step(), entered=LocalDay("created"), left=LocalDay("finished"))
        .annotate(times=Count("pk"))
    )
    found: dict[str, Visits] = defaultdict(Visits)
    for row in rows:
        stage = found[name_of(row["node"])]
        spread = stage.cycle if row["left"] else stage.running
        spread.add(days.between(row["entered"], row["left"]), row["times"])
    return found


def journeys(scope: Scope, days: WorkingDays) -> dict[int, Journeys]:
    """How long whole cases take, by the number of the owning unit."""
    rows = (
        scope.cases()
        .values("innovation__owning_unit", begun=LocalDay("created"), ended=LocalDay("finished"))
        .annotate(times=Count("pk"))
    )
    found: dict[int, Journeys] = defaultdict(Journeys)
    for row in rows:
        unit = found[row["innovation__owning_unit"]]
        if row["ended"]:
            unit.cycle.add(days.between(row["begun"], row["ended"]), row["times"])
        else:
            unit.running += row["times"]
    return found


def answers(scope: Scope, days: WorkingDays) -> Measured:
    """What was asked and answered, and what is open now."""
    found = Measured()
    for row in _answered(scope):
        gross = days.between(row["opened"], row["answered"], row["of_unit"])
        net = max(0, gross - _stood_still(row, days))
        taken = min(row["taken"] or row["answered"], row["answered"])
        waited = min(net, days.between(row["opened"], taken, row["of_unit"]))
        for one in found.of(row):
            one.cycle.add(net, row["times"])
            one.waiting.add(waited, row["times"])
            one.late += row["times"] if net > row["norm"] else 0
            one.norms.add(row["norm"])
    for row in _open(scope):
        for one in found.of(row):
            one.open += row["times"]
            one.overdue += row["times"] if row["due"] and row["due"] < days.today else 0
            one.norms.add(row["norm"])
    return found


def _stood_still(row: dict[str, Any], days: WorkingDays) -> int:
    """The working days by which stopped clocks moved the due date."""
    if row["due"] is None:
        return 0
    return max(0, days.between(row["opened"], row["due"], row["of_unit"]) - row["norm"])


def _answered(scope: Scope) -> Iterator[Any]:
    """Each answer with the days on which it was asked and given; how often the same ones meet."""
    newest = Q(round=F("seat__round"), seat__opened_at__isnull=False)
    # A seat that was asked again has forgotten when it was asked before; its history has not.
    earlier = (
        Seats.objects.filter(id=OuterRef("seat_id"), round=OuterRef("round"))
        .order_by()
        .values("id")
        .annotate(first=Min("opened_at"))
        .values("first")
    )
    asked = Choice(When(newest, then=F("seat__opened_at")), default=Subquery(earlier))
    taken = Choice(When(newest, then=F("seat__claimed_at")), default=None)
    rows = (
        SignOff.objects.filter(seat__process__in=scope.cases().values("pk"))
        .annotate(asked=asked, claimed=taken)
        .filter(asked__isnull=False)
        .order_by()
        .values(
            stage=F("seat__stage"),
            office=F("seat__office"),
            of_unit=seat_unit("seat__"),
            norm=F("seat__policy__working_days"),
            opened=LocalDay("asked"),
            taken=LocalDay("claimed"),
            answered=LocalDay("decided_at"),
            due=Choice(When(newest, then=F("seat__due")), default=None),
        )
        .annotate(times=Count("pk"))
    )
    return rows.iterator()


def _open(scope: Scope) -> Iterator[Any]:
    rows = (
        Seat.objects.filter(process__in=scope.cases().values("pk"), state=Seat.State.OPEN)
        .order_by()
        .annotate(of_unit=seat_unit())
        .values("stage", "office", "of_unit", "due", norm=F("policy__working_days"))
        .annotate(times=Count("pk"))
    )
    return rows.iterator()


def seat_unit(path: str = "") -> Choice:
    """The unit whose calendar dates a seat: that of its office, or its own."""
    of_office = Q(**{f"{path}office__isnull": False})
    return Choice(When(of_office, then=F(f"{path}office__unit")), default=F(f"{path}unit"))


def unit_names() -> dict[int, str]:
    """Every unit by its number."""
    return dict(Unit.objects.order_by().values_list("pk", "name"))
