"""Migrated databases for less than a migration: put back, copied, or written past triggers."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from django.db import connection

from tests.house import kept


def make_template(database: dict[str, Any]) -> None:
    """Set a copy of the migrated PostgreSQL database of this process aside."""
    name = database["NAME"]
    tell_server(f'DROP DATABASE IF EXISTS "{name}_template"')
    tell_server(f'CREATE DATABASE "{name}_template" TEMPLATE "{name}"')


def drop_template(database: dict[str, Any]) -> None:
    """Remove the copy."""
    tell_server(f'DROP DATABASE IF EXISTS "{database["NAME"]}_template"')


@contextmanager
def spare(database: dict[str, Any], folder: Path) -> Iterator[str]:
    """The URL of one more migrated database of the kind under test; gone afterwards."""
    if database["ENGINE"].endswith("sqlite3"):
        place = folder / "spare.sqlite3"
        kept.reuse_sqlite(place)
        yield f"sqlite:///{place}"
        return
    name = f"spare_{uuid4().hex[:12]}"
    address, _, query = os.environ["DATABASE_URL"].partition("?")
    tell_server(f'CREATE DATABASE "{name}" TEMPLATE "{database["NAME"]}_template"')
    yield f"{address.rpartition('/')[0]}/{name}?{query}"
    tell_server(f'DROP DATABASE "{name}" WITH (FORCE)')


def tell_server(statement: str) -> None:
    """Run one statement on the PostgreSQL server, outside any transaction."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(statement.encode())


@contextmanager
def put_back_after_commits() -> Iterator[None]:
    """Let what a test has committed go: what it started from comes back, instead of a flush."""
    from django.test import TransactionTestCase

    teardown = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
    TransactionTestCase._fixture_teardown = lambda _test: _started_from[-1].put_back()  # type: ignore[attr-defined]
    try:
        yield
    finally:
        TransactionTestCase._fixture_teardown = teardown  # type: ignore[attr-defined]


class Rows:
    """What the database of this process held at a moment; put back outside any transaction."""

    def __init__(self) -> None:
        self.remembered = False
        self.sqlite = sqlite3.connect(":memory:", check_same_thread=False)
        self.rows: dict[str, bytes] = {}

    def remember(self) -> None:
        """Keep it in memory."""
        connection.ensure_connection()
        if connection.vendor == "sqlite":
            connection.connection.backup(self.sqlite)
        else:
            with connection.cursor() as cursor:
                for table in connection.introspection.table_names(cursor):
                    with cursor.copy(f'COPY "{table}" TO STDOUT') as copied:
                        self.rows[table] = b"".join(copied)
        self.remembered = True

    def put_back(self) -> None:
        """Whatever was written since is gone, past every trigger; PostgreSQL's sequences go on."""
        assert "test" in str(connection.settings_dict["NAME"])
        connection.ensure_connection()
        if connection.vendor == "sqlite":
            self.sqlite.backup(connection.connection)
            return
        with _as_replica(connection), connection.cursor() as cursor:
            cursor.execute("; ".join(f'DELETE FROM "{table}"' for table in self.rows))  # noqa: S608
            for table, rows in self.rows.items():
                if rows:
                    with cursor.copy(f'COPY "{table}" FROM STDIN') as copied:
                        copied.write(rows)


# Of the migrated database, before any test.
original = Rows()
_started_from = [original]


@contextmanager
def starting_from(rows: Rows, load: Callable[[], None]) -> Iterator[None]:
    """Let tests start from what is loaded, by the first who needs it in this process."""
    _started_from.append(rows)
    try:
        if rows.remembered:
            rows.put_back()
        else:
            load()
            rows.remember()
        yield
    finally:
        _started_from.pop()
        _started_from[-1].put_back()


@contextmanager
def triggers_lifted() -> Iterator[None]:
    """Write to a test's database as somebody who owns it: past every trigger."""
    assert "test" in str(connection.settings_dict["NAME"])
    lift = _without_triggers if connection.vendor == "sqlite" else _as_replica
    with lift(connection):
        yield


@contextmanager
def _without_triggers(connection: Any) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        made = cursor.fetchall()
        for name, _sql in made:
            cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        for _name, sql in made:
            cursor.execute(sql)


@contextmanager
def _as_replica(connection: Any) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = origin")
