"""What an entry can prove: its hash, its place in the chain, and who outside holds the head."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .checkpoints import heads_at, leaves_of
from .hashing import NOTHING, entry_hash, merkle_proof, sha256
from .key_history import known_keys
from .keys import is_signed
from .ledger import SYSTEM
from .models import Checkpoint, Entry, Receipt
from .witnesses import checkpoint_over, named, receipts_over

# So many entries of a chain are recomputed for a page; `verify_audit` recomputes all.
MOST_LINKS = 1_000
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
    receipts: list[tuple[str, Receipt]]

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
    coverage, first = _coverage(entry), _first(entry)
    links = list(_segment(entry, first, coverage.head if coverage else None))
    broken = first_broken(links, first)
    if broken is None and coverage:
        broken = _short_of(coverage, links)
    return Proof(links, broken, coverage)


def _short_of(coverage: Coverage, links: list[Entry]) -> int | None:
    """The place where a chain that fits in itself is not what the checkpoint covers."""
    last = links[-1]
    if last.sequence == coverage.head:
        return None if last.hash == coverage.digest else coverage.head
    return None if len(links) == MOST_LINKS else last.sequence + 1


def first_broken(links: Iterable[Entry], first: int) -> int | None:
    """The place of the first entry whose hash, content or link to the one before does not fit."""
    before: Entry | None = None
    for place, entry in enumerate(links, start=first):
        if entry.sequence != place or not _fits(entry, before):
            return place
        before = entry
    return None


def _fits(entry: Entry, before: Entry | None) -> bool:
    follows = entry.sequence != 1 or entry.previous == NOTHING
    if before is not None:
        follows = entry.previous == before.hash
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


def _first(entry: Entry) -> int:
    """A case's chain is read from its beginning; the system's long one from the entry before."""
    first = 1 if entry.chain != SYSTEM else entry.sequence - 1
    return max(1, first, entry.sequence - MOST_LINKS // 2)


def _segment(entry: Entry, first: int, head: int | None) -> Iterable[Entry]:
    found = Entry.objects.filter(chain=entry.chain, sequence__gte=first)
    if head is not None:
        found = found.filter(sequence__lte=head)
    return found.order_by("sequence")[:MOST_LINKS]


def _coverage(entry: Entry) -> Coverage | None:
    checkpoint = checkpoint_over(entry)
    if checkpoint is None:
        return None
    heads = heads_at(checkpoint)
    head = heads[entry.chain]
    leaves, at = leaves_of(heads), sorted(heads).index(entry.chain)
    path = merkle_proof(leaves, at)
    return Coverage(
        checkpoint,
        head.sequence,
        head.digest,
        path,
        root_by(leaves[at], path) == checkpoint.root,
        _is_signed(checkpoint),
        named(receipts_over(checkpoint.number)),
    )


def root_by(leaf: bytes, path: Iterable[tuple[str, str]]) -> str:
    """The root that a leaf and its neighbours lead to (RFC 6962, section 2.1.1)."""
    for side, neighbour in path:
        beside = bytes.fromhex(neighbour)
        pair = beside + leaf if side == "left" else leaf + beside
        leaf = hashlib.sha256(b"\x01" + pair).digest()
    return leaf.hex()


def _is_signed(checkpoint: Checkpoint) -> bool:
    known = {key.public for key in known_keys()}
    return checkpoint.key in known and is_signed(
        checkpoint.statement, checkpoint.signature, checkpoint.key
    )


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
                {
                    "anchor": one.anchor,
                    "checkpoint": one.checkpoint.number,
                    "at": one.at,
                    "answer": one.answer,
                }
                for _name, one in coverage.receipts
            ],
        }
    return data
