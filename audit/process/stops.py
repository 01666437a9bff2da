"""Where cases stop: ends without a decree, stages in which they stand, clocks that stood still."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from viewflow.workflow.models import Task

from approvals.models import ClockPause

from .days import LocalDay, Spread, WorkingDays, name_of, step
from .scope import Scope

# People and the worker are waited for; a timer means to wait.
WAITS = ("HUMAN", "FUNCTION")
# Ends at which a case has come where it should.
GOOD_ENDS = {"done"}


@dataclass
class Ends:
    """The cases that came to one end from one stage."""

    end: str
    stage: str
    cases: int = 0
    cycle: Spread = field(default_factory=Spread)


@dataclass(frozen=True)
class Standing:
    """A case that has not moved since a day."""

    code: str
    name: str
    stage: str
    since: Any
    days: int


@dataclass
class Pauses:
    """How often and how long the clock of one stage stood still for one kind of reason."""

    stage: str
    kind: str
    spread: Spread = field(default_factory=Spread)
    running: int = 0


def ends(scope: Scope, days: WorkingDays) -> list[Ends]:
    """The ends that are no success, and the stage before each, the commonest first."""
    rows = (
        scope.cases()
        .filter(~Q(stage__in=GOOD_ENDS), finished__isnull=False)
        .values("stage", "asked_by", begun=LocalDay("created"), ended=LocalDay("finished"))
        .annotate(times=Count("pk"))
    )
    found: dict[tuple[str, str], Ends] = {}
    for row in rows:
        key = row["stage"], row["asked_by"]
        one = found.setdefault(key, Ends(*key))
        one.cases += row["times"]
        one.cycle.add(days.between(row["begun"], row["ended"]), row["times"])
    return sorted(found.values(), key=lambda one: (-one.cases, one.end, one.stage))


def standing(scope: Scope, days: WorkingDays, most: int) -> list[Standing]:
    """The running cases that have been in their stage the longest."""
    rows = (
        Task.objects.filter(process__in=scope.cases().values("pk"), flow_task_type__in=WAITS)
        .filter(finished__isnull=True)
        .order_by("created", "pk")
        .values_list(
            "process__case__code",
            "process__case__innovation__name",
            step(),
            LocalDay("created"),
        )
    )
    return [
        Standing(code, name, name_of(node), since, days.between(since))
        for code, name, node, since in rows[:most]
    ]


def pauses(scope: Scope, days: WorkingDays) -> list[Pauses]:
    """The clocks that stood still, by stage and kind of reason."""
    found: dict[tuple[str, str], Pauses] = {}
    for row in _pauses(scope):
        key = name_of(row["node"]), row["kind"]
        one = found.setdefault(key, Pauses(*key))
        if row["ended"]:
            one.spread.add(days.between(row["begun"], row["ended"]), row["times"])
        else:
            one.running += row["times"]
    return [found[key] for key in sorted(found)]


def _pauses(scope: Scope) -> Iterator[Any]:
    rows = (
        ClockPause.objects.filter(process__in=scope.cases().values("pk"))
        .order_by()
        .values("kind", node=step("task__flow_task"))
        .annotate(begun=LocalDay("started_at"), ended=LocalDay("ended_at"), times=Count("pk"))
    )
    return rows.iterator()
