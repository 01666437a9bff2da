"""Twenty ways to change a row, on every governed table: each is recorded, or refused."""

import datetime
import decimal
import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, connection, models, transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce, Concat
from django.test import override_settings
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from accounts.acting import NoActor, acting_as
from audit.checks import is_recorded
from audit.models import JournalRow
from audit.tables import OF_LIBRARIES, UNWATCHED, WRITTEN_ONCE, our_models, watched
from tests.accounts.factories import system_account
from tests.workflow.conftest import regency, walked

__all__ = ["regency", "walked"]

pytestmark = [pytest.mark.integration]

WALKED = ("done",)
TABLES = {table.table: table for table in watched()}
MODELS = [
    model
    for model in [*our_models(), *map(apps.get_model, OF_LIBRARIES)]
    if model._meta.db_table in TABLES
    and TABLES[model._meta.db_table].journalled
    and model._meta.label not in UNWATCHED.keys() | WRITTEN_ONCE
]
# What the application itself says to whoever tries.
REFUSED = (
    DatabaseError,
    ObjectDoesNotExist,
    NoActor,
    TypeError,
    ValueError,
    models.ProtectedError,
    models.RestrictedError,
)
# What a row made of nothing much needs to be accepted.
OWN: dict[str, dict[str, Any]] = {
    "accounts.Delegation": {"revocation_reason": ""},
    "legal_basis.LegalRelation": {"target_id": 2},
}
CHANGEABLE = (models.CharField, models.TextField, models.IntegerField, models.BooleanField)
Way = Callable[["Row"], Any]


class Row:
    """A row of a table, and a column of it that may be written."""

    def __init__(self, model: type[models.Model], row: Any) -> None:
        self.model, self.table, self.row = model, model._meta.db_table, row
        self.key, self.number = TABLES[self.table].key, row.pk
        self.rows = model._base_manager.filter(pk=row.pk)
        changeable = filter(self._can_be_changed, model._meta.local_concrete_fields)
        self.field: Any = next(changeable, None)

    def _can_be_changed(self, field: Any) -> bool:
        secret = field.column in TABLES[self.table].secret
        own_kind = not type(field).__module__.startswith("django.")
        if field.unique or field.choices or own_kind or secret or not isinstance(field, CHANGEABLE):
            return False
        try:
            with transaction.atomic():
                self.rows.update(**{field.name: self.other(field)})
                transaction.set_rollback(True)
        except DatabaseError:
            return False
        return True

    def other(self, field: Any = None) -> Any:
        """Another value for a column."""
        field = field or self.field
        old = getattr(self.row, field.attname)
        if isinstance(field, models.BooleanField):
            return not old
        if isinstance(field, models.IntegerField):
            return (old or 0) + 1
        # A text that is full is changed in its first letter.
        return ("Q" if not (old or "").startswith("Q") else "W") + (old or "")[1:]

    def changed(self) -> Any:
        """The row with its other value, not saved."""
        setattr(self.row, self.field.attname, self.other())
        return self.row

    def gone(self) -> Any:
        """The row, taken out of its table first."""
        self.rows._raw_delete(self.rows.db)
        return self.row

    def sql(self, statement: str, *values: Any) -> None:
        """Raw SQL on the row."""
        names = {"table": self.table, "key": self.key, "column": self.field and self.field.column}
        with connection.cursor() as cursor:
            cursor.execute(statement.format(**names), [*values, self.row.pk])


def _loaded(row: Row) -> None:
    told = json.loads(serializers.serialize("json", [row.changed()]))
    for one in serializers.deserialize("json", json.dumps(told)):
        one.save()


def _unheard(row: Row) -> None:
    row.changed().skip_history_when_saving = True
    row.row.save()


def _switched_off(row: Row) -> None:
    with override_settings(SIMPLE_HISTORY_ENABLED=False):
        row.changed().save()


def _expression(row: Row) -> None:
    column = F(row.field.name)
    text = isinstance(row.field, models.CharField | models.TextField)
    end = Concat(Value("Q"), column) if text else Coalesce(column, 0) + 1
    row.rows.update(**{row.field.name: row.other() if _is_narrow(row) else end})


def _is_narrow(row: Row) -> bool:
    return isinstance(row.field, models.BooleanField) or getattr(row.field, "max_length", 0) == 1


def _upsert(row: Row) -> None:
    name = row.field.name
    row.model._base_manager.bulk_create(
        [row.changed()], update_conflicts=True, unique_fields=["pk"], update_fields=[name]
    )


def _replaced(row: Row) -> None:
    """INSERT OR REPLACE on SQLite, which other databases have not: there, ON CONFLICT."""
    names = ", ".join(f'"{field.column}"' for field in row.model._meta.local_concrete_fields)
    values = names.replace(f'"{row.field.column}"', "%s")
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT OR REPLACE INTO "{row.table}" ({names}) SELECT {values} '  # noqa: S608
            f'FROM "{row.table}" WHERE "{row.key}" = %s',
            [row.other(), row.row.pk],
        )


