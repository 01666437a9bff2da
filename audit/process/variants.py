"""The ways that cases took: the same stages in the same order are one variant."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from viewflow.workflow.models import Task

from .days import LocalDay, Spread, WorkingDays, name_of, step
from .scope import Scope

# What tells one way from another; switches and automatic steps follow from these.
STATIONS = ("HUMAN", "END")
Path = tuple[str, ...]


@dataclass
class Variant:
    """The cases that took one way, by the stored names of its stages and its end."""

    path: Path
    cases: int = 0
    running: int = 0
    cycle: Spread = field(default_factory=Spread)
    example: str = ""


def variants(scope: Scope, days: WorkingDays) -> list[Variant]:
    """Every way that was taken, the commonest first; of equals the shorter."""
    found: dict[Path, Variant] = {}
    paths = dict(_paths(scope))
    rows = scope.cases().values_list("pk", "code", LocalDay("created"), LocalDay("finished"))
    for pk, code, begun, ended in rows.iterator():
        path = paths.get(pk, ())
        one = found.setdefault(path, Variant(path, example=code))
        one.cases += 1
        if ended:
            one.cycle.add(days.between(begun, ended))
        else:
            one.running += 1
    return sorted(found.values(), key=lambda one: (-one.cases, len(one.path), one.path))


def sent_back(found: Iterable[Variant]) -> dict[tuple[str, str], int]:
    """How often cases went from one stage to another that they had left before."""
    times: dict[tuple[str, str], int] = {}
    for variant in found:
        for place, pair in enumerate(zip(variant.path, variant.path[1:], strict=False)):
            if pair[1] in variant.path[: place + 1] or pair[1] == "revision":
                times[pair] = times.get(pair, 0) + variant.cases
    return times


def _paths(scope: Scope) -> Iterator[tuple[int, Path]]:
    tasks = Task.objects.filter(process__in=scope.cases().values("pk"))
    rows = tasks.filter(flow_task_type__in=STATIONS).order_by("process_id", "pk")
    ordered = rows.values_list("process_id", step()).iterator(chunk_size=10_000)
    names: dict[str, str] = {}
    for process, steps in groupby(ordered, key=itemgetter(0)):
        yield process, tuple(names.setdefault(node, name_of(node)) for _pk, node in steps)
