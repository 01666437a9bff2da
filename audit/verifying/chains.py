"""The chains: every entry's hash, place and predecessor, in one pass over the ledger."""

import hashlib
from collections.abc import Iterator
from typing import Any

from ..checkpoints import current_heads, heads_at
from ..hashing import NOTHING, entry_hash, sha256
from ..models import Entry
from .faults import Fault, Found
from .scope import Scope, rows_of

TABLE = "audit_entry"
ENTRIES = """
SELECT id, chain, sequence, version, kind, actor_id, capacity, micros, payload, payload_hash,
       previous, hash
FROM audit_entry WHERE id > %s ORDER BY id"""
HEADS_UNTIL = """
SELECT chain, sequence, hash FROM audit_entry
WHERE id IN (SELECT MAX(id) FROM audit_entry WHERE id <= %s GROUP BY chain)"""
BEGINNING = (0, NOTHING)
Row = tuple[Any, ...]
Heads = dict[str, tuple[int, str]]


def check_chains(scope: Scope) -> Iterator[Fault]:
    """Faults of the entries, in the order in which they were written."""
    chains = _Chains(scope)
    total = scope.counts.get("entries", 0) + Entry.objects.filter(pk__gt=chains.after).count()
    for batch in rows_of(ENTRIES, [chains.after]):
        yield from chains.check(batch)
        scope.done("entries", len(batch), place=batch[-1][0], of=total)
    yield from chains.left()


class _Chains:
    """The last entry of every chain so far, and the places that were passed over."""

    def __init__(self, scope: Scope) -> None:
        self.erased = scope.erased
        self.missing: dict[str, dict[int, None]] = {}
        self.heads, self.covered, self.after = _start(scope)

    def check(self, rows: list[Row]) -> Iterator[Fault]:
        """Faults of the next entries. Written for speed: it runs once for each of millions."""
        heads, sha = self.heads, hashlib.sha256
        for row in rows:
            (_, chain, sequence, version, kind, actor, capacity, micros) = row[:8]
            payload, payload_hash, previous, digest = row[8:]
            last = heads.get(chain, BEGINNING)
            lines = (
                f"{version}\n{chain}\n{sequence}\n{kind}\n{actor}\n{capacity}\n{micros}\n"
                f"{payload_hash}\n{previous}"
            )
            if (
                sequence != last[0] + 1
                or previous != last[1]
                or sha(lines.encode()).hexdigest() != digest
                or payload is None
                or sha(payload.encode()).hexdigest() != payload_hash
            ):
                yield from self.explain(row, last)
            if sequence > last[0]:
                heads[chain] = (sequence, digest)

    def explain(self, row: Row, last: tuple[int, str]) -> Iterator[Fault]:
        """What is wrong with an entry."""
        key, chain, sequence = row[:3]
        name = f"{chain} {sequence}"
        if sequence <= self.covered.get(chain, 0):
            return
        if sequence == last[0] + 1:
            if row[10] != last[1]:
                yield Fault(Found.CHAIN_BROKEN, TABLE, name, last[1], row[10])
        elif sequence > last[0]:
            self.missing.setdefault(chain, {}).update(dict.fromkeys(range(last[0] + 1, sequence)))
        else:
            yield self._out_of_order(chain, sequence, last[0])
        yield from self._contents(row, name, key)

    def _out_of_order(self, chain: str, sequence: int, last: int) -> Fault:
        passed = self.missing.get(chain, {})
        kind = Found.ENTRY_REORDERED if sequence in passed else Found.ENTRY_INSERTED
        passed.pop(sequence, None)
        return Fault(kind, TABLE, f"{chain} {sequence}", str(last + 1), str(sequence))

    def _contents(self, row: Row, name: str, key: int) -> Iterator[Fault]:
        payload, payload_hash, _, digest = row[8:]
        made = entry_hash(row[3], row[1], row[2], row[4], row[5], row[6], row[7], *row[9:11])
        if made != digest:
            yield Fault(Found.ENTRY_EDITED, TABLE, name, digest, made)
        if payload is None:
            if (TABLE, str(key)) not in self.erased:
                yield Fault(Found.PAYLOAD_REMOVED, TABLE, name, payload_hash)
        elif (there := sha256(payload)) != payload_hash:
            yield Fault(Found.PAYLOAD_EDITED, TABLE, name, payload_hash, there)

    def left(self) -> Iterator[Fault]:
        """The places of a chain at which no entry stands."""
        for chain, places in self.missing.items():
            for place in places:
                yield Fault(Found.ENTRY_MISSING, TABLE, f"{chain} {place}", str(place))


def _start(scope: Scope) -> tuple[Heads, dict[str, int], int]:
    """The heads from which to go on, what of each chain is covered, and after which entry."""
    if scope.place is not None:
        return heads_until(scope.place), {}, scope.place
    if scope.since is None:
        return {}, {}, 0
    heads: Heads = dict(heads_at(scope.since))
    return heads, {chain: head[0] for chain, head in heads.items()}, _after(heads)


def heads_until(key: int) -> Heads:
    """The last entry of each chain among those up to this one."""
    batches = rows_of(HEADS_UNTIL, [key])
    return {chain: (place, digest) for rows in batches for chain, place, digest in rows}


def _after(heads: Heads) -> int:
    """The entry behind which every entry lies that these heads do not cover."""
    grown = [
        (chain, heads.get(chain, BEGINNING)[0] + 1)
        for chain, head in current_heads().items()
        if head[0] > heads.get(chain, BEGINNING)[0]
    ]
    firsts = (
        Entry.objects.filter(chain=chain, sequence__gte=place)
        .order_by("sequence")
        .values_list("pk", flat=True)
        .first()
        for chain, place in grown
    )
    first = min((key for key in firsts if key is not None), default=None)
    newest = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return newest if first is None else first - 1
