"""A case as it was at a moment, read from the versions of its rows.

What it costs depends on how many kinds of rows there are, never on how long the history is.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import IntegerField, Value

from .names import Names, as_row, newest
from .registry import GOVERNED, Governed, versions_of

Rows = dict[str, list[Any]]


@dataclass(frozen=True)
class Moment:
    """Every row of an innovation's cases as it was recorded at a moment, by the model's label."""

    innovation: int
    at: datetime.datetime
    rows: Rows
    names: Names

    def of(self, label: str) -> list[Any]:
        """The rows of one model, in the order in which they were made."""
        return self.rows.get(label, [])

    def one(self, label: str) -> Any:
        """The newest row of a model, None where there was none."""
        return next(reversed(self.of(label)), None)

    @property
    def is_empty(self) -> bool:
        """Whether nothing of the case was recorded yet."""
        return not self.rows


def moment_of(innovation: int, at: datetime.datetime) -> Moment:
    """The innovation and all that belongs to it, as it was recorded at that moment."""
    names, rows = Names(at), {}
    for kind, numbers in _last_versions(innovation, at).items():
        if found := _rows(GOVERNED[kind], numbers):
            rows[GOVERNED[kind].label] = found
            names.know(found)
    names.refer(*rows.values())
    return Moment(innovation, at, rows, names)


def _last_versions(innovation: int, at: datetime.datetime) -> dict[int, list[int]]:
    """The version that counted of every row, by kind, in one query."""
    parts = []
    for kind, governed in enumerate(GOVERNED):
        last = newest(versions_of(governed, innovation), governed.row_key, at)
        line = last.annotate(line=Value(kind, IntegerField()))
        parts.append(line.values_list("line", "newest"))
    found: dict[int, list[int]] = defaultdict(list)
    for kind, number in parts[0].union(*parts[1:], all=True):
        found[kind].append(number)
    return dict(sorted(found.items()))


def _rows(governed: Governed, numbers: list[int]) -> list[Any]:
    versions = governed.versions.filter(history_id__in=numbers).exclude(history_type="-")
    found = (as_row(governed.model, version) for version in versions)
    return sorted(found, key=lambda row: row.pk)
