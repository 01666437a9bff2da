"""Checkpoints: how far every chain and the journal have come, signed.

A statement is lines of `name: value`: first what the columns of the checkpoint hold, then a line
`head: CHAIN SEQUENCE HASH` for each chain that grew since the checkpoint before; every
`FULL_EVERY`th names all. The root is over all heads, in the order of their chains' code points.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.db import IntegrityError, connection, transaction
from django.db.models import Max, Q, QuerySet

from .connections import now_in_micros
from .hashing import NOTHING, head_leaf, merkle_root, sha256
from .keys import signing_key
from .models import Checkpoint, Entry, JournalRow

FORMAT = 1
FULL_EVERY = 1000
# Whoever comes second to a number reads anew and takes the next.
ATTEMPTS = 5
# The columns in the order of the statement, by the names that the statement gives them.
FIELDS = {
    "number": "number",
    "micros": "micros",
    "heads": "heads",
    "entries": "entries",
    "root": "root",
    "journal-after": "journal_after",
    "journal-until": "journal_until",
    "from-tx": "from_tx",
    "until-tx": "until_tx",
    "journal-rows": "journal_rows",
    "journal-digest": "journal_digest",
    "previous": "previous",
    "key": "key",
    "occasion": "occasion",
}
ROW = ("pk", "transaction", "relation", "row_key", "operation", "actor", "micros", "digest")
# Snapshots count the whole server; who is at work in another database writes no row of this one.
HORIZON = """
SELECT coalesce((SELECT max(id) FROM audit_journal), 0), least(
  pg_snapshot_xmax(seen.snapshot)::text::bigint,
  pg_current_xact_id_if_assigned()::text::bigint,
  (SELECT min(running::text::bigint) FROM pg_snapshot_xip(seen.snapshot) AS running
   WHERE NOT EXISTS (
     SELECT FROM pg_locks AS held JOIN pg_stat_activity AS worker ON worker.pid = held.pid
     WHERE held.locktype = 'transactionid' AND held.granted
       AND held.transactionid::text::bigint = running::text::bigint % 4294967296
       AND worker.datname <> current_database())))
