"""Rows as they were recorded at a moment: whatever they refer to bears the name it had then."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.db.models import Max, Q, QuerySet
from simple_history.utils import get_history_manager_for_model

Model = type[models.Model]


def versions(model: Model) -> QuerySet[Any]:
    """Every version of every row of a recorded model."""
    return get_history_manager_for_model(model).all()


def newest(found: QuerySet[Any], row_key: str, at: datetime.datetime) -> QuerySet[Any, Any]:
    """The numbers of the last versions up to a moment, one for each row among the versions.

    Numbers rise with the writing, also where two servers' clocks differ.
    """
    written = found.filter(history_date__lte=at).order_by()
    return written.values(row_key).annotate(newest=Max("history_id")).values("newest")


def as_row(model: Model, version: Any) -> Any:
    """A version as a row of its model; what the history leaves out keeps its default."""
    kept = {field.attname for field in version._meta.concrete_fields}
    fields = (field for field in model._meta.concrete_fields if field.attname in kept)
    return model(**{field.attname: getattr(version, field.attname) for field in fields})


def is_recorded(model: Model) -> bool:
    """Whether the model has a history."""
    return hasattr(model._meta, "simple_history_manager_attribute")


class Names:
    """Rows by their numbers as they were at a moment; each is looked up once.

    A row that was recorded later only, or whose model has no history, is as it is today.
    """

    def __init__(self, at: datetime.datetime) -> None:
        self.at = at
        self._known: dict[Model, dict[Any, Any]] = defaultdict(dict)

    def know(self, rows: Iterable[models.Model]) -> None:
        """Take rows that are in hand already."""
        for row in rows:
            self._known[type(row)][row.pk] = row

    def rows(self, model: Model, keys: Iterable[Any]) -> dict[Any, Any]:
        """The rows with these numbers, in two queries at most."""
        known = self._known[model]
        if missing := set(keys) - known.keys():
            known.update(self._then(model, missing) if is_recorded(model) else {})
        if missing := missing - known.keys():
            known.update(model._default_manager.in_bulk(missing))
        return known

    def refer(self, *tables: Sequence[models.Model]) -> None:
        """Let the references of rows lead to the rows of the moment; each table is of one model."""
        references = [(rows, field) for rows in tables for field in _references(rows)]
        wanted: dict[Model, set[Any]] = defaultdict(set)
        for rows, field in references:
            keys = {getattr(row, field.attname) for row in rows}
            wanted[field.related_model] |= keys - {None}
        for model, keys in wanted.items():
            self.rows(model, keys)
        for rows, field in references:
            found = self._known[field.related_model]
            for row in rows:
                if target := found.get(getattr(row, field.attname)):
                    setattr(row, field.name, target)

    def _then(self, model: Model, keys: set[Any]) -> dict[Any, Any]:
        key = model._meta.pk.attname
        of_these = versions(model).filter(Q(**{f"{key}__in": keys}))
        last = versions(model).filter(history_id__in=newest(of_these, key, self.at))
        return {getattr(row, key): as_row(model, row) for row in last.exclude(history_type="-")}


def _references(rows: Sequence[models.Model]) -> list[Any]:
    """The foreign keys of a table's rows, but for those of the workflow library."""
    if not rows:
        return []
    return [
        field
        for field in rows[0]._meta.concrete_fields
        if isinstance(field.related_model, type)
        and not field.primary_key
        and field.related_model._meta.app_label != "viewflow"
    ]
