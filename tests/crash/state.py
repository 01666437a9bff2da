"""What the database and the files hold, so that nothing of a killed act can hide."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import connection

State = dict[str, str]


def state() -> State:
    """Every table with a digest of all its rows."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        return {table: _digest(cursor, table) for table in tables}


def _digest(cursor: object, table: str) -> str:
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # type: ignore[attr-defined]  # noqa: S608
    rows = sorted(repr(row) for row in cursor.fetchall())  # type: ignore[attr-defined]
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def differences(before: State, after: State) -> list[str]:
    """The tables that are not as they were."""
    return sorted(table for table in before if before[table] != after[table])


def files() -> set[str]:
    """Every file below MEDIA_ROOT but the lock of the storage."""
    root = Path(settings.MEDIA_ROOT)
    found: Iterable[Path] = root.rglob("*") if root.is_dir() else []
    return {str(path.relative_to(root)) for path in found if path.is_file()} - {".lock"}
