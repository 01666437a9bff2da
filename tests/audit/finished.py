"""Hundreds of finished cases: one is walked, the database copies it, chains are built."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models
from simple_history.utils import get_history_manager_for_model

from accounts.acting import acting_as
from approvals.models import Seat
from audit import triggers
from audit.anchoring import anchor_new
from audit.kinds import Kind
from audit.ledger import Deed, append
from audit.models import Entry
from tests.accounts.factories import system_account
from workflow.models import Case

FIRST = 1000
STAGES = ("initialling", "signing")
CODE = "replace({}, '{code}', {new})"
NUMBER = f"replace({{}}, '/001/', '/' || ({FIRST} + n) || '/')"
# What of a case is copied, and what each copy has of its own; `n` counts the copies from 0.
COPIED: dict[str, dict[str, str]] = {
    "innovations.Innovation": {"code": CODE},
    "viewflow.Process": {},
    "workflow.Case": {"code": CODE},
    "approvals.Seat": {"case_code": CODE, "position": "{} * 1000 + n + 500"},
    "approvals.SignOff": {},
    "legal_basis.Instrument": {"subject_code": CODE, "number": NUMBER, "token": "{token}"},
    "legal_basis.RegisterEntry": {"sequence": "{} + n + 10", "number": NUMBER},
    "legal_basis.Publication": {},
}
TOKENS = {
    "sqlite": "printf('%032x', n + 7000)",
    "postgresql": "lpad(to_hex(n + 7000), 32, '0')::uuid",
}


@dataclass(frozen=True)
class Copied:
    """Rows that are copied: a copy's key is the row's own and `ahead` + n * `span`."""

    keys: tuple[int, ...]
    ahead: int
    span: int

    def of(self, key: int, copy: int) -> int:
        """The key of a row in a copy."""
        return key + self.ahead + copy * self.span

    def sql(self, column: str) -> str:
        """The SQL of such a key; what is not copied stays."""
        keys = ", ".join(map(str, self.keys))
        copy = f"{column} + {self.ahead} + n * {self.span}"
        return f"CASE WHEN {column} IN ({keys}) THEN {copy} ELSE {column} END"


class Copies:
    """A case and what belongs to it, to be copied as often as needed."""

    def __init__(self, case: Case) -> None:
        self.case, self.made = case, 0
        self.rows = {label: _plan(apps.get_model(label), keys) for label, keys in _keys(case)}
        self.versions = {
            label: _plan(_version(label), _newest(label, copied.keys))
            for label, copied in self.rows.items()
            if label != "viewflow.Process"
        }
        self.entries = list(Entry.objects.filter(chain=case.code).order_by("sequence"))

    def make(self, count: int) -> None:
        """So many more: rows and versions by the database, chains by the ledger."""
        copies = range(self.made, self.made + count)
        with acting_as(system_account()):
            for label, copied in self.rows.items():
                self._copy(apps.get_model(label), copied, COPIED[label], copies)
            for label, copied in self.versions.items():
                self._copy(_version(label), copied, COPIED[label], copies)
        append(deed for copy in copies for deed in self._deeds(copy))
        self.made += count

    def _copy(
        self, model: type[models.Model], copied: Copied, own: Mapping[str, str], copies: range
    ) -> None:
        columns = {
            field.column: self._value(field, copied, own)
            for field in model._meta.local_concrete_fields
        }
        named = ", ".join(f'"{name}"' for name in columns)
        keys = ", ".join(map(str, copied.keys))
        with connection.cursor() as cursor:
            cursor.execute(
                f"WITH RECURSIVE copies(n) AS (SELECT {copies.start} UNION ALL "  # noqa: S608
                f"SELECT n + 1 FROM copies WHERE n < {copies.stop - 1}) "
                f'INSERT INTO "{model._meta.db_table}" ({named}) '
                f'SELECT {", ".join(columns.values())} FROM "{model._meta.db_table}" AS s, copies '
                f'WHERE s."{model._meta.pk.column}" IN ({keys}) ORDER BY n'
            )

    def _value(self, field: Any, copied: Copied, own: Mapping[str, str]) -> str:
        column = f's."{field.column}"'
        if field.name in own:
            return own[field.name].format(
                column,
                code=self.case.code,
                new=f"'INV-2026-' || ({FIRST} + n)",
                token=TOKENS[connection.vendor],
            )
        if field.primary_key and not field.is_relation:
            return copied.sql(column)
        if field.is_relation:
            above = self.rows.get(field.related_model._meta.label)
            return above.sql(column) if above else column
        # A version names its row by the same column.
        if field.name == "id":
            label = field.model.instance_type._meta.label
            return self.rows[label].sql(column)
        return column

    def _deeds(self, copy: int) -> Iterator[Deed]:
        chain = f"INV-2026-{FIRST + copy}"
        for entry in self.entries:
            content = self._content(entry, copy)
            yield Deed(Kind(entry.kind), chain, entry.actor_id, content, entry.capacity)

    def _content(self, entry: Entry, copy: int) -> dict[str, Any]:
        content = json.loads(entry.payload or "{}")
        if "row" in content and not (row := self._named(content["row"], copy)):
            del content["row"], content["values"]
        elif "row" in content:
            content["row"] = row
        named = (self._named(one, copy) for one in content.pop("with", ()))
        content["with"] = [one for one in named if one]
        if entry.kind == Kind.ISSUE:
            content["instrument"] = self.rows["legal_basis.Instrument"].of(
                content["instrument"], copy
            )
            content["number"] = content["number"].replace("/001/", f"/{FIRST + copy}/")
        return content

    def _named(self, named: Any, copy: int) -> list[Any] | None:
        if not isinstance(named, list):
            return None
        label, key, kind, version = named
        copied = self.versions.get(label)
        if copied is None or version not in copied.keys:
            return None
        return [label, self.rows[label].of(key, copy), kind, copied.of(version, copy)]


def _keys(case: Case) -> Iterator[tuple[str, tuple[int, ...]]]:
    instrument = case.innovation.instruments.get().pk
    seats = Seat.objects.filter(process_id=case.pk, stage__in=STAGES)
    found: dict[str, Any] = {
        "innovations.Innovation": [case.innovation_id],
        "viewflow.Process": [case.pk],
        "workflow.Case": [case.pk],
        "approvals.Seat": seats.values_list("pk", flat=True),
        "approvals.SignOff": apps.get_model("approvals.SignOff")
        .objects.filter(seat__in=seats)
        .values_list("pk", flat=True),
        "legal_basis.Instrument": [instrument],
    }
    for label in ("legal_basis.RegisterEntry", "legal_basis.Publication"):
        rows = apps.get_model(label).objects.filter(instrument=instrument)
        found[label] = rows.values_list("pk", flat=True)
    for label, keys in found.items():
        yield label, tuple(keys)


def _version(label: str) -> type[models.Model]:
    return get_history_manager_for_model(apps.get_model(label)).model


def _newest(label: str, keys: tuple[int, ...]) -> tuple[int, ...]:
    key = apps.get_model(label)._meta.pk.attname
    rows = _version(label)._default_manager.filter(**{f"{key}__in": keys}).order_by()
    return tuple(
        rows.values(key).annotate(newest=models.Max("history_id")).values_list("newest", flat=True)
    )


def _plan(model: type[models.Model], keys: tuple[int, ...]) -> Copied:
    last = model._default_manager.aggregate(last=models.Max("pk"))["last"]
    return Copied(keys, last - min(keys) + 1, max(keys) - min(keys) + 1)


def settle() -> None:
    """Let every transaction so far have ended long ago: checkpoints cover what has ended.

    Takes the triggers away, as somebody with the rights of the database would.
    """
    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_journal SET tx = 1 WHERE tx > 1")


def finished_cases(case: Case, count: int, *, steps: int = 5) -> Copies:
    """Copies of a finished case, with a checkpoint after each step of them."""
    copies = Copies(case)
    for _step in range(steps):
        copies.make(count // steps)
        settle()
        anchor_new()
        triggers.install(connection)
    return copies