FROM (SELECT pg_current_snapshot() AS snapshot) AS seen"""
HEADS = """
WITH RECURSIVE chains(chain) AS (
    SELECT MIN(chain) FROM audit_entry
    UNION ALL
    SELECT (SELECT MIN(chain) FROM audit_entry WHERE chain > chains.chain)
    FROM chains WHERE chain IS NOT NULL
)
SELECT last.chain, last.sequence, last.hash
FROM chains JOIN audit_entry AS last ON last.chain = chains.chain
WHERE last.sequence = (SELECT MAX(sequence) FROM audit_entry WHERE chain = chains.chain)"""


class Rewritten(Exception):
    """A chain no longer holds what the last checkpoint says it held: nothing more is signed."""


class Head(NamedTuple):
    """The last entry of a chain."""

    sequence: int
    digest: str


Heads = Mapping[str, Head]


def make_checkpoint(occasion: str = "") -> Checkpoint | None:
    """Sign how far everything has come; None where nothing is new.

    Raises NoKey without a key, and Rewritten where a chain was cut or changed. Holds no lock:
    of two that sign at once, the second begins again.
    """
    for attempt in range(1, ATTEMPTS + 1):
        made = _next(" ".join(occasion.split())[:60])
        try:
            with transaction.atomic():
                if made is not None:
                    made.save(force_insert=True)
                return made
        except IntegrityError:
            if attempt == ATTEMPTS:
                raise
    return None


def statement_of(checkpoint: Checkpoint, heads: Heads) -> str:
    """The text that is signed, from the columns and the heads it names."""
    lines = [f"payung-checkpoint: {FORMAT}"]
    lines += [f"{name}: {getattr(checkpoint, column)}" for name, column in FIELDS.items()]
    lines += [f"head: {chain} {at} {digest}" for chain, (at, digest) in sorted(heads.items())]
    return "\n".join(lines) + "\n"


def named_heads(statement: str) -> dict[str, Head]:
    """The heads that a statement names; raises ValueError where it is none."""
    found = {}
    for line in statement.splitlines():
        name, _, value = line.partition(": ")
        if name == "head":
            chain, sequence, digest = value.split(" ")
            found[chain] = Head(int(sequence), digest)
    return found


def heads_at(checkpoint: Checkpoint | None) -> dict[str, Head]:
    """All heads as they were at a checkpoint, from the statements since the last full one."""
    if checkpoint is None:
        return {}
    number = checkpoint.number
    full = number - (number - 1) % FULL_EVERY
    statements = Checkpoint.objects.filter(number__range=(full, number)).order_by("number")
    found: dict[str, Head] = {}
    for statement in statements.values_list("statement", flat=True):
        found |= named_heads(statement)
    return found


def root_of(heads: Heads) -> str:
    """The Merkle root over heads."""
    return merkle_root(leaves_of(heads))


def leaves_of(heads: Heads) -> list[bytes]:
    """The leaves of the tree over heads, in the order of their chains."""
    return [head_leaf(chain, *heads[chain]) for chain in sorted(heads)]


def checkpoint_hash(checkpoint: Checkpoint) -> str:
    """What the next checkpoint names as the one before it."""
    return sha256(checkpoint.statement)


def covered(checkpoint: Checkpoint) -> QuerySet[JournalRow]:
    """The row changes that a checkpoint covers, in their order."""
    new = Q(pk__gt=checkpoint.journal_after)
    if connection.vendor == "postgresql":
        # And those that were under way at the checkpoint before; SQLite has one writer at a time.
        new |= Q(transaction__gte=checkpoint.from_tx)
    until = {"pk__lte": checkpoint.journal_until, "transaction__lt": checkpoint.until_tx}
    return JournalRow.objects.filter(new, **until).order_by("pk")


def journal_digest(rows: Iterable[tuple[Any, ...]]) -> tuple[int, str]:
    """How many row changes, and the hash over them, each as the columns `ROW` in lines."""
    count, digest = 0, hashlib.sha256()
    for row in rows:
        count += 1
        digest.update(("\n".join(map(str, row)) + "\n").encode())
    return count, digest.hexdigest()


def current_heads() -> dict[str, Head]:
    """The last entry of every chain, by as many steps in the index as there are chains."""
    with connection.cursor() as cursor:
        cursor.execute(HEADS)
        return {chain: Head(sequence, digest) for chain, sequence, digest in cursor.fetchall()}


def _next(occasion: str) -> Checkpoint | None:
    last = Checkpoint.objects.first()
    before, made = heads_at(last), _follower(last, occasion)
    heads = current_heads()
    grown = {chain: head for chain, head in heads.items() if before.get(chain) != head}
    _check_grown(before, heads, grown)
    rows = covered(made).values_list(*ROW)
    made.journal_rows, made.journal_digest = journal_digest(rows.iterator(chunk_size=5000))
    if not grown and not made.journal_rows:
        return None
    made.heads, made.root = len(heads), root_of(heads)
    made.entries = sum(head.sequence for head in heads.values())
    return _signed(made, heads if (made.number - 1) % FULL_EVERY == 0 else grown)


def _follower(last: Checkpoint | None, occasion: str) -> Checkpoint:
    until, until_tx = _horizon()
    return Checkpoint(
        number=last.number + 1 if last else 1,
        micros=now_in_micros(),
        journal_after=last.journal_until if last else 0,
        # Whatever came in a restored database with a counter of its own counts by its place.
        journal_until=max(until, last.journal_until if last else 0),
        from_tx=last.until_tx if last else 0,
        until_tx=until_tx,
        previous=checkpoint_hash(last) if last else NOTHING,
        occasion=occasion,
    )


def _horizon() -> tuple[int, int]:
    """The last row change, and the oldest transaction under way: what came before it is final."""
    if connection.vendor == "sqlite":
        return JournalRow.objects.aggregate(last=Max("pk"))["last"] or 0, 1
    with connection.cursor() as cursor:
        cursor.execute(HORIZON)
        until, until_tx = cursor.fetchone()
    return until, until_tx


def _check_grown(before: Heads, heads: Heads, grown: Heads) -> None:
    """A chain only grows: what the last checkpoint names is still in it."""
    gone = sorted(before.keys() - heads.keys())
    moved = {chain: before[chain] for chain in grown.keys() & before.keys()}
    wanted = {(chain, sequence, digest) for chain, (sequence, digest) in moved.items()}
    there = Entry.objects.filter(chain__in=moved, hash__in=[one.digest for one in moved.values()])
    lost = wanted - set(there.values_list("chain", "sequence", "hash"))
    if gone or lost:
        raise Rewritten(", ".join(gone + sorted(chain for chain, *_ in lost)))


def _signed(checkpoint: Checkpoint, heads: Heads) -> Checkpoint:
    key = signing_key()
    checkpoint.key = key.public
    checkpoint.statement = statement_of(checkpoint, heads)
    checkpoint.signature = key.sign(checkpoint.statement)
    return checkpoint
