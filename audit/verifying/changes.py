"""The journal: contents against their hashes, and row changes against the checkpoints."""

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from ..checkpoints import ROW, covered, journal_digest
from ..hashing import sha256
from ..models import Checkpoint, JournalRow
from ..tables import watched
from .faults import Fault, Found
from .scope import Scope, rows_of

TABLE = "audit_journal"
CHANGES = """
SELECT id, tx, relation, row_key, operation, actor, micros, digest, content
FROM audit_journal WHERE id > %s ORDER BY id"""
# What a row's journal cannot begin with.
BEGINNINGS = """
SELECT journal.relation, journal.row_key, journal.operation FROM audit_journal AS journal
JOIN (SELECT MIN(id) AS id FROM audit_journal GROUP BY relation, row_key) AS first
  ON first.id = journal.id
WHERE journal.operation IN ('U', 'D') ORDER BY journal.id"""
Row = tuple[Any, ...]


@dataclass
class Window:
    """The row changes that one checkpoint covers, while they are read."""

    checkpoint: Checkpoint
    rows: int = 0
    digest: Any = field(default_factory=hashlib.sha256)

    def fault(self) -> Iterator[Fault]:
        """The fault of the window, if it has one."""
        return _compared(self.checkpoint, self.rows, self.digest.hexdigest())


def check_journal(scope: Scope) -> Iterator[Fault]:
    """Faults of the row changes, in the order in which they were written."""
    journal = _Journal(scope)
    total = scope.counts.get("changes", 0) + JournalRow.objects.filter(pk__gt=journal.after).count()
    for batch in rows_of(CHANGES, [journal.after]):
        before = journal.count
        yield from journal.check(batch)
        scope.done("changes", journal.count - before, place=journal.passed, of=total)
    yield from journal.left()
    yield from _beginnings()


class _Journal:
    """The windows of the checkpoints; a row belongs to the first that covers it."""

    def __init__(self, scope: Scope) -> None:
        self.erased, self.kept = scope.erased, {one.table for one in watched() if one.kept}
        number = scope.place or (scope.since.number if scope.since else 0)
        self.passed, self.start = number, Checkpoint.objects.filter(number=number).first()
        found = Checkpoint.objects.filter(number__gt=number).order_by("number").defer("statement")
        self.checkpoints = list(found)
        self.untils = [one.journal_until for one in self.checkpoints]
        self.transactions = [one.until_tx for one in self.checkpoints]
        self.streams = all(first <= second for first, second in pairwise(self.transactions))
        self.open: dict[int, Window] = {}
        self.closed = self.count = 0
        self.after = _after(self.start)

    def check(self, rows: list[Row]) -> Iterator[Fault]:
        """Faults of the next row changes, and of the windows that end with them."""
        for row in rows:
            if self._is_before(row):
                continue
            self.count += 1
            yield from self._contents(row)
            if self.streams:
                yield from self._close(row[0])
                self._count(row)

    def _is_before(self, row: Row) -> bool:
        start = self.start
        return start is not None and row[0] <= start.journal_until and row[1] < start.until_tx

    def _contents(self, row: Row) -> Iterator[Fault]:
        key, relation, digest, content = row[0], row[2], row[7], row[8]
        if content is None:
            if relation in self.kept and (TABLE, str(key)) not in self.erased:
                yield Fault(Found.JOURNAL_REMOVED, TABLE, str(key), digest)
        elif (there := sha256(content)) != digest:
            yield Fault(Found.JOURNAL_EDITED, TABLE, str(key), digest, there)

    def _count(self, row: Row) -> None:
        at = max(bisect_left(self.untils, row[0]), bisect_right(self.transactions, row[1]))
        if at == len(self.checkpoints):
            return
        checkpoint = self.checkpoints[at]
        if row[0] <= checkpoint.journal_after and row[1] < checkpoint.from_tx:
            # Covered by a checkpoint that is missing.
            return
        window = self.open.get(at) or self.open.setdefault(at, Window(checkpoint))
        window.rows += 1
        window.digest.update(("\n".join(map(str, row[:8])) + "\n").encode())

    def _close(self, key: int | None) -> Iterator[Fault]:
        """End the windows that no later row can belong to; all of them where there is none."""
        while self.closed < len(self.untils) and (key is None or self.untils[self.closed] < key):
            checkpoint = self.checkpoints[self.closed]
            yield from self.open.pop(self.closed, Window(checkpoint)).fault()
            self.closed += 1
            if not self.open:
                self.passed = checkpoint.number

    def left(self) -> Iterator[Fault]:
        """Faults of the windows that are still open at the end."""
        if self.streams:
            yield from self._close(None)
            return
        # A restored database counts its transactions anew.
        for checkpoint in self.checkpoints:
            rows = covered(checkpoint).values_list(*ROW).iterator(chunk_size=5000)
            yield from _compared(checkpoint, *journal_digest(rows))


def _compared(checkpoint: Checkpoint, rows: int, digest: str) -> Iterator[Fault]:
    if (rows, digest) != (checkpoint.journal_rows, checkpoint.journal_digest):
        yield Fault(
            Found.JOURNAL_REWRITTEN,
            TABLE,
            f"{checkpoint.journal_after + 1}-{checkpoint.journal_until}",
            f"{checkpoint.journal_rows} {checkpoint.journal_digest}",
            f"{rows} {digest}",
        )


def _after(start: Checkpoint | None) -> int:
    """The row change behind which all lie that a checkpoint does not cover."""
    if start is None:
        return 0
    late = JournalRow.objects.filter(pk__lte=start.journal_until, transaction__gte=start.until_tx)
    first = late.order_by("pk").values_list("pk", flat=True).first()
    return start.journal_until if first is None else first - 1


def _beginnings() -> Iterator[Fault]:
    for batch in rows_of(BEGINNINGS):
        for relation, key, operation in batch:
            yield Fault(Found.JOURNAL_BEGINNING, relation, key, "I", operation)
