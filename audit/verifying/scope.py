"""What is verified, from where on, and how far it has come."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from ..models import Checkpoint, Erasure

BATCH = 5_000
Tell = Callable[[str, int, int], None]


@dataclass
class Scope:
    """since: only what this checkpoint does not cover; None for everything.

    counts: how many of each were verified. place: where the step under way can go on.
    """

    since: Checkpoint | None = None
    counts: dict[str, int] = field(default_factory=dict)
    place: Any = None
    tell: Callable[["Scope", str, int], None] = lambda *_: None
    _erased: dict[tuple[str, str], str] | None = None

    def done(self, name: str, count: int, *, place: Any = None, of: int = 0) -> None:
        """Note that so many more were verified, and up to where."""
        self.counts[name] = self.counts.get(name, 0) + count
        if place is not None:
            self.place = place
        self.tell(self, name, of)

    @property
    def erased(self) -> dict[tuple[str, str], str]:
        """What is left, by its hash, of each row that personal data was taken out of."""
        if self._erased is None:
            rows = Erasure.objects.order_by("pk").values_list("relation", "row_key", "digest")
            self._erased = {(relation, key): digest for relation, key, digest in rows}
        return self._erased


@contextmanager
def one_moment() -> Iterator[None]:
    """Read everything as it stood at one moment; nobody waits for it (a lock is never taken)."""
    if connection.vendor == "sqlite":
        yield from _deferred()
        return
    inside = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if not inside:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # Whole tables are compared, never row by row, whatever is guessed of their size.
        cursor.execute("SET LOCAL enable_nestloop = off")
        yield


def _deferred() -> Iterator[None]:
    if connection.in_atomic_block:
        yield
        return
    sqlite: Any = connection
    sqlite.ensure_connection()
    mode = sqlite.transaction_mode
    # The mode of the settings would hold the database's one place for a writer.
    sqlite.transaction_mode = "DEFERRED"
    try:
        with transaction.atomic():
            yield
    finally:
        sqlite.transaction_mode = mode


def rows_of(sql: str, parameters: Any = ()) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a query in batches, never all of them in memory."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, parameters)
        while batch := cursor.fetchmany(BATCH):
            yield batch
