"""Where the ledger stood: what an instrument prints of it, and what proves that today.

The ledger is kept on a floor above, which says how to ask it.
"""

import datetime
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from accounts.models import StoredFile

from .models import Instrument

SHOWN_OF_HASH = 16


@dataclass(frozen=True)
class Position:
    """An entry of the ledger: its chain, its place, its hash."""

    chain: str
    sequence: int
    digest: str

    def __str__(self) -> str:
        return f"{self.chain}/{self.sequence} {self.digest[:SHOWN_OF_HASH]}"

    @property
    def in_full(self) -> str:
        """With the whole hash."""
        return f"{self.chain}/{self.sequence} {self.digest}"

    def as_data(self) -> dict[str, Any]:
        """The same as plain values."""
        return {"chain": self.chain, "sequence": self.sequence, "hash": self.digest}


@dataclass(frozen=True)
class Witness:
    """Somebody outside who holds a checkpoint, by name and in words, since when."""

    name: str
    label: str
    at: datetime.datetime


@dataclass(frozen=True)
class Evidence:
    """The entry by which an instrument was issued, and what has left the machine since.

    printed_holds: whether the ledger still has the entry that the document names.
    """

    position: Position
    printed: Position | None = None
    printed_holds: bool = False
    checkpoint: int | None = None
    signed_at: datetime.datetime | None = None
    witnesses: list[Witness] = field(default_factory=list)


Positions = Callable[[str], Position | None]
Proofs = Callable[[Instrument, Position | None], Evidence | None]

_offered: dict[str, Any] = {}


def offer(positions: Positions, proofs: Proofs) -> None:
    """Say how to ask where a case's chain stands, and what proves an issued instrument."""
    _offered.update(positions=positions, proofs=proofs)


def position_of(code: str) -> Position | None:
    """Where the chain of a case stands now; None where there is no ledger, or nothing in it."""
    ask = _offered.get("positions")
    return ask(code) if ask else None


def evidence_of(instrument: Instrument) -> Evidence | None:
    """What proves an issued instrument today; None for one from before the ledger."""
    ask = _offered.get("proofs")
    return ask(instrument, printed_position(instrument)) if ask else None


def printed_position(instrument: Instrument) -> Position | None:
    """The position that the document itself names; None where it names none."""
    stored = instrument.rendered or instrument.document
    if stored is None or not stored.location.is_file():
        return None
    return _read(stored.sha256, stored)


@lru_cache(maxsize=256)
def _read(sha256: str, stored: StoredFile) -> Position | None:
    try:
        attached = PdfReader(io.BytesIO(stored.read())).attachments.get("payung.json")
        told = json.loads(attached[0])["ledger"] if attached else None
        return Position(told["chain"], told["sequence"], told["hash"]) if told else None
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError):
        return None
