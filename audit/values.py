"""Stored values as a person reads them."""

import datetime
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.texts import rupiah
from approvals.models import Outcome
from innovations.catalogues import all_checklist_items
from planning.amounts import figure
from workflow.flows.routes import WITHDRAW
from workflow.stages import place_labels
from workflow.templatetags.payung import PROPOSAL_PARTS, moment

# Of the numbers with two places, those that are rupiah.
MONEY = {"amount", "budget_need", "realised"}
# Plain text columns that hold a code, and where its words are.
CODES: dict[str, Callable[[], Mapping[str, Any]]] = {
    "stage": place_labels,
    "asked_by": place_labels,
    "outcome": lambda: {**dict(Outcome.choices), WITHDRAW: _("Withdrawn")},
    "item": lambda: {item.code: item.label for item in all_checklist_items()},
    "section": lambda: PROPOSAL_PARTS,
}
# References that their models leave without a name in words.
NAMES = {
    "person": gettext_lazy("person"),
    "document": gettext_lazy("issued document"),
    "rendered": gettext_lazy("document before signing"),
    "signatory": gettext_lazy("signatory's account"),
    "source": gettext_lazy("legal basis"),
    "series": gettext_lazy("number series"),
}
# The parts of a draft's text; what only tells them apart, or repeats them, stays unsaid.
PARTS: dict[Any, Any] = {
    "considerations": gettext_lazy("Considerations"),
    "noting": gettext_lazy("Noting"),
    "dicta": gettext_lazy("Dicta"),
    "copy_recipients": gettext_lazy("Copies to"),
    "annex": gettext_lazy("Annex"),
    "title": gettext_lazy("Title"),
    "columns": gettext_lazy("Columns"),
    "rows": gettext_lazy("Rows"),
}
UNSAID = {"key", "assembled"}


def label_of(field: models.Field[Any, Any]) -> str:
    """What the field is called."""
    return str(capfirst(NAMES.get(str(field.verbose_name), field.verbose_name)))


def shown(field: models.Field[Any, Any], version: models.Model) -> str:
    """The value of a field in one version; an empty text for none."""
    value = getattr(version, field.attname)
    if value is None or value == "":
        return ""
    if field.is_relation:
        return _related(version, field.name, value)
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if field.name in CODES:
        return str(CODES[field.name]().get(value, value))
    if isinstance(value, Decimal):
        return _amount(field.name, value)
    return plain(value)


def plain(value: Any) -> str:
    """A value of no particular field."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime.datetime):
        return moment(value)
    if isinstance(value, datetime.date):
        return date_format(value, "j F Y")
    if isinstance(value, dict | list):
        return "\n".join(_lines(value))
    return str(value)


def _related(version: models.Model, name: str, pk: Any) -> str:
    try:
        return str(getattr(version, name))
    except ObjectDoesNotExist:
        return f"#{pk}"


def _amount(name: str, value: Decimal) -> str:
    return rupiah(value) if name in MONEY else figure(value)


def _clause(part: Any) -> Any:
    """A clause as its text alone; anything else as it is."""
    is_clause = isinstance(part, dict) and "text" in part and part.keys() <= {"key", "text"}
    return part["text"] if is_clause else part


def _lines(value: Any, depth: int = 0) -> Iterator[str]:
    """Nested data as an indented list: `name: value` for a field, `1.` for an entry."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value, start=1)
    for name, part in pairs:
        if name in UNSAID:
            continue
        mark = f"{PARTS.get(name, name)}:" if isinstance(value, dict) else f"{name}."
        head, inner = f"{'  ' * depth}{mark}", _clause(part)
        if isinstance(inner, dict | list):
            yield head
            yield from _lines(inner, depth + 1)
        else:
            yield f"{head} {'' if inner is None else plain(inner)}".rstrip()
