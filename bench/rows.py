"""Many rows like one, made by the database itself: filling a table must not be what is measured."""

from collections.abc import Mapping
from typing import Any

from django.db import connection


def copy_rows(
    model: type[Any], pattern: int, count: int, own: Mapping[str, str], *, key: str = "id"
) -> None:
    """Copy the row of a table that has this key; `own` says in SQL what differs, `n` counts from 0.

    A key of its own is given by the database unless `own` says it.
    """
    quote, table = connection.ops.quote_name, model._meta.db_table
    columns = [str(field.column) for field in model._meta.local_concrete_fields]
    columns = [column for column in columns if column != "id" or column in own]
    values = [own.get(column) or f"s.{quote(column)}" for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers "  # noqa: S608
            f"WHERE n < {count - 1}) "
            f"INSERT INTO {table} ({', '.join(map(quote, columns))}) "
            f"SELECT {', '.join(values)} FROM {table} s, numbers WHERE s.{key} = {pattern}"
        )


def renew_statistics() -> None:
    """Let the planner know how many rows there are."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
