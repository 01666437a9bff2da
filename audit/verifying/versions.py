"""Histories beside what they tell of: the live rows, and the entries that name each version."""

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection, models
from simple_history.utils import get_history_manager_for_model

from ..checks import is_recorded
from ..tables import our_models
from .faults import Fault, Found
from .scope import Scope, rows_of

# Written many at a time, past the listeners of the ledger; the journal has each.
IN_BULK = {"planning.Ceiling"}
NEWEST = """
SELECT live."{key}" FROM "{table}" AS live JOIN "{history}" AS version ON version.history_id =
  (SELECT MAX(history_id) FROM "{history}" AS one WHERE one."{key}" = live."{key}")
WHERE ({differences}) AND NOT EXISTS (
  SELECT 1 FROM audit_journal AS last WHERE last.operation IN ('B', 'M') AND last.id =
    (SELECT MAX(id) FROM audit_journal
     WHERE relation = '{table}' AND row_key = CAST(live."{key}" AS TEXT)))"""
REMOVED = """
SELECT version."{key}" FROM "{history}" AS version
JOIN (SELECT MAX(history_id) AS newest FROM "{history}" GROUP BY "{key}") AS last
  ON last.newest = version.history_id
WHERE version.history_type <> '-' AND version."{key}" NOT IN (SELECT "{key}" FROM "{table}")"""
PAYLOADS = "SELECT chain, sequence, payload FROM audit_entry WHERE payload IS NOT NULL ORDER BY id"
MADE = """
SELECT CAST(row_key AS BIGINT), operation FROM audit_journal
WHERE relation = %s AND operation IN ('I', 'B')"""


def check_versions(scope: Scope) -> Iterator[Fault]:
    """Rows that were changed or removed without a version of it."""
    for model in recorded_models():
        name, ours = model._meta.db_table, _names(model)
        if (differences := _differences(model)) and name > (scope.place or ""):
            for batch in rows_of(NEWEST.format(differences=differences, **ours)):
                for (key,) in batch:
                    yield Fault(Found.ROW_UNVERSIONED, name, str(key))
            for batch in rows_of(REMOVED.format(**ours)):
                for (key,) in batch:
                    yield Fault(Found.ROW_UNVERSIONED, name, str(key), found="-")
            scope.done("histories", 1, place=name)


def recorded_models() -> list[type[models.Model]]:
    """Every model with versions, in the order of their tables."""
    found = (model for model in our_models() if is_recorded(model))
    return sorted(found, key=lambda model: model._meta.db_table)


def _names(model: type[models.Model]) -> dict[str, str]:
    key = model._meta.pk
    assert key is not None
    history = get_history_manager_for_model(model).model._meta.db_table
    return {"table": model._meta.db_table, "key": key.column, "history": history}


def _differences(model: type[models.Model]) -> str:
    """The SQL of whether a live row and a version differ in a column that both have."""
    version = get_history_manager_for_model(model).model
    kept = {field.column for field in version._meta.concrete_fields}
    other = "IS NOT" if connection.vendor == "sqlite" else "IS DISTINCT FROM"
    columns = [field.column for field in model._meta.local_concrete_fields]
    return " OR ".join(
        f'live."{name}" {other} version."{name}"' for name in columns if name in kept
    )


def check_entered(scope: Scope) -> Iterator[Fault]:
    """Versions that stand in no entry, and entries that name versions that never were.

    A whole check alone asks: a transaction may lie on both sides of a checkpoint.
    """
    if scope.since is not None:
        return
    models_of = {model._meta.label: model for model in recorded_models()}
    named = {label: _Numbers() for label in models_of}
    for batch in rows_of(PAYLOADS):
        for _chain, _sequence, payload in batch:
            for label, _key, _type, version in named_in(payload):
                named[label].add(version)
        scope.done("named", len(batch))
    for label, model in models_of.items():
        if label not in IN_BULK:
            yield from _unentered(model, named[label])


def named_in(payload: str) -> Iterator[list[Any]]:
    """The versions that the content of an entry names."""
    content = json.loads(payload)
    row = content.get("row")
    if isinstance(row, list):
        yield row
    yield from content.get("with", ())


def _unentered(model: type[models.Model], named: "_Numbers") -> Iterator[Fault]:
    table, made = _names(model)["history"], _Numbers()
    for batch in rows_of(MADE, [table]):
        for number, operation in batch:
            made.add(number)
            if operation == "I" and number not in named:
                yield Fault(Found.VERSION_UNENTERED, table, str(number))
    for number in named:
        if number not in made:
            yield Fault(Found.ENTRY_UNFOUNDED, table, str(number))


class _Numbers:
    """A set of row numbers, a bit for each."""

    def __init__(self) -> None:
        self.bits = bytearray()

    def add(self, number: int) -> None:
        """Put a number in."""
        place = number >> 3
        if place >= len(self.bits):
            self.bits.extend(bytes(place + 1 + (place >> 1) - len(self.bits)))
        self.bits[place] |= 1 << (number & 7)

    def __contains__(self, number: int) -> bool:
        place = number >> 3
        return place < len(self.bits) and bool(self.bits[place] >> (number & 7) & 1)

    def __iter__(self) -> Iterator[int]:
        for place, byte in enumerate(self.bits):
            if byte:
                yield from ((place << 3) + bit for bit in range(8) if byte >> bit & 1)
