"""The event log as OCEL 2.0 JSON: one log over cases, innovations, instruments, offices, units."""

import datetime
import json
from collections.abc import Iterable, Iterator
from typing import Any

from accounts.models import Office, Unit

from .events import OF_INSTRUMENT, Event, Trace
from .scope import Scope

Json = dict[str, Any]
# Attributes of objects and events, all of them text but one.
OBJECT_TYPES = {
    "case": ("flow", "stage", "ledger_hash", "ledger_sequence"),
    "innovation": (),
    "instrument": (),
    "office": ("title",),
    "unit": ("name",),
}
EVENT_FACTS = ("lifecycle", "step", "person", "capacity", "outcome", "cause", "reason")
WHOLE_NUMBERS = {"ledger_sequence"}


def ocel(scope: Scope, traces: Iterator[Trace]) -> Iterator[str]:
    """The log piece by piece: events first, so that one reading tells which types there are."""
    types: set[str] = set()
    objects = Objects(scope)
    yield '{"events": [\n'
    yield from _joined(_events(traces, types, objects))
    yield '],\n"objects": [\n'
    yield from _joined(objects.listed())
    yield '],\n"objectTypes": '
    yield json.dumps([_type(name, facts) for name, facts in OBJECT_TYPES.items()])
    yield ', "eventTypes": '
    yield json.dumps([_type(name, EVENT_FACTS) for name in sorted(types)], ensure_ascii=False)
    yield "}\n"


def _events(traces: Iterator[Trace], types: set[str], objects: "Objects") -> Iterator[Json]:
    for trace in traces:
        objects.meet(trace)
        for event in trace.events:
            types.add(activity_of(event))
            yield _event(trace, event)


class Objects:
    """What the events are about: kept while they are written, and listed behind them."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.cases: list[Json] = []
        self.innovations: set[str] = set()
        self.instruments: set[str] = set()

    def meet(self, trace: Trace) -> None:
        """Note the case, and what it leads to."""
        self.cases.append(_case(self.scope, trace))
        self.innovations.add(trace.innovation)
        self.instruments.update(trace.instruments)

    def listed(self) -> Iterator[Json]:
        """Every object; offices and units whole, because they are few."""
        for pk, title in Office.objects.order_by("pk").values_list("pk", "title"):
            yield _object("office", f"office-{pk}", {"title": title})
        for pk, name in Unit.objects.order_by("pk").values_list("pk", "name"):
            yield _object("unit", f"unit-{pk}", {"name": name})
        for kind in ("innovation", "instrument"):
            for name in sorted(getattr(self, f"{kind}s")):
                yield _object(kind, f"{kind}-{name}", {})
        yield from self.cases


def activity_of(event: Event) -> str:
    """The type of an event: OCEL has no life cycle, so beginnings are types of their own."""
    return event.activity if event.lifecycle == "complete" else f"{event.activity} +"


def _joined(rows: Iterable[Json]) -> Iterator[str]:
    # One writer for all rows: to make it anew for each costs as much as the writing.
    write = json.JSONEncoder(ensure_ascii=False).encode
    for number, row in enumerate(rows):
        yield (",\n" if number else "") + write(row)


def _type(name: str, facts: Iterable[str]) -> Json:
    kinds = ({"name": one, "type": _kind(one)} for one in facts)
    return {"name": name, "attributes": list(kinds)}


def _kind(fact: str) -> str:
    return "integer" if fact in WHOLE_NUMBERS else "string"


def _case(scope: Scope, trace: Trace) -> Json:
    facts = {
        "flow": scope.flow,
        "stage": trace.stage,
        "ledger_hash": trace.head,
        "ledger_sequence": trace.sequence,
    }
    links = [
        _link(f"innovation-{trace.innovation}", "carries"),
        _link(f"unit-{trace.unit}", "owned by"),
        *(_link(f"instrument-{token}", "leads to") for token in trace.instruments),
    ]
    return _object("case", trace.code, facts, trace.begun) | {"relationships": links}


def _object(kind: str, key: str, facts: Json, at: datetime.datetime | None = None) -> Json:
    moment = _moment(at or datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC))
    values = [{"name": name, "time": moment, "value": value} for name, value in facts.items()]
    return {"id": key, "type": kind, "attributes": values, "relationships": []}


def _event(trace: Trace, event: Event) -> Json:
    facts = {"lifecycle": event.lifecycle, "step": event.step, **event.facts}
    if event.person:
        facts["person"] = f"person-{event.person}"
    return {
        "id": f"{trace.code}/{event.key}",
        "type": activity_of(event),
        "time": _moment(event.at),
        "attributes": [{"name": name, "value": value} for name, value in facts.items()],
        "relationships": list(_links(trace, event)),
    }


def _links(trace: Trace, event: Event) -> Iterator[Json]:
    yield _link(trace.code, "case")
    yield _link(f"innovation-{trace.innovation}", "innovation")
    if event.step in OF_INSTRUMENT:
        yield from (_link(f"instrument-{token}", "instrument") for token in trace.instruments)
    if event.office:
        yield _link(f"office-{event.office}", "answered by")
    if event.unit:
        yield _link(f"unit-{event.unit}", "answered in")


def _link(key: str, qualifier: str) -> Json:
    return {"objectId": key, "qualifier": qualifier}


def _moment(value: datetime.datetime) -> str:
    return value.astimezone(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
