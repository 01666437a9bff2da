"""Cross-references: `{ref:KEY}` in a text prints where the piece with that key stands now."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .models import Instrument
from .wording import dictum_label, letter

TOKEN = re.compile(r"\{ref:([A-Za-z0-9][A-Za-z0-9_-]{0,59})\}")
LABEL = re.compile(r"^(?:--? )?\[([A-Za-z0-9][A-Za-z0-9_-]{0,59})\]", re.M)
NOWHERE = "…"


@dataclass(frozen=True)
class Unresolved:
    """A reference that leads nowhere: where it is written, and the key that nothing bears."""

    place: str
    key: str


def resolved(text: str, instrument: Instrument) -> str:
    """The text with its references to dicta and considerations in words."""
    places = {key: place for place, key, _text in _rows(instrument)}
    return TOKEN.sub(
        lambda token: f"dalam {places[token[1]]}" if token[1] in places else NOWHERE, text
    )


def unresolved(instrument: Instrument) -> list[Unresolved]:
    """The references that lead nowhere, in order of print."""
    rows = list(_rows(instrument))
    known = {key for _place, key, text in rows} | {
        label for _place, _key, text in rows for label in LABEL.findall(text)
    }
    return [
        Unresolved(place, key)
        for place, _key, text in rows
        for key in TOKEN.findall(text)
        if key not in known
    ]


def _rows(instrument: Instrument) -> Iterator[tuple[str, str, str]]:
    for block in ("considerations", "dicta", "body"):
        for number, row in enumerate(instrument.content.get(block, []), start=1):
            yield _place(block, number), row.get("key", ""), row["text"]


def _place(block: str, number: int) -> str:
    if block == "dicta":
        return f"Diktum {dictum_label(number)}"
    return f"huruf {letter(number)}" if block == "considerations" else f"Pasal {number}"
