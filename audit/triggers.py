"""Row triggers: the database writes the journal, and refuses to touch what is written once."""

from collections.abc import Iterator

from django.db.backends.base.base import BaseDatabaseWrapper

from . import postgresql, sqlite
from .tables import Watched, watched

PREFIX = "payung_"
EVENTS = ("insert", "update", "delete")


def install(connection: BaseDatabaseWrapper) -> None:
    """Make all triggers anew; the tables must exist."""
    remove(connection)
    with connection.cursor() as cursor:
        for statement in _dialect(connection).PREPARATION:
            cursor.execute(statement)
        for statement in expected(connection).values():
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take all triggers away: a migration may need to rebuild their tables."""
    dialect = _dialect(connection)
    with connection.cursor() as cursor:
        for name, table in dialect.present(cursor):
            cursor.execute(dialect.drop(name, table))


def expected(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """The statement that makes each trigger, by the trigger's name."""
    dialect = _dialect(connection)
    found: dict[str, str] = {}
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        for table in watched():
            if table.table in present:
                found |= dict(dialect.triggers(cursor, table))
    return found


def faults(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of triggers that are missing, switched off or not what they should be."""
    wanted = expected(connection)
    with connection.cursor() as cursor:
        return sorted(_dialect(connection).faulty(cursor, wanted))


def content_of(connection: BaseDatabaseWrapper, table: Watched, row: str) -> str:
    """The SQL of a row's content as the triggers write it; `row` is the row's name in the query."""
    with connection.cursor() as cursor:
        return _dialect(connection).content(cursor, table, row)


def digest_of(connection: BaseDatabaseWrapper, content: str) -> str:
    """The SQL of the hash of such a content."""
    return _dialect(connection).digest(content)


def tables_of(connection: BaseDatabaseWrapper) -> Iterator[Watched]:
    """The watched tables that this database has."""
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
    yield from (table for table in watched() if table.table in present)


def _dialect(connection: BaseDatabaseWrapper):  # type: ignore[no-untyped-def]
    return sqlite if connection.vendor == "sqlite" else postgresql
