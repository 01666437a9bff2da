"""A draft beside the library, what was assembled from the case, and earlier drafts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

from django.utils.translation import gettext as _

from innovations.stage_forms import StageForm

from . import clauses, units
from .models import Instrument
from .references import amends

LIBRARY, ASSEMBLED = "library", "assembled"
BLOCKS = tuple(dict.fromkeys(block for blocks in clauses.BLOCKS.values() for block in blocks))
MOST_VERSIONS = 60

Content = Mapping[str, Any]


class Edit(TypedDict):
    """One clause in both versions; an empty one was not there."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Version:
    """An earlier state of the draft's text, as it was saved."""

    number: int
    title: str
    content: Content
    saved_at: Any
    saved_by: Any


def with_assembled(instrument: Instrument) -> list[Edit]:
    """What differs from the text as it was last assembled from the case."""
    return differences(instrument, _rows_of(instrument.content.get("assembled", {})))


def with_library(instrument: Instrument) -> list[Edit]:
    """What differs from the newest wordings of the library, filled in with the case's data."""
    values = instrument.content.get("values")
    if values is None:
        return with_assembled(instrument)
    return differences(instrument, clauses.drafted(values, instrument.kind, instrument.purpose))


def with_version(instrument: Instrument, version: Version) -> list[Edit]:
    """What differs from an earlier version, its title included."""
    changed: Edit = {"label": _("Title"), "old": version.title, "new": instrument.title}
    title = [changed] if version.title != instrument.title else []
    return title + differences(instrument, version.content)


def versions_of(instrument: Instrument) -> list[Version]:
    """The earlier versions of the text, the newest first; saves that changed no text are left out.

    The first is the previous draft. At most the last 60 saves are looked at, in one query.
    """
    found: list[Version] = []
    seen = [_text(instrument.title, instrument.content)]
    history = Instrument.history.filter(id=instrument.pk).select_related("history_user")
    for row in history.order_by("-history_date", "-history_id")[:MOST_VERSIONS]:
        text = _text(row.title, row.content)
        if text != seen[-1]:
            seen.append(text)
            found.append(
                Version(row.history_id, row.title, row.content, row.history_date, row.history_user)
            )
    return found


def differences(instrument: Instrument, other: Content) -> list[Edit]:
    """The clauses that differ from those of `other`, in order of print; gone ones come last."""
    found: list[Edit] = []
    for block in clauses.BLOCKS[Instrument.Kind(instrument.kind)]:
        before = {_name(row): row["text"] for row in other.get(block, [])}
        rows = instrument.content.get(block, [])
        for row, label in zip(rows, _labels(instrument, block), strict=True):
            old = before.pop(_name(row), "")
            if old != row["text"]:
                found.append({"label": label, "old": old, "new": row["text"]})
        found += [{"label": "–", "old": text, "new": ""} for text in before.values()]
    return found


def mark_edited(form: StageForm, instrument: Instrument | None) -> None:
    """Let each clause in the form say that it was edited by hand, where it was."""
    assembled = instrument.content.get("assembled", {}) if instrument else {}
    for block in assembled:
        for row in form.rows[block].forms if block in form.rows else []:
            key, text = row.initial.get("key"), row.initial.get("text")
            if text and assembled[block].get(key) != text:
                field = row.fields["text"]
                edited = _("Edited by hand; the library says it otherwise.")
                field.help_text = f"{edited} {field.help_text}".strip()


def _labels(instrument: Instrument, block: str) -> list[str]:
    """The place of each row as the instrument prints it."""
    rows = instrument.content.get(block, [])
    if block == "body":
        pieces = units.body(rows, amends=amends(instrument))
    else:
        pieces = getattr(units, block)(rows)
    return [str(piece.place) for piece in pieces]


def _rows_of(assembled: Mapping[str, Mapping[str, str]]) -> Content:
    return {
        block: [{"key": key, "text": text} for key, text in texts.items()]
        for block, texts in assembled.items()
    }


def _name(row: Mapping[str, str]) -> str:
    """What a row is known by in both versions: a clause that people added, by its text."""
    return row.get("key") or row["text"]


def _text(title: str, content: Content) -> list[Any]:
    blocks = [[(row.get("key"), row["text"]) for row in content.get(name, [])] for name in BLOCKS]
    return [title, *blocks]
