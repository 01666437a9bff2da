"""Live rows, versions and what is written once: each is what the journal last saw."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection

from .. import triggers
from ..hashing import sha256
from ..tables import WRITTEN_ONCE, Watched, watched
from .faults import Fault, Found
from .scope import Scope, rows_of

# The change by which the journal last knew a row, as one text: the operation and the digest.
KNOWN = """
(SELECT journal.operation || journal.digest FROM audit_journal AS journal
 WHERE journal.relation = '{table}' AND journal.row_key = {key}
 ORDER BY journal.id DESC LIMIT 1)"""
LIVE = 'SELECT CAST(live."{key}" AS TEXT), {content}, {known} FROM "{table}" AS live {since}'
GONE = """
SELECT gone.row_key, {known} FROM (
  SELECT row_key FROM audit_journal WHERE relation = '{table}' {since}
  EXCEPT SELECT CAST("{key}" AS TEXT) FROM "{table}") AS gone"""
LIVE_KINDS = (Found.ROW_INSERTED, Found.ROW_CHANGED, Found.ROW_MISSING)
VERSION_KINDS = (Found.VERSION_INSERTED, Found.VERSION_CHANGED, Found.VERSION_MISSING)


def check_triggers(scope: Scope) -> Iterator[Fault]:
    """Triggers that are not there, or not as they should be."""
    expected = triggers.expected(connection)
    for name in triggers.faults(connection):
        yield Fault(Found.TRIGGER, "", name, expected.get(name, "")[:200])
    scope.done("triggers", len(expected))


def check_rows(scope: Scope) -> Iterator[Fault]:
    """Faults of the rows of every watched table, one table after the other."""
    there = {table.table for table in triggers.tables_of(connection)}
    total = sum(table.journalled for table in watched())
    for table in watched():
        if table.table not in there:
            yield Fault(Found.ROW_MISSING, table.table, "*")
        elif table.journalled and table.table > (scope.place or ""):
            yield from _Table(scope, table).check()
            scope.done("tables", 1, place=table.table, of=total)


class _Table:
    """One table beside its part of the journal."""

    def __init__(self, scope: Scope, table: Watched) -> None:
        self.scope, self.table = scope, table
        versions = table.guarded and table.table not in _once()
        self.inserted, self.changed, self.missing = VERSION_KINDS if versions else LIVE_KINDS
        # Versions are many and never change: what a checkpoint covers was checked before it.
        self.since = scope.since.journal_until if scope.since and versions else 0

    def check(self) -> Iterator[Fault]:
        """Rows that are otherwise than the journal says, unknown to it, or gone."""
        erased, name = self.scope.erased, self.table.table
        for batch in rows_of(self._sql(LIVE, "live", self._newer())):
            for key, content, known in batch:
                digest = sha256(content)
                expected = erased.get((name, key)) or (known or "D")[1:]
                if known is None or known[0] == "D":
                    yield Fault(self.inserted, name, key, "", digest)
                elif digest != expected:
                    yield Fault(self.changed, name, key, expected, digest)
            self.scope.done("rows", len(batch))
        yield from self._gone()

    def _gone(self) -> Iterator[Fault]:
        since = f"AND id > {self.since}" if self.since else ""
        for batch in rows_of(self._sql(GONE, "gone", since)):
            for key, known in batch:
                if known[0] != "D":
                    yield Fault(self.missing, self.table.table, key, known[1:], "")

    def _newer(self) -> str:
        if not self.since:
            return ""
        return (
            f'WHERE CAST(live."{self.table.key}" AS TEXT) NOT IN (SELECT row_key '  # noqa: S608
            f"FROM audit_journal WHERE relation = '{self.table.table}' AND id <= {self.since})"
        )

    def _sql(self, pattern: str, row: str, since: str) -> str:
        table, key = self.table.table, self.table.key
        asked = f'CAST(live."{key}" AS TEXT)' if row == "live" else "gone.row_key"
        values: dict[str, Any] = {
            "table": table,
            "key": key,
            "known": KNOWN.format(table=table, key=asked),
            "content": triggers.content_of(connection, self.table, "live"),
            "since": since,
        }
        return pattern.format(**values).replace("%", "%%")


def _once() -> set[str]:
    """The tables that are written once and are no histories."""
    return {apps.get_model(label)._meta.db_table for label in WRITTEN_ONCE}
