"""Appending to the ledger, inside the transaction of the act: no entry, no act."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from accounts.acting import NoActor, current_actor, note_deed
from accounts.models import User

from .connections import now_in_micros
from .hashing import NOTHING, VERSION, canonical, entry_hash, sha256
from .kinds import Kind

# The chain of what belongs to no case.
SYSTEM = "system"
# Plain SQL: every act pays for it. The hashed columns in the order of `entry_hash`, then the rest.
COLUMNS = (
    "version",
    "chain",
    "sequence",
    "kind",
    "actor_id",
    "capacity",
    "micros",
    "payload_hash",
    "previous",
    "hash",
    "payload",
)
PLACES = f"({', '.join(['%s'] * len(COLUMNS))})"
LAST = "SELECT sequence, hash FROM audit_entry WHERE chain = %s ORDER BY sequence DESC LIMIT 1"


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


def append(deeds: Iterable[Deed]) -> None:
    """Give each deed its place behind the last entry of its chain, in one statement."""
    chains: dict[str, list[Deed]] = {}
    for deed in deeds:
        chains.setdefault(deed.chain, []).append(deed)
    # In one order everywhere, so that two writers never wait for each other.
    rows = [row for chain in sorted(chains) for row in _linked(chain, chains[chain])]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO audit_entry ({', '.join(COLUMNS)}) VALUES "  # noqa: S608 - our columns
            + ", ".join([PLACES] * len(rows)),
            [value for row in rows for value in row],
        )


def _linked(chain: str, deeds: Sequence[Deed]) -> Iterator[tuple[Any, ...]]:
    last, previous, micros = head_of(chain)
    for sequence, deed in enumerate(deeds, start=last + 1):
        payload = canonical(deed.content)
        hashed = (
            VERSION,
            chain,
            sequence,
            deed.kind.value,
            deed.actor,
            " ".join(deed.capacity.split()),
            micros,
            sha256(payload),
            previous,
        )
        previous = entry_hash(*hashed)
        yield (*hashed, previous, payload)


def head_of(chain: str) -> tuple[int, str, int]:
    """The last place and hash of a chain and the time, with the chain held until the commit (X1).

    SQLite has one writer at a time; on PostgreSQL writers of one chain wait for each other.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT last, digest, now FROM payung_head(%s)", [chain])
            sequence, digest, micros = cursor.fetchone()
    else:
        with connection.cursor() as cursor:
            cursor.execute(LAST, [chain])
            sequence, digest = cursor.fetchone() or (0, NOTHING)
        micros = now_in_micros()
    return sequence or 0, digest or NOTHING, micros
