"""System checks that refuse a database which could lose or tear an act."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

# What each PRAGMA must answer: WAL, FULL, triggers on REPLACE, references held, 20 s of patience.
PRAGMAS: dict[str, object] = {
    "journal_mode": "wal",
    "synchronous": 2,
    "recursive_triggers": 1,
    "foreign_keys": 1,
    "busy_timeout": 20_000,
}
# Both make COMMIT wait until the act is on this machine's disk.
DURABLE = ("on", "remote_apply")
HINT = "Leave DATABASES as config/settings.py makes them; change only DATABASE_URL."


@register(Tags.database)
def check_database_options(
    app_configs: Sequence[AppConfig] | None = None,
    databases: Iterable[str] | None = None,
    **_: Any,
) -> list[CheckMessage]:
    """Ask each database which options are really in force; runs before every migrate."""
    return [fault for alias in databases or () for fault in faults_of_database(connections[alias])]


def faults_of_database(connection: BaseDatabaseWrapper) -> list[CheckMessage]:
    """One error for each option that is not what design and tests rest on."""
    if connection.vendor == "sqlite":
        return [*_transaction_faults(connection), *_pragma_faults(connection)]
    if connection.vendor == "postgresql":
        return _durability_faults(connection)
    return [
        Error(
            f"Payung runs on SQLite and PostgreSQL, not on {connection.display_name}.",
            hint="Set DATABASE_URL to a sqlite:/// or postgresql:// address.",
            id="payung.E001",
        )
    ]


def _transaction_faults(connection: BaseDatabaseWrapper) -> list[CheckMessage]:
    connection.ensure_connection()
    mode = getattr(connection, "transaction_mode", None)
    if mode == "IMMEDIATE":
        return []
    return [
        Error(
            f"SQLite transactions begin as {mode or 'DEFERRED'}, not as IMMEDIATE: "
            "simultaneous acts would end in 'database is locked'.",
            hint=HINT,
            id="payung.E002",
        )
    ]


def _pragma_faults(connection: BaseDatabaseWrapper) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    for name, expected in PRAGMAS.items():
        value = _answer(connection, f"PRAGMA {name}")
        if value != expected:
            found.append(
                Error(f"SQLite's {name} is {value}, not {expected}.", hint=HINT, id="payung.E003")
            )
    return found


def _durability_faults(connection: BaseDatabaseWrapper) -> list[CheckMessage]:
    value = _answer(connection, "SHOW synchronous_commit")
    if value in DURABLE:
        return []
    return [
        Error(
            f"PostgreSQL's synchronous_commit is {value}, not on: a confirmed act could be lost.",
            hint=HINT,
            id="payung.E004",
        )
    ]


def _answer(connection: BaseDatabaseWrapper, question: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]
