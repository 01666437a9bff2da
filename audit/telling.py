"""Entries of the ledger as a person reads them."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from workflow.models import Case

from .history import FieldChange
from .ledger import SYSTEM
from .models import Entry
from .registry import governed_by_key
from .values import label_of, plain, shown

SIGNS = {
    "+": gettext_lazy("recorded"),
    "~": gettext_lazy("changed"),
    "-": gettext_lazy("removed"),
}
# What an act without a row says of itself.
WORDS = {
    "act": gettext_lazy("Act"),
    "case": gettext_lazy("Case"),
    "change": gettext_lazy("Change"),
    "number": gettext_lazy("Number"),
    "page": gettext_lazy("Page"),
    "path": gettext_lazy("Address"),
    "person": gettext_lazy("Person"),
    "question": gettext_lazy("Question"),
    "basis": gettext_lazy("Legal basis"),
    "sha256": "SHA-256",
}
CHANGES = {
    "granted": gettext_lazy("granted"),
    "add": gettext_lazy("granted"),
    "withdrawn": gettext_lazy("withdrawn"),
    "remove": gettext_lazy("withdrawn"),
}
# Numbers of rows that tell a person nothing.
UNSAID = {"row", "with", "values", "permission", "groups", "refusal", "innovation", "instrument"}


@dataclass(frozen=True)
class Row:
    """A row that an entry names: its model, the row, what happened to it, the version kept."""

    label: str
    pk: Any
    sign: str
    version: int

    @property
    def model(self) -> type[models.Model] | None:
        """The model; None where it is no longer there."""
        try:
            return apps.get_model(self.label)
        except (LookupError, ValueError):
            return None

    @property
    def words(self) -> str:
        """What kind of row it is, and what happened to it."""
        name = self.model._meta.verbose_name if self.model else self.label
        return f"{capfirst(str(name))}: {SIGNS.get(self.sign, self.sign)}"

    def address(self, chain: str) -> str:
        """The page that shows this version, for what belongs to a case."""
        governed = governed_by_key(self.label.lower())
        if governed is None or chain == SYSTEM:
            return ""
        return reverse("case_diff", args=[chain, governed.key, self.version, self.version])


@dataclass(frozen=True)
class Told:
    """An entry with the title of its case, and the names of the people it speaks of."""

    entry: Entry
    title: str
    names: Mapping[int, str]

    @property
    def rows(self) -> list[Row]:
        """The rows that it names, its own first."""
        return list(rows_of(content_of(self.entry)))

    @property
    def sentence(self) -> str:
        """What it is about, in a few words."""
        content = content_of(self.entry)
        if content is None:
            return _("Its content was erased; its hash stays.")
        rows = list(rows_of(content))
        if not rows:
            return " · ".join(field.new for field in self._said(content))[:200]
        more = len(rows) - 1
        with_others = _("%(row)s, with %(count)s more") % {"row": rows[0].words, "count": more}
        return with_others if more else rows[0].words

    @property
    def fields(self) -> list[FieldChange]:
        """What it says, field by field, in words."""
        content = content_of(self.entry) or {}
        row = next(iter(self.rows), None)
        if row is None or row.model is None or not isinstance(content.get("values"), dict):
            return list(self._said(content))
        return list(_values(row.model, content["values"]))

    def _said(self, content: Mapping[str, Any]) -> Iterator[FieldChange]:
        person = person_in(content)
        if person and person != self.entry.actor_id:
            name = self.names.get(person, f"#{person}")
            yield FieldChange(str(WORDS["person"]), name, name)
        for name, value in content.items():
            if name not in UNSAID | {"person"} and value not in (None, "", [], {}):
                text = str(CHANGES.get(value, value)) if name == "change" else plain(value)
                yield FieldChange(str(WORDS.get(name, name)), text, text)


def person_in(content: Mapping[str, Any] | None) -> int | None:
    """The person that an act without a row is about."""
    found = (content or {}).get("person") or (content or {}).get("row")
    return found if isinstance(found, int) else None


def content_of(entry: Entry) -> dict[str, Any] | None:
    """The content of an entry; None where it was erased or is no content of ours."""
    try:
        content = json.loads(entry.payload) if entry.payload is not None else None
    except ValueError:
        return None
    return content if isinstance(content, dict) else None


def rows_of(content: Mapping[str, Any] | None) -> Iterator[Row]:
    """The rows that a content names, in their order."""
    for named in [(content or {}).get("row"), *((content or {}).get("with") or ())]:
        if isinstance(named, list) and len(named) == 4:
            yield Row(*named)


def _values(model: type[models.Model], values: Mapping[str, Any]) -> Iterator[FieldChange]:
    """The values of a row: references by their number, as the entry has them."""
    known = {field.attname: field for field in model._meta.concrete_fields}
    for name, value in values.items():
        field = known.get(name)
        if value in (None, "", [], {}) or field is None:
            continue
        text = _shown(model, field, value)
        yield FieldChange(label_of(field), text, text)


def _shown(model: type[models.Model], field: models.Field[Any, Any], value: Any) -> str:
    if isinstance(value, dict) and value.keys() == {"sha256", "length"}:
        return _("a long text, kept by its version; SHA-256 %(hash)s") % {"hash": value["sha256"]}
    if field.is_relation:
        related = field.related_model
        name = related._meta.verbose_name if isinstance(related, type) else ""
        return f"{name} #{value}"
    try:
        return shown(field, model(**{field.attname: field.to_python(value)}))
    except (TypeError, ValueError, models.ObjectDoesNotExist):
        return plain(value)


def told(entries: Sequence[Entry]) -> list[Told]:
    """Entries with the titles of their cases and the names of people: two queries."""
    titles = titles_of(entry.chain for entry in entries)
    spoken_of = (person_in(content_of(entry)) for entry in entries)
    people = {person for person in spoken_of if person is not None}
    named = User.objects.filter(pk__in=people) if people else User.objects.none()
    names = {person.pk: str(person) for person in named}
    return [Told(entry, titles.get(entry.chain, ""), names) for entry in entries]


def titles_of(codes: Iterable[str]) -> dict[str, str]:
    """The titles of cases by their codes."""
    wanted = set(codes) - {SYSTEM, ""}
    cases = Case.objects.filter(code__in=wanted).order_by() if wanted else Case.objects.none()
    return dict(cases.values_list("code", "innovation__name"))
