"""What an entry can prove: its hash, its place in the chain, and who outside holds the head."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .checkpoints import heads_at, leaves_of
from .hashing import NOTHING, entry_hash, merkle_proof, sha256
from .keys import is_signed
from .kinds import Kind
from .ledger import SYSTEM
from .models import Checkpoint, Entry, Receipt

# So many entries of a chain are recomputed for a page; `verify_audit` recomputes all.
MOST_LINKS = 1_000
# An act may take longer than the checkpoint that is made meanwhile: a later one covers it.
CANDIDATES = 3
COLUMNS = (
    "chain",
    "sequence",
    "version",
    "kind",
    "actor_id",
    "capacity",
    "micros",
    "payload_hash",
    "previous",
    "hash",
)


@dataclass(frozen=True)
class Coverage:
    """The checkpoint that covers an entry: the head of its chain there, and the way to the root."""

    checkpoint: Checkpoint
    head: int
    digest: str
    path: list[tuple[str, str]]
    in_root: bool
    signed: bool
    receipts: list[Receipt]

    @property
    def holds(self) -> bool:
        """Whether the root has the head, and a key that the ledger knows signed the root."""
        return self.in_root and self.signed


@dataclass(frozen=True)
class Proof:
    """What was recomputed of an entry and of its chain up to the head that a checkpoint covers."""

    links: list[Entry]
    # The place of the first entry that does not fit; None where all do.
    broken: int | None
    coverage: Coverage | None

    @property
    def state(self) -> str:
        """`bad` for what does not hold, `good` for what is covered, else `waiting`."""
        if self.broken is not None or (self.coverage and not self.coverage.holds):
            return "bad"
        return "good" if self.coverage else "waiting"


def proof_of(entry: Entry) -> Proof:
    """Recompute an entry's chain as far as it proves the entry."""
    coverage = _coverage(entry)
    links = list(_segment(entry, coverage.head if coverage else None))
    broken = first_broken(links)
    if broken is None and coverage and links[-1].sequence == coverage.head:
        broken = None if links[-1].hash == coverage.digest else coverage.head
    return Proof(links, broken, coverage)


def first_broken(links: Iterable[Entry]) -> int | None:
    """The place of the first entry whose hash, content or link to the one before does not fit."""
    before: Entry | None = None
    for entry in links:
        if not _fits(entry, before):
            return entry.sequence
        before = entry
    return None


def _fits(entry: Entry, before: Entry | None) -> bool:
    follows = entry.sequence != 1 or entry.previous == NOTHING
    if before is not None:
        follows = (entry.sequence, entry.previous) == (before.sequence + 1, before.hash)
    whole = entry.payload is None or sha256(entry.payload) == entry.payload_hash
    return follows and whole and entry.hash == recomputed(entry)


def recomputed(entry: Entry) -> str:
    """The hash of an entry as its columns give it now."""
    return entry_hash(
        entry.version,
        entry.chain,
        entry.sequence,
        entry.kind,
        entry.actor_id,
        entry.capacity,
        entry.micros,
        entry.payload_hash,
        entry.previous,
    )


def _segment(entry: Entry, head: int | None) -> Iterable[Entry]:
    """The chain of a case from its beginning; of the system's long one, from the entry before."""
    first = 1 if entry.chain != SYSTEM else entry.sequence - 1
    first = max(first, entry.sequence - MOST_LINKS // 2)
    found = Entry.objects.filter(chain=entry.chain, sequence__gte=first)
    if head is not None:
        found = found.filter(sequence__lte=head)
    return found.order_by("sequence")[:MOST_LINKS]


def _coverage(entry: Entry) -> Coverage | None:
    later = Checkpoint.objects.filter(micros__gte=entry.micros).order_by("number")
    for checkpoint in later[:CANDIDATES]:
        heads = heads_at(checkpoint)
        head = heads.get(entry.chain)
        if head is not None and head.sequence >= entry.sequence:
            leaves = leaves_of(heads)
            at = sorted(heads).index(entry.chain)
            path = merkle_proof(leaves, at)
            return Coverage(
                checkpoint,
                head.sequence,
                head.digest,
                path,
                root_by(leaves[at], path) == checkpoint.root,
                _is_signed(checkpoint),
                list(checkpoint.receipts.all()),
            )
    return None


def root_by(leaf: bytes, path: Iterable[tuple[str, str]]) -> str:
    """The root that a leaf and its neighbours lead to (RFC 6962, section 2.1.1)."""
    for side, neighbour in path:
        beside = bytes.fromhex(neighbour)
        pair = beside + leaf if side == "left" else leaf + beside
        leaf = hashlib.sha256(b"\x01" + pair).digest()
    return leaf.hex()


def _is_signed(checkpoint: Checkpoint) -> bool:
    known = Entry.objects.filter(kind=Kind.KEY, payload__contains=checkpoint.key).exists()
    return known and is_signed(checkpoint.statement, checkpoint.signature, checkpoint.key)


def as_data(entry: Entry, proof: Proof) -> dict[str, Any]:
    """The proof for a machine: enough to recompute everything without this program."""
    coverage = proof.coverage
    data: dict[str, Any] = {
        "format": "payung-proof-1",
        "entry": {"chain": entry.chain, "sequence": entry.sequence, "hash": entry.hash},
        "state": proof.state,
        "chain": [
            {name.removesuffix("_id"): getattr(link, name) for name in COLUMNS}
            | {"payload": link.payload}
            for link in proof.links
        ],
    }
    if coverage:
        data["checkpoint"] = {
            "number": coverage.checkpoint.number,
            "statement": coverage.checkpoint.statement,
            "signature": coverage.checkpoint.signature,
            "key": coverage.checkpoint.key,
            "head": {"sequence": coverage.head, "hash": coverage.digest},
            "path": coverage.path,
            "receipts": [
                {"anchor": one.anchor, "at": one.at, "answer": one.answer}
                for one in coverage.receipts
            ],
        }
    return data
