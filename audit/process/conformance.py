"""Whether cases kept to the written process: the graph of the flow, edge by edge."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.flow import Flow
from viewflow.workflow.models import Task

from approvals.models import Seat, SignOff
from workflow.nodes import Ending

from .days import name_of, step
from .scope import Scope

Moves = Task.previous.through
# An ended case that the secretariat opened anew goes on at the revision: lawful, yet off the graph.
REOPENED_TO = "revision"


@dataclass(frozen=True)
class Move:
    """Cases that went from one step to another, and whether the process says so."""

    before: str
    after: str
    times: int
    cases: int
    example: str
    verdict: str


@dataclass(frozen=True)
class Fault:
    """Cases of which something is true that the written process rules out."""

    name: str
    label: Any
    cases: int
    example: str


WRITTEN, REOPENED, DEVIATION = "written", "reopened", "deviation"
FAULTS = {
    "unfinished": _("Ended, though a step was still open"),
    "endless": _("Ended without reaching an end"),
    "unbegun": _("Has steps that follow from nothing"),
    "unanswered": _("Left a stage without anybody's answer"),
    "backwards": _("A step ended before it began"),
}


@cache
def written_moves(flow: Any) -> frozenset[tuple[str, str]]:
    """Every step of the written process, and the steps that may follow it."""
    edges = (edge for node in flow.instance.nodes() for edge in node._outgoing())
    return frozenset((edge.src.name, edge.dst.name) for edge in edges)


def moves(scope: Scope) -> list[Move]:
    """Every move that was made, those off the written way first."""
    rows = (
        Moves.objects.filter(from_task__process__in=scope.cases().values("pk"))
        .order_by()
        .values(before=step("to_task__flow_task"), after=step("from_task__flow_task"))
        .annotate(
            times=Count("pk"),
            cases=Count("from_task__process", distinct=True),
            example=Min("from_task__process__case__code"),
        )
    )
    found = [_move(scope.flow_class, row) for row in rows]
    order = (DEVIATION, REOPENED, WRITTEN)
    return sorted(found, key=lambda one: (order.index(one.verdict), -one.cases, one.before))


def _move(flow: type[Flow], row: dict[str, Any]) -> Move:
    row["before"], row["after"] = name_of(row["before"]), name_of(row["after"])
    return Move(**row, verdict=_verdict(flow, row["before"], row["after"]))


def _verdict(flow: type[Flow], before: str, after: str) -> str:
    if (before, after) in written_moves(flow):  # type: ignore[arg-type]
        return WRITTEN
    ended = isinstance(getattr(flow, before, None), Ending)
    return REOPENED if ended and after == REOPENED_TO else DEVIATION


def faults(scope: Scope) -> list[Fault]:
    """What else the process rules out, each with the number of cases: one question for all."""
    parts = [
        cases.order_by()
        .annotate(fault=Value(name))
        .values("fault")
        .annotate(cases=Count("pk"), example=Min("code"))
        for name, cases in _faulty(scope)
    ]
    found = {row["fault"]: row for row in parts[0].union(*parts[1:], all=True)}
    none: dict[str, Any] = {"cases": 0, "example": ""}
    return [
        Fault(name, label, row["cases"], row["example"] or "")
        for name, label in FAULTS.items()
        for row in [found.get(name, none)]
    ]


def _faulty(scope: Scope) -> Iterator[tuple[str, QuerySet[Any]]]:
    cases = scope.cases()
    tasks = Task.objects.filter(process=OuterRef("pk"))
    ended = cases.filter(finished__isnull=False)
    yield "unfinished", ended.filter(Exists(tasks.filter(finished__isnull=True)))
    yield "endless", ended.filter(~Exists(tasks.filter(flow_task_type="END", status="DONE")))
    orphans = tasks.exclude(flow_task_type="START").filter(previous__isnull=True)
    yield "unbegun", cases.filter(Exists(orphans))
    yield "unanswered", cases.filter(Exists(_unanswered(tasks)))
    yield "backwards", cases.filter(Exists(tasks.filter(finished__lt=F("created"))))


def _unanswered(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Stages that ended with no answer on any seat, old or kept; a withdrawal needs none."""
    answered = Seat.objects.filter(task=OuterRef("pk")).filter(
        Q(answer__isnull=False)
        | Q(state=Seat.State.RECUSED)
        | Exists(SignOff.objects.filter(seat=OuterRef("pk")))
    )
    withdrawn = Task.objects.filter(
        previous__previous=OuterRef("pk"), flow_task__endswith=".withdrawn"
    )
    left = tasks.filter(flow_task_type="HUMAN", status="DONE")
    return left.filter(~Exists(answered), ~Exists(withdrawn))
