"""The event log: what happened to cases, in batches that keep the memory small.

People stand in it by the number of their account and by their capacity, never by name.
"""

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import F, Max
from django.utils.translation import gettext as _
from viewflow.workflow.models import Task

from approvals.models import ClockPause, Lapse, SignOff
from legal_basis.models import Instrument

from ..models import Entry
from .days import name_of, step
from .durations import seat_unit
from .scope import Scope

BATCH = 500
# The steps in which a case has to do with its instrument.
OF_INSTRUMENT = {"drafting", "initialling", "signing", "numbering", "issuing", "publication"}
START, COMPLETE = "start", "complete"
Words = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to one case."""

    key: str
    process: int
    step: str
    activity: str
    at: datetime.datetime
    lifecycle: str = COMPLETE
    person: int | None = None
    office: int | None = None
    unit: int | None = None
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Trace:
    """One case with everything that happened to it, in the order in which it happened."""

    code: str
    innovation: str
    unit: int
    begun: datetime.datetime
    ended: datetime.datetime | None
    stage: str
    instruments: Sequence[str]
    sequence: int
    head: str
    events: Sequence[Event]


def traces(scope: Scope) -> Iterator[Trace]:
    """Every case with its events, the oldest case first; a few questions for each batch."""
    cases = scope.cases().annotate(innovation_code=F("innovation__code"))
    cases = cases.annotate(owner=F("innovation__owning_unit")).order_by("pk")
    last = 0
    while batch := list(cases.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        yield from _traces(scope, batch)


def _traces(scope: Scope, batch: Sequence[Any]) -> Iterator[Trace]:
    codes = [case.code for case in batch]
    events = _events(scope, [case.pk for case in batch])
    instruments, heads = _instruments(codes), _heads(codes)
    for case in batch:
        sequence, head = heads.get(case.code, (0, ""))
        yield Trace(
            code=case.code,
            innovation=case.innovation_code,
            unit=case.owner,
            begun=case.created,
            ended=case.finished,
            stage=case.stage,
            instruments=instruments.get(case.code, []),
            sequence=sequence,
            head=head,
            events=events.get(case.pk, []),
        )


def _instruments(codes: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    rows = Instrument.objects.filter(subject_code__in=codes).order_by("pk")
    for code, token in rows.values_list("subject_code", "token"):
        found.setdefault(code, []).append(str(token))
    return found


def _heads(codes: Sequence[str]) -> dict[str, tuple[int, str]]:
    """How far each case's chain of the ledger has come, and its last hash."""
    last = Entry.objects.filter(chain__in=codes).order_by().values("chain").annotate(Max("pk"))
    rows = Entry.objects.filter(pk__in=last.values("pk__max")).order_by()
    return {chain: (place, head) for chain, place, head in rows.values_list(*_HEAD)}


_HEAD = ("chain", "sequence", "hash")


def _events(scope: Scope, processes: Sequence[int]) -> dict[int, list[Event]]:
    words = cache(scope.label)
    found = [
        *_steps(words, processes),
        *_answers(words, processes),
        *_lapses(words, processes),
        *_clocks(words, processes),
    ]
    found.sort(key=_place)
    return {pk: list(events) for pk, events in groupby(found, attrgetter("process"))}


# Of what happened at the same moment: a step begins, is answered, and ends.
_RANK = {"b": 0, "c": 1, "a": 2, "l": 3, "e": 4}


def _place(event: Event) -> tuple[int, datetime.datetime, int, int]:
    kind, number = event.key[0], int(event.key.lstrip("abcelsz"))
    return event.process, event.at, _RANK[kind], number


def _steps(words: Words, processes: Sequence[int]) -> Iterator[Event]:
    tasks = Task.objects.filter(process__in=processes).exclude(flow_task_type="SWITCH")
    rows = tasks.order_by().values_list(
        "pk", "process_id", "flow_task_type", "created", "finished", step()
    )
    for pk, process, kind, created, finished, node in rows:
        name = name_of(node)
        if kind == "HUMAN":
            yield Event(f"b{pk}", process, name, words(name), created, START)
        if finished is not None:
            key = "b" if kind == "START" else "e"
            yield Event(f"{key}{pk}", process, name, words(name), finished)


def _answers(words: Words, processes: Sequence[int]) -> Iterator[Event]:
    answered = _("%(stage)s: answer")
    rows = SignOff.objects.filter(seat__process__in=processes).order_by()
    found = rows.annotate(unit=seat_unit("seat__")).values_list(
        "pk", "decided_at", "person_id", "outcome", "capacity",
        "unit", "seat__process_id", "seat__stage", "seat__office_id",
    )  # fmt: skip
    for pk, at, person, outcome, capacity, unit, process, stage, office in found:
        yield Event(
            f"a{pk}",
            process,
            stage,
            answered % {"stage": words(stage)},
            at,
            person=person,
            office=office,
            unit=unit,
            facts={"outcome": outcome, "capacity": capacity},
        )


def _lapses(words: Words, processes: Sequence[int]) -> Iterator[Event]:
    rows = Lapse.objects.filter(sign_off__seat__process__in=processes).order_by()
    for row in rows.select_related("sign_off__seat"):
        seat = row.sign_off.seat
        label = _("%(stage)s: answer lapsed") % {"stage": words(seat.stage)}
        facts = {"cause": row.cause}
        yield Event(f"l{row.pk}", seat.process_id, seat.stage, label, row.at, facts=facts)


def _clocks(words: Words, processes: Sequence[int]) -> Iterator[Event]:
    rows = ClockPause.objects.filter(process__in=processes).order_by()
    for row in rows.annotate(node=step("task__flow_task")):
        name = name_of(row.node)
        stage = {"stage": words(name)}
        begun = _("%(stage)s: clock stopped")
        turns: list[tuple[str, str, Any, int | None]] = [
            (f"cs{row.pk}", begun, row.started_at, row.started_by_id)
        ]
        if row.ended_at is not None:
            again = _("%(stage)s: clock runs again")
            turns.append((f"cz{row.pk}", again, row.ended_at, row.ended_by_id))
        for key, label, at, person in turns:
            facts = {"reason": row.kind}
            yield Event(key, row.process_id, name, label % stage, at, person=person, facts=facts)
