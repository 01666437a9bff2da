"""Migrated databases for less than a migration: kept between runs, copied within one."""

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from tests.house import ROOT

KEPT = ROOT / "var" / "test-databases"


def reuse_kept(place: Path) -> bool:
    """Put the SQLite database kept from an earlier run at `place`, if the schema is the same."""
    kept = _kept()
    if not kept.exists():
        return False
    shutil.copyfile(kept, place)
    return True


def keep(place: Path) -> None:
    """Keep a freshly migrated SQLite database for later runs, instead of older ones."""
    kept = _kept()
    if kept.exists():
        return
    KEPT.mkdir(parents=True, exist_ok=True)
    for old in KEPT.glob("*.sqlite3"):
        old.unlink(missing_ok=True)
    unfinished = KEPT / f"{uuid4().hex}.part"
    with closing(sqlite3.connect(place)) as source, closing(sqlite3.connect(unfinished)) as target:
        source.backup(target)
    unfinished.replace(kept)


def _kept() -> Path:
    """Where a database with the schema of this very tree is kept."""
    digest = hashlib.sha256()
    for source in [ROOT / "requirements.txt", *sorted(ROOT.glob("*/migrations/*.py"))]:
        digest.update(source.read_bytes())
    return KEPT / f"{digest.hexdigest()[:16]}.sqlite3"


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
        reuse_kept(place)
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
def flushing_lifts_triggers() -> Iterator[None]:
    """Let the flush after a test with transactions empty the tables that nobody else may empty."""
    from django.db import connection

    from tests.accounts.factories import system_account

    # Of the class: a browser's event loop has a connection of its own.
    operations = type(connection.ops)
    flush = operations.execute_sql_flush

    def unguarded(self: Any, statements: list[str]) -> None:
        with triggers_lifted():
            flush(self, statements)
        # What a migration once made, and whoever writes next needs.
        system_account()

    operations.execute_sql_flush = unguarded  # type: ignore[assignment,method-assign]
    try:
        yield
    finally:
        operations.execute_sql_flush = flush  # type: ignore[method-assign]


@contextmanager
def triggers_lifted() -> Iterator[None]:
    """Write to a test's database as somebody who owns it: past every trigger."""
    from django.db import connection

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
