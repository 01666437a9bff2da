"""Cross-references: `{ref:KEY}` in a text prints where the piece with that key stands now."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .models import Instrument
from .units import KEY, Piece, Place, pieces_of

TOKEN = re.compile(rf"\{{ref:({KEY})\}}")
NOWHERE = "…"

Places = Mapping[str, Place]


@dataclass(frozen=True)
class Unresolved:
    """A reference that leads nowhere: where it is written, and the key that nothing bears."""

    place: str
    key: str


def token(key: str) -> str:
    """What is written to refer to the piece with this key."""
    return f"{{ref:{key}}}"


def places_of(instrument: Instrument) -> dict[str, Place]:
    """Where each keyed piece of the instrument stands; the first one of a doubled key counts."""
    found: dict[str, Place] = {}
    for piece in _pieces(instrument):
        for key in piece.keys:
            found.setdefault(key, piece.place)
    return found


def resolved(text: str, here: Place, places: Places) -> str:
    """The text with its references in words, as they read from `here`."""
    return TOKEN.sub(lambda token: _words(places.get(token[1]), here), text)


def unresolved(instrument: Instrument) -> list[Unresolved]:
    """The references that lead nowhere, in order of print."""
    places = places_of(instrument)
    return [
        Unresolved(str(piece.place), key)
        for piece in _pieces(instrument)
        for key in TOKEN.findall(piece.text)
        if key not in places
    ]


def doubled(instrument: Instrument) -> list[str]:
    """The keys that more than one piece bears."""
    keys = [key for piece in _pieces(instrument) for key in piece.keys]
    return sorted({key for key in keys if keys.count(key) > 1})


def _pieces(instrument: Instrument) -> Iterator[Piece]:
    return _walked(pieces_of(instrument.kind, instrument.content, amends=amends(instrument)))


def amends(instrument: Instrument) -> bool:
    """True where its articles are counted I, II: it changes another instrument."""
    return instrument.purpose == Instrument.Purpose.AMEND


def _walked(pieces: Iterable[Piece]) -> Iterator[Piece]:
    for piece in pieces:
        yield from piece.walk()


def _words(target: Place | None, here: Place) -> str:
    """`dalam Pasal 3 ayat (2)`; within the same article `pada ayat (2)` (UU 12/2011, annex II)."""
    if target is None:
        return NOWHERE
    if not target.within or target.unit != here.unit:
        return f"dalam {target}"
    return f"{'pada' if target.block == 'body' else 'dalam'} {target.within}"
