"""What was edited by hand in a draft, beside what the program had written from the case."""

from typing import TypedDict

from innovations.models import Innovation

from .clauses import BLOCKS
from .drafting import current_instrument
from .wording import dictum_label, letter


class Edit(TypedDict):
    """One clause in both versions; an empty one was not there."""

    label: str
    old: str
    new: str


def edited_clauses(innovation: Innovation) -> list[Edit]:
    """The clauses of the draft that differ from the assembled text, in order of print."""
    instrument = current_instrument(innovation)
    if instrument is None:
        return []
    found: list[Edit] = []
    for block in BLOCKS:
        assembled = dict(instrument.content.get("assembled", {}).get(block, {}))
        for number, row in enumerate(instrument.content.get(block, [])):
            old = assembled.pop(row.get("key", ""), "")
            if old != row["text"]:
                found.append({"label": _label(block, number), "old": old, "new": row["text"]})
        found += [{"label": "–", "old": text, "new": ""} for text in assembled.values()]
    return found


def _label(block: str, number: int) -> str:
    """The place as the decree prints it."""
    if block == "dicta":
        return dictum_label(number + 1)
    if block == "considerations":
        return f"Menimbang huruf {letter(number + 1)}"
    return f"Memperhatikan angka {number + 1}"
