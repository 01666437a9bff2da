"""What is different between two moments of a case: rows that came, went and changed, by words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.authority import Authority
from accounts.models import Office

from .history import FieldChange, label_of_model, title_of
from .holders import Holders
from .moments import Moment
from .registry import GOVERNED, Governed
from .showing import concerned_offices, texts_of

ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True)
class Difference:
    """One row that differs, with the fields in which it does."""

    label: str
    title: str
    state: str
    fields: list[FieldChange]


def differences_between(before: Moment, after: Moment) -> list[Difference]:
    """Everything that differs, in the order of the journey, then who held the offices."""
    found = [
        difference for governed in GOVERNED for difference in _of_kind(governed, before, after)
    ]
    return found + _of_holders(before, after)


def _of_kind(governed: Governed, before: Moment, after: Moment) -> Iterator[Difference]:
    old = {row.pk: row for row in before.of(governed.label)}
    new = {row.pk: row for row in after.of(governed.label)}
    for key in sorted(old.keys() | new.keys()):
        row = new.get(key) or old[key]
        fields = _fields(governed, old.get(key), new.get(key))
        state = CHANGED if key in old and key in new else ADDED if key in new else REMOVED
        if fields or state != CHANGED:
            yield Difference(label_of_model(governed), title_of(governed, row), state, fields)


def _fields(governed: Governed, old: Any, new: Any) -> list[FieldChange]:
    before = dict(texts_of(governed, old)) if old is not None else {}
    after = dict(texts_of(governed, new)) if new is not None else {}
    labels = dict.fromkeys([*after, *before])
    return [
        FieldChange(label, before.get(label, ""), after.get(label, ""))
        for label in labels
        if before.get(label) != after.get(label)
    ]


def _of_holders(before: Moment, after: Moment) -> list[Difference]:
    """Who spoke for each office that the case had to do with, where that changed."""
    offices = {office.pk: office for office in concerned_offices(before)}
    offices |= {office.pk: office for office in concerned_offices(after)}
    then, later = _speakers(before, offices), _speakers(after, offices)
    fields = [
        FieldChange(office.title, then.get(key, ""), later.get(key, ""))
        for key, office in offices.items()
        if then.get(key) != later.get(key)
    ]
    return [Difference(_("Who held the offices"), "", CHANGED, fields)] if fields else []


def _speakers(moment: Moment, offices: Mapping[int, Office]) -> dict[int, str]:
    rights = Holders(moment.names).authorities(offices.values())
    return {key: _spoken(found[0]) for key, found in rights.items() if found}


def _spoken(right: Authority) -> str:
    return f"{right.person}, {right.capacity}"
