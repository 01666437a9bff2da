"""Kept values in words: what was hashed has no language, and people read it in theirs."""

import datetime
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Office, Unit, User
from accounts.texts import rupiah
from innovations.models import EvidenceKind, Innovation, Trial
from innovations.sections import Field, plain
from planning.amounts import figure
from planning.models import Commitment, TechnologyLine

NOTHING = "–"
DECIMAL = re.compile(r"-?\d+\.\d\d")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
CHECKSUM = re.compile(r"[0-9a-f]{64}")
# The models whose choices some sections keep by their codes.
CHOICES: dict[str, type[Model]] = {
    "identity": Innovation,
    "trial": Trial,
    "commitment": Commitment,
}
# What is kept by a code of its own: the model and the field that holds the code.
NAMED: dict[str, tuple[type[Model], str]] = {
    "initiator": (User, "username"),
    "co_initiators": (User, "username"),
    "owning_unit": (Unit, "code"),
    "laboratory": (Unit, "code"),
    "owner_office": (Office, "code"),
    "custodian_office": (Office, "code"),
}
CODES_IN_ROWS = {**dict(EvidenceKind.choices), **dict(TechnologyLine.Kind.choices)}


def raw_of(field: Field) -> Any:
    """What is hashed of a field as it stands now."""
    return field["raw"] if "raw" in field else plain(field["value"])


def shown(section: str, key: str, raw: Any, now: Field | None) -> Field:
    """A kept value as a field that people read, labelled as the field that stands there now."""
    found: Field = {"key": key, "label": now["label"] if now else key.replace("_", " ")}
    if now and raw_of(now) == raw:
        return {**now}
    if _is_table(raw, now):
        rows = [_cells(row) for row in raw]
        columns = now.get("columns", []) if now else []
        fitting = columns if all(len(row) == len(columns) for row in rows) else []
        return found | {"kind": "table", "columns": fitting, "value": rows}
    if isinstance(raw, list):
        return found | {"kind": "list", "value": [_named(section, key, one) for one in raw]}
    return found | {"kind": "text", "value": text_of(section, key, raw, now)}


def text_of(section: str, key: str, raw: Any, now: Field | None) -> str:
    """A kept value as one text, which can be compared word by word."""
    if isinstance(raw, list):
        if _is_table(raw, now):
            return "\n".join(" · ".join(_cells(row)) for row in raw)
        return "\n".join(_named(section, key, one) for one in raw)
    if now and now["kind"] == "money" and isinstance(raw, str) and DECIMAL.fullmatch(raw):
        return rupiah(Decimal(raw))
    return _named(section, key, raw)


def _is_table(raw: Any, now: Field | None) -> bool:
    if not isinstance(raw, list):
        return False
    rows = any(isinstance(row, list | dict) for row in raw)
    return rows or (now is not None and now["kind"] == "table")


def _cells(row: Any) -> list[str]:
    values = row.values() if isinstance(row, Mapping) else row
    return [_cell(value) for value in (values if isinstance(row, Mapping | list) else [row])]


def _cell(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_cell(one)}" for key, one in value.items()) or NOTHING
    if isinstance(value, list):
        return ", ".join(map(_cell, value)) or NOTHING
    return str(CODES_IN_ROWS.get(value, "")) or _plain_words(value)


def _named(section: str, key: str, value: Any) -> str:
    """A value, or the name of what its code stands for."""
    if isinstance(value, list | Mapping):
        return _cell(value)
    if isinstance(value, str) and key in NAMED:
        model, field = NAMED[key]
        found = model._default_manager.filter(**{field: value}).first()
        return str(found or value)
    return _choice(section, key, value) or _plain_words(value)


def _choice(section: str, key: str, value: Any) -> str:
    if section not in CHOICES:
        return ""
    try:
        choices = dict(getattr(CHOICES[section]._meta.get_field(key), "flatchoices", ()))
    except FieldDoesNotExist:
        return ""
    return str(choices.get(value, ""))


def _plain_words(value: Any) -> str:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    text = str(value)
    if DECIMAL.fullmatch(text):
        return figure(Decimal(text))
    if DAY.fullmatch(text):
        return date_format(datetime.date.fromisoformat(text), "j F Y")
    return f"{text[:12]}…" if CHECKSUM.fullmatch(text) else text
