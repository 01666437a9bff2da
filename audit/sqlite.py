"""The triggers on SQLite; they call functions that only our connections have."""

from collections.abc import Iterator, Mapping
from typing import Any

from .tables import Watched

PREPARATION: tuple[str, ...] = ()
# A function of SQLite takes at most 127 arguments.
MOST_COLUMNS = 60

JOURNAL = """
INSERT INTO audit_journal (tx, relation, row_key, operation, actor, micros, content, digest)
VALUES (0, '{table}', CAST({row}."{key}" AS TEXT), '{operation}', payung_actor(), payung_micros(),
        {kept}, payung_digest({content}))"""
NOBODY = """
SELECT RAISE(ABORT, 'payung: {table} was written without an actor') WHERE payung_actor() IS NULL"""
TRIGGER = 'CREATE TRIGGER "{name}" {when} ON "{table}" {condition}BEGIN{body};\nEND'
ONCE = "\nSELECT RAISE(ABORT, 'payung: {table} is written once')"
ERASED = """WHEN NOT EXISTS (SELECT 1 FROM audit_erasure
WHERE relation = '{table}' AND row_key = CAST(OLD."{key}" AS TEXT)) """


def triggers(cursor: Any, table: Watched) -> Iterator[tuple[str, str]]:
    """Each trigger of a table with the statement that makes it."""
    if table.journalled:
        events = [("insert", "NEW")]
        events += [] if table.guarded else [("update", "NEW"), ("delete", "OLD")]
        for event, row in events:
            yield _journal(cursor, table, event, row)
    if table.guarded:
        for event in ("update", "delete"):
            yield _guard(table, event)


def _journal(cursor: Any, table: Watched, event: str, row: str) -> tuple[str, str]:
    now = content(cursor, table, row)
    before = content(cursor, table, "OLD")
    body = (NOBODY + ";" + JOURNAL).format(
        table=table.table,
        key=table.key,
        row=row,
        operation=event[0].upper(),
        content=now,
        kept=now if table.kept else "NULL",
    )
    changed = f"WHEN {before} IS NOT {now} " if event == "update" else ""
    return _trigger(f"payung_{event}_{table.table}", f"AFTER {event.upper()}", table, changed, body)


def _guard(table: Watched, event: str) -> tuple[str, str]:
    # Erased is a content, never a row.
    unless = ERASED.format(table=table.table, key=table.key) if event == "update" else ""
    body = ONCE.format(table=table.table)
    name = f"payung_once_{event}_{table.table}"
    return _trigger(name, f"BEFORE {event.upper()}", table, unless, body)


def _trigger(name: str, when: str, table: Watched, condition: str, body: str) -> tuple[str, str]:
    made = TRIGGER.format(name=name, when=when, table=table.table, condition=condition, body=body)
    return name, made


def content(cursor: Any, table: Watched, row: str) -> str:
    """The SQL of a row as canonical JSON."""
    cursor.execute(f'PRAGMA table_info("{table.table}")')
    columns = [line[1] for line in cursor.fetchall() if line[1] not in table.secret]
    parts = [columns[at : at + MOST_COLUMNS] for at in range(0, len(columns), MOST_COLUMNS)]
    objects = (
        "json_object({})".format(", ".join(f"'{name}', {row}.\"{name}\"" for name in part))
        for part in parts
    )
    return " || ".join(objects)


def digest(content: str) -> str:
    """The SQL of the hash of a content."""
    return f"payung_digest({content})"


def present(cursor: Any) -> list[tuple[str, str]]:
    """The names and tables of our triggers that are there."""
    cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
    return [found for found in cursor.fetchall() if found[0].startswith("payung_")]


def drop(name: str, table: str) -> str:
    """The statement that takes a trigger away."""
    return f'DROP TRIGGER "{name}"'


def faulty(cursor: Any, wanted: Mapping[str, str]) -> set[str]:
    """The names of triggers that are missing, or are not what they should be."""
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    there = {name: sql for name, sql in cursor.fetchall() if name.startswith("payung_")}
    different = {name for name, sql in wanted.items() if there.get(name) != sql}
    return different | (there.keys() - wanted.keys())
