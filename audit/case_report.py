"""The readable report of one case in an evidence pack: PDF, in the language of who asked for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from legal_basis.rendering import MEMORY_BYTES, RenderError, RenderTimeout, RenderTooLarge, lay_out
from legal_basis.style import asset, current_style
from workflow.stages import place_labels
from workflow.templatetags.payung import word_diff

from .history import Act, Change, FieldChange
from .packed_case import PackedCase

VARIANT = "pdf/a-3u"
SECONDS = 45
# A thousand changes take some ten seconds; whoever needs more reads the data beside it.
MOST_CHANGES = 600
FEWER_CHANGES = 60
MOST_ENTRIES = 2_000
# What stays the same in a long text is cut down to its ends.
SHOWN_AROUND = 60
MOST_OF_A_TEXT = 4_000


@dataclass(frozen=True)
class PrintedField:
    """One field of a change, as runs of text that stayed, went and came."""

    label: str
    parts: list[dict[str, str]]


@dataclass(frozen=True)
class PrintedChange:
    """One version of one row."""

    label: str
    title: str
    kind: str
    fields: list[PrintedField]


@dataclass(frozen=True)
class PrintedAct:
    """What one person wrote at one moment."""

    who: str
    when: Any
    changes: list[PrintedChange]


def report_pdf(case: PackedCase, asked_by: str) -> bytes:
    """The report; raises RenderError where even a shortened one cannot be laid out."""
    try:
        return lay_out(_job(case, asked_by, MOST_CHANGES))
    except (RenderTimeout, RenderTooLarge):
        return lay_out(_job(case, asked_by, FEWER_CHANGES))


def report_html(case: PackedCase, asked_by: str, most: int = MOST_CHANGES) -> str:
    """The report as HTML."""
    acts, whole = case.acts(most)
    entries = case.entries
    context = {
        "case": case,
        "asked_by": asked_by,
        "made_at": timezone.now(),
        "stages": place_labels(),
        "acts": [_printed(act) for act in acts],
        "all_changes": whole,
        "entries": list(entries[:MOST_ENTRIES]),
        "entry_count": entries.count(),
    }
    return render_to_string("audit/packs/report.html", context)


def _job(case: PackedCase, asked_by: str, most: int) -> dict[str, Any]:
    sheets = [asset("audit/report.css").decode()]
    return {
        "html": report_html(case, asked_by, most),
        "css": [current_style().on_paper("A4").css(), *sheets],
        "assets": {},
        "attachments": [],
        "variant": VARIANT,
        "memory_bytes": MEMORY_BYTES,
        "cpu_seconds": SECONDS,
        "wall_seconds": 2 * SECONDS,
    }


def _printed(act: Act) -> PrintedAct:
    return PrintedAct(str(act.who or "–"), act.when, [_change(change) for change in act.changes])


def _change(change: Change) -> PrintedChange:
    fields = [PrintedField(field.label, list(_parts(field))) for field in change.fields]
    return PrintedChange(change.label, change.title, change.version.history_type, fields)


def _parts(field: FieldChange) -> Iterator[dict[str, str]]:
    old, new = field.old[:MOST_OF_A_TEXT], field.new[:MOST_OF_A_TEXT]
    for part in field.parts or word_diff(old, new):
        text = part["text"]
        if part["kind"] == "equal" and len(text) > 3 * SHOWN_AROUND:
            text = f"{text[:SHOWN_AROUND]} […] {text[-SHOWN_AROUND:]}"
        yield {"kind": part["kind"], "text": text}


__all__ = ["RenderError", "report_html", "report_pdf"]
