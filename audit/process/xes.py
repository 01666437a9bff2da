"""The event log as XES (IEEE 1849-2016), written as it is read."""

import datetime
import re
from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from .events import Event, Trace
from .scope import Scope

EXTENSIONS = (
    ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
    ("Lifecycle", "lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
    ("Organizational", "org", "http://www.xes-standard.org/org.xesext"),
)
UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
GLOBALS = (
    '<global scope="trace"><string key="concept:name" value=""/></global>\n'
    '<global scope="event"><string key="concept:name" value=""/>'
    '<date key="time:timestamp" value="1970-01-01T00:00:00+00:00"/>'
    '<string key="lifecycle:transition" value="complete"/></global>\n'
    '<classifier name="Activity" keys="concept:name"/>\n'
)


def xes(scope: Scope, traces: Iterator[Trace]) -> Iterator[str]:
    """The log piece by piece, one trace for each case."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">\n'
    for name, prefix, uri in EXTENSIONS:
        yield f'<extension name="{name}" prefix="{prefix}" uri="{uri}"/>\n'
    yield GLOBALS
    yield _string("concept:name", str(scope.flow_class.process_title)) + "\n"
    for trace in traces:
        yield _trace(trace)
    yield "</log>\n"


def _trace(trace: Trace) -> str:
    facts = {
        "concept:name": trace.code,
        "payung:innovation": trace.innovation,
        "payung:unit": f"unit-{trace.unit}",
        "payung:stage": trace.stage,
        "payung:ledger_hash": trace.head,
    }
    parts = [_string(key, value) for key, value in facts.items() if value]
    parts.append(f'<int key="payung:ledger_sequence" value="{trace.sequence}"/>')
    return f"<trace>{''.join(parts)}\n{''.join(map(_event, trace.events))}</trace>\n"


def _event(event: Event) -> str:
    facts = {
        "concept:name": event.activity,
        "lifecycle:transition": event.lifecycle,
        "org:resource": f"person-{event.person}" if event.person else "",
        "org:role": event.facts.get("capacity", ""),
        "org:group": f"unit-{event.unit}" if event.unit else "",
        "payung:step": event.step,
        "payung:office": f"office-{event.office}" if event.office else "",
    }
    own = {f"payung:{key}": value for key, value in event.facts.items() if key != "capacity"}
    parts = [_string(key, value) for key, value in (facts | own).items() if value]
    return f"<event>{_date('time:timestamp', event.at)}{''.join(parts)}</event>\n"


def _string(key: str, value: str) -> str:
    return f"<string key={quoteattr(key)} value={quoteattr(_readable(value))}/>"


def _date(key: str, value: datetime.datetime) -> str:
    return f'<date key="{key}" value="{value.isoformat(timespec="milliseconds")}"/>'


def _readable(text: str) -> str:
    """Without the characters that no XML document may hold."""
    return UNREADABLE.sub("", text)
