"""Appending to the ledger, inside the transaction of the act: no entry, no act."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from accounts.acting import NoActor, current_actor, note_deed
from accounts.models import User

from .connections import now_in_micros
from .hashing import NOTHING, VERSION, canonical, entry_hash, sha256
from .kinds import Kind
from .models import Entry

# The chain of what belongs to no case.
SYSTEM = "system"


@dataclass(frozen=True)
class Deed:
    """What was done, before it has its place in a chain."""

    kind: Kind
    chain: str
    actor: int
    content: dict[str, Any]
    capacity: str = ""


def record(
    kind: Kind,
    content: dict[str, Any],
    *,
    chain: str = SYSTEM,
    actor: User | None = None,
    capacity: str = "",
) -> None:
    """Enter an act that no row tells of; raises NoActor where nobody acts."""
    who = actor or current_actor()
    if who is None:
        raise NoActor(f"{kind.label} was to be entered without an actor; use acting_as(user)")
    note_deed(Deed(kind, chain, who.pk, content, capacity))


def append(deeds: Iterable[Deed]) -> list[Entry]:
    """Give each deed its place behind the last entry of its chain, in one statement."""
    chains: dict[str, list[Deed]] = {}
    for deed in deeds:
        chains.setdefault(deed.chain, []).append(deed)
    # In one order everywhere, so that two writers never wait for each other.
    entries = [entry for chain in sorted(chains) for entry in _linked(chain, chains[chain])]
    return Entry.objects.bulk_create(entries)


def _linked(chain: str, deeds: Sequence[Deed]) -> Iterable[Entry]:
    last, previous, micros = head_of(chain)
    for sequence, deed in enumerate(deeds, start=last + 1):
        entry = _entry(deed, sequence, micros, previous)
        previous = entry.hash
        yield entry


def _entry(deed: Deed, sequence: int, micros: int, previous: str) -> Entry:
    payload = canonical(deed.content)
    named = {
        "version": VERSION,
        "chain": deed.chain,
        "sequence": sequence,
        "kind": deed.kind.value,
        "capacity": " ".join(deed.capacity.split()),
        "micros": micros,
        "payload_hash": sha256(payload),
        "previous": previous,
    }
    digest = entry_hash(actor=deed.actor, **named)
    return Entry(actor_id=deed.actor, payload=payload, hash=digest, **named)


def head_of(chain: str) -> tuple[int, str, int]:
    """The last place and hash of a chain and the time, with the chain held until the commit (X1).

    SQLite has one writer at a time; on PostgreSQL writers of one chain wait for each other.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT last, digest, now FROM payung_head(%s)", [chain])
            sequence, digest, micros = cursor.fetchone()
    else:
        last = Entry.objects.filter(chain=chain).order_by("-sequence")
        sequence, digest = last.values_list("sequence", "hash").first() or (0, "")
        micros = now_in_micros()
    return sequence or 0, digest or NOTHING, micros
