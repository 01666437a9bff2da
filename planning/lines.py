"""Rows below a record, replaced as a whole: what did not change leaves no new version."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from django.db import models


def save_changed(row: models.Model, **values: Any) -> bool:
    """Give `row` the values and save it if any of them differs or the row is new."""
    changed = {name for name, value in values.items() if _stored(row, name) != _plain(value)}
    for name in changed:
        setattr(row, name, values[name])
    if not changed and not row._state.adding:
        return False
    row.clean_fields(exclude=_foreign_keys(row))
    row.save()
    return True


def replace_lines(lines: Any, key: Sequence[str], wanted: Iterable[Mapping[str, Any]]) -> list[Any]:
    """Make the rows of the reverse manager `lines` be `wanted`, matched by the fields of `key`.

    Rows that are no longer wanted go first, so that unique rules hold at every step.
    """
    rows = list(wanted)
    existing = {_key_of_row(row, key): row for row in lines.all()}
    kept = {_key_of_values(values, key) for values in rows}
    for gone in existing.keys() - kept:
        existing[gone].delete()
    return [
        _written(existing.get(_key_of_values(values, key)) or _new_line(lines), values)
        for values in rows
    ]


def _written(row: models.Model, values: Mapping[str, Any]) -> models.Model:
    save_changed(row, **values)
    return row


def _new_line(lines: Any) -> models.Model:
    line: models.Model = lines.model(**{lines.field.name: lines.instance})
    return line


def _key_of_row(row: models.Model, key: Sequence[str]) -> tuple[Any, ...]:
    return tuple(_stored(row, name) for name in key)


def _key_of_values(values: Mapping[str, Any], key: Sequence[str]) -> tuple[Any, ...]:
    return tuple(_plain(values[name]) for name in key)


def _stored(row: models.Model, name: str) -> Any:
    """The value of a column: for a foreign key the number, without a query."""
    return getattr(row, cast("models.Field[Any, Any]", row._meta.get_field(name)).attname)


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


def _foreign_keys(row: models.Model) -> set[str]:
    return {field.name for field in row._meta.concrete_fields if field.is_relation}