def _emptied(row: Row) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'TRUNCATE "{row.table}" CASCADE')


CHANGES: dict[str, Way] = {
    "save": lambda row: row.changed().save(),
    "save of one column": lambda row: row.changed().save(update_fields=[row.field.name]),
    "save of the row alone": lambda row: row.changed().save_base(raw=True),
    "update": lambda row: row.rows.update(**{row.field.name: row.other()}),
    "update with an expression": _expression,
    "bulk_update": lambda row: row.model._base_manager.bulk_update(
        [row.changed()], [row.field.name]
    ),
    "upsert": _upsert,
    "raw UPDATE": lambda row: row.sql(
        'UPDATE "{table}" SET "{column}" = %s WHERE "{key}" = %s', row.other()
    ),
    "loaddata": _loaded,
    "skip_history_when_saving": _unheard,
    "SIMPLE_HISTORY_ENABLED": _switched_off,
}
OF_HISTORY: dict[str, Way] = {
    "save_without_historical_record": lambda row: row.changed().save_without_historical_record(),
    "bulk_update_with_history": lambda row: bulk_update_with_history(
        [row.changed()], row.model, [row.field.name]
    ),
    "bulk_create_with_history": lambda row: bulk_create_with_history([row.gone()], row.model),
}
ENDS: dict[str, Way] = {
    "delete": lambda row: row.row.delete(),
    "delete of a query": lambda row: row.rows.delete(),
    "_raw_delete": lambda row: row.rows._raw_delete(row.rows.db),
    "raw DELETE": lambda row: row.sql('DELETE FROM "{table}" WHERE "{key}" = %s'),
    "bulk_create": lambda row: row.model._base_manager.bulk_create([row.gone()]),
    "save of a new row": lambda row: row.gone().save_base(raw=True, force_insert=True),
}
OF_DATABASE: dict[str, dict[str, Way]] = {
    "sqlite": {"INSERT OR REPLACE": _replaced},
    "postgresql": {"TRUNCATE": _emptied},
}


def ways_of(row: Row) -> dict[str, Way]:
    found = dict(ENDS)
    if row.field is not None:
        found |= CHANGES | OF_DATABASE[connection.vendor]
        found |= OF_HISTORY if is_recorded(row.model) else {}
    return found


def outcome(row: Row, way: Way) -> str:
    """What a way led to: recorded, refused, or lost. Taken back afterwards."""
    with transaction.atomic():
        newest = JournalRow.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        found = _done(row, way, newest)
        transaction.set_rollback(True)
    return found


def _done(row: Row, way: Way, newest: int) -> str:
    try:
        with transaction.atomic():
            way(row)
    except REFUSED:
        return "refused"
    told = JournalRow.objects.filter(pk__gt=newest, relation=row.table)
    return "recorded" if told.filter(row_key=str(row.number)).exists() else "lost"


def a_row_of(model: type[models.Model]) -> Row:
    """One that is there, or one made of nothing much."""
    found = model._base_manager.order_by("pk").first()
    if found is None:
        values = {field.attname: _anything(field) for field in _own_fields(model)}
        found = model(**values | OWN.get(model._meta.label, {}))
        model._base_manager.bulk_create([found])
    return Row(model, found)


def again(row: Row) -> Row:
    """The row as it is stored."""
    return Row(row.model, row.rows.get())


def _own_fields(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if not field.primary_key]


def _anything(field: Any) -> Any:
    if field.has_default():
        return field.get_default()
    if field.null:
        return None
    if field.is_relation:
        return 1
    kinds = {
        models.DateTimeField: datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
        models.DateField: datetime.date(2026, 1, 1),
        models.TimeField: datetime.time(8),
        models.BooleanField: False,
        models.DecimalField: decimal.Decimal(1),
        models.IntegerField: 1,
        models.UUIDField: uuid.uuid4(),
        models.JSONField: {},
    }
    return next((value for kind, value in kinds.items() if isinstance(field, kind)), "x")


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_way_to_change_a_row_is_recorded_or_refused(walked, db, model):
    with transaction.atomic(), acting_as(system_account()):
        row = a_row_of(model)
        ways = ways_of(row)
        told = {name: outcome(again(row), way) for name, way in ways.items()}
        transaction.set_rollback(True)

    assert [name for name, found in told.items() if found == "lost"] == []
    # Only what was wrong in itself is refused: these always go through.
    assert told["_raw_delete"] == told["raw DELETE"] == "recorded"
    assert told["bulk_create"] == ("refused" if model._meta.parents else "recorded")
    if row.field is not None:
        assert told["update"] == told["raw UPDATE"] == "recorded"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_nobody_changes_a_row(walked, db, model):
    with transaction.atomic():
        with acting_as(system_account()):
            row = a_row_of(model)
        tried = [outcome(row, ENDS["raw DELETE"])]
        if row.field is not None:
            tried.append(outcome(row, CHANGES["raw UPDATE"]))
        transaction.set_rollback(True)

    assert set(tried) == {"refused"}
