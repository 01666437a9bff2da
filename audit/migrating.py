"""Before and after migrations: triggers step aside, come back, and what changed is entered."""

import logging
from collections.abc import Iterator
from typing import Any

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Max

from accounts.acting import acting_as
from accounts.models import User

from . import triggers
from .importing import mark_imported
from .kinds import Kind
from .ledger import record
from .models import JournalRow
from .tables import Watched

logger = logging.getLogger(__name__)

# The rows that differed from the journal before a migration: it must not make them good.
_doubtful: dict[str, set[tuple[str, str]]] = {}


def step_aside(sender: AppConfig, plan: list[Any], using: str, **_: Any) -> None:
    """Before anything is migrated: note what the journal does not explain, drop the triggers."""
    if sender.label != "accounts" or not plan:
        return
    connection = connections[using]
    _doubtful[using] = set(_differing_rows(connection)) if has_journal(connection) else set()
    triggers.remove(connection)


def come_back(sender: AppConfig, using: str = DEFAULT_DB_ALIAS, plan: Any = (), **_: Any) -> None:
    """After the last app: make the triggers anew, and take into the journal what changed."""
    if sender.label != "audit":
        return
    connection = connections[using]
    if not has_journal(connection):
        return
    if plan or triggers.faults(connection):
        with transaction.atomic(using=using), acting_as(User.objects.db_manager(using).system()):
            triggers.install(connection)
            # Where nothing was migrated, a row that the journal cannot explain stays unexplained.
            if plan:
                _take_in_all(connection, plan)


def _take_in_all(connection: BaseDatabaseWrapper, plan: Any) -> None:
    before = JournalRow.objects.aggregate(last=Max("pk"))["last"] or 0
    _take_in(connection, [str(migration) for migration, _back in plan])
    if _begins(plan):
        mark_imported(before)


def _begins(plan: Any) -> bool:
    """Whether the ledger has just been made: whatever is there comes from before it."""
    first = ("audit", "0001_initial")
    return any((one.app_label, one.name) == first and not back for one, back in plan or ())


def has_journal(connection: BaseDatabaseWrapper) -> bool:
    """Whether this database has come as far as the ledger."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
    return {"audit_journal", "audit_entry", "audit_erasure", "accounts_user"} <= there


def _take_in(connection: BaseDatabaseWrapper, plan: list[str]) -> None:
    doubtful = _doubtful.pop(connection.alias, set())
    counts = {
        table.table: taken
        for table in triggers.tables_of(connection)
        if table.journalled and (taken := _take_in_table(connection, table, doubtful))
    }
    if counts or doubtful:
        record(
            Kind.MIGRATION,
            {"migrations": plan, "rows": counts, "unexplained": sorted(map(list, doubtful))},
        )


def _take_in_table(
    connection: BaseDatabaseWrapper, table: Watched, doubtful: set[tuple[str, str]]
) -> int:
    """Journal every row whose content the journal does not have as it is; returns how many."""
    left_alone = [key for name, key in doubtful if name == table.table]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO audit_journal "  # noqa: S608 - names of our own tables
            f"(tx, relation, row_key, operation, actor, micros, content, digest) "
            f"SELECT {_transaction(connection)}, '{table.table}', found.row_key, "
            f"CASE WHEN found.known IS NULL THEN 'B' ELSE 'M' END, {User.objects.system().pk}, "
            f"{_now(connection)}, {'found.content' if table.kept else 'NULL'}, found.digest "
            f"FROM ({_differing(connection, table)}) AS found "
            f"{_except(left_alone)}",
            left_alone,
        )
        return cursor.rowcount


def _except(keys: list[str]) -> str:
    return f"WHERE found.row_key NOT IN ({', '.join(['%s'] * len(keys))})" if keys else ""


def _transaction(connection: BaseDatabaseWrapper) -> str:
    return "0" if connection.vendor == "sqlite" else "pg_current_xact_id()::text::bigint"


def _now(connection: BaseDatabaseWrapper) -> str:
    if connection.vendor == "sqlite":
        return "payung_micros()"
    return "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"


def _differing(connection: BaseDatabaseWrapper, table: Watched) -> str:
    """The SQL of the live rows whose last journal row says otherwise, or that have none."""
    content = triggers.content_of(connection, table, "live")
    digest = triggers.digest_of(connection, content)
    return f"""
        SELECT * FROM (
            SELECT CAST(live."{table.key}" AS TEXT) AS row_key, {content} AS content,
                   {digest} AS digest,
                   (SELECT journal.digest FROM audit_journal AS journal
                    WHERE journal.relation = '{table.table}'
                      AND journal.row_key = CAST(live."{table.key}" AS TEXT)
                    ORDER BY journal.id DESC LIMIT 1) AS known
            FROM "{table.table}" AS live
        ) AS compared WHERE known IS NULL OR known <> digest"""  # noqa: S608 - our own names


def _differing_rows(connection: BaseDatabaseWrapper) -> Iterator[tuple[str, str]]:
    for table in triggers.tables_of(connection):
        if not table.journalled:
            continue
        with connection.cursor() as cursor:
            cursor.execute(_differing(connection, table))
            yield from ((table.table, row[0]) for row in cursor.fetchall())
