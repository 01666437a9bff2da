"""Erasure of a person's data on a lawful request: the data go, every hash and chain stays.

UU 27/2022 on personal data, articles 8, 43 and 44. What the law keeps is kept: signed instruments,
with their register and their files (UU 43/2009 on archives; UU 27/2022, article 15).
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Max, Model
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.leaving import lasting_appointments
from accounts.models import User
from accounts.offices import today
from accounts.rights import check_may_appoint

from . import triggers
from .hashing import canonical
from .kinds import Kind
from .ledger import record
from .models import Entry, Erasure, JournalRow
from .packing import remove_all_packs
from .tables import OUR_APPS, watched
from .traces import REMOVED, Traces, person_versions, text_columns

# Whose rows the law keeps as they are.
KEPT_APP = "legal_basis"
# Handled by themselves, or made of numbers and hashes alone.
APART = {
    "accounts.User",
    "accounts.HistoricalUser",
    "audit.Checkpoint",
    "audit.Entry",
    "audit.Erasure",
    "audit.JournalRow",
    "audit.Receipt",
}
FROM_LIBRARIES = ("viewflow.Process", "viewflow.Task")
AT_ONCE = 500

Change = tuple[Any, dict[str, Any]]


@verb
def erase_person(actor: User, person: User, basis: str) -> dict[str, int]:
    """Take a person's data out of every row; returns how many rows of each table were touched.

    Raises PermissionDenied for others than administrators, ValidationError where the account is
    still open or the basis is missing or names the person.
    """
    check_may_appoint(actor)
    traces, reason = Traces.of(person), " ".join(basis.split())
    _check(person, reason, traces)
    before = JournalRow.objects.aggregate(last=Max("pk"))["last"] or 0
    eraser = _Eraser(person, reason)
    # What the traces are made of goes last.
    for model in _models():
        _sweep(eraser, model, traces)
    _sweep_journal(eraser, traces, before)
    named = _sweep_ledger(eraser, traces)
    _empty_account(eraser, person)
    rows = dict(sorted(eraser.counts.items()))
    content = {"person": person.pk, "basis": reason, "rows": rows, "with": named}
    record(Kind.ERASURE, content)
    transaction.on_commit(remove_all_packs)
    return rows


def _check(person: User, reason: str, traces: Traces) -> None:
    if person.username == User.SYSTEM:
        raise ValidationError(_("The system's own account stays as it is."))
    if person.is_active or lasting_appointments(person, today()):
        raise ValidationError(_("Close the account of %(person)s first.") % {"person": person})
    if not reason:
        raise ValidationError({"basis": _("Name the request and the article that it rests on.")})
    if traces.values and traces.pattern.search(reason):
        words = _("The basis stays in the ledger: write it without the person's name and number.")
        raise ValidationError({"basis": words})


def _models() -> Iterator[type[Model]]:
    """Every table in which somebody may have written a name."""
    for app in OUR_APPS:
        if app != KEPT_APP:
            yield from apps.get_app_config(app).get_models(include_auto_created=True)
    yield from map(apps.get_model, FROM_LIBRARIES)


def _sweep(eraser: "_Eraser", model: type[Model], traces: Traces) -> None:
    names = [] if model._meta.label in APART or model._meta.proxy else text_columns(model)
    if not names:
        return
    found = [
        (row.pk, changed)
        for row in traces.rows(model, names)
        if (changed := dict(_changed(model, row, names, traces)))
    ]
    eraser.write(model, found)


def _changed(
    model: type[Model], row: Any, names: list[str], traces: Traces
) -> Iterator[tuple[str, Any]]:
    for name in names:
        value = getattr(row, name)
        clean = traces.cleaned(value)
        if clean != value:
            most = getattr(model._meta.get_field(name), "max_length", None)
            yield name, clean[:most] if isinstance(clean, str) else clean


def _sweep_journal(eraser: "_Eraser", traces: Traces, before: int) -> None:
    """The journal's copies of the account, and of whatever named the person; hashes stay."""
    kept = [table.table for table in watched() if table.table.startswith(f"{KEPT_APP}_")]
    account = JournalRow.objects.filter(
        relation=User._meta.db_table, row_key=str(traces.person.pk), content__isnull=False
    )
    found = set(account.values_list("pk", flat=True))
    found |= {row.pk for row in traces.rows(JournalRow, ["content"]) if row.relation not in kept}
    older = sorted(pk for pk in found if pk <= before)
    eraser.write(JournalRow, [(pk, {"content": None}) for pk in older])


def _sweep_ledger(eraser: "_Eraser", traces: Traces) -> list[Any]:
    """Empty the entries that name the person; returns the versions that they had entered."""
    named: list[Any] = []
    found = []
    for entry in traces.rows(Entry, ["payload"]):
        content = json.loads(entry.payload)
        row = content.get("row")
        if isinstance(row, list) and str(row[0]).startswith(f"{KEPT_APP}."):
            continue
        found.append(entry.pk)
        named += [row] if isinstance(row, list) else []
        named += content.get("with", [])
    eraser.write(Entry, [(pk, {"payload": None}) for pk in found])
    return named


def _empty_account(eraser: "_Eraser", person: User) -> None:
    """The account keeps its number, so that the trail still tells one nobody from another."""
    empty = {
        "username": f"terhapus-{person.pk}",
        "name_plain": REMOVED,
        "title_prefix": "",
        "title_suffix": "",
        "nip": "",
        "rank": "",
        "email": "",
    }
    versions = person_versions(person)
    history = versions.model
    eraser.write(history, [(pk, dict(empty)) for pk in versions.values_list("pk", flat=True)])
    for name, value in empty.items():
        setattr(person, name, value)
    person.last_login = None
    person.set_unusable_password()
    person.save()
    eraser.counts[User._meta.db_table] += 1


class _Eraser:
    """Overwrites rows, and asks the guarded ones for leave first."""

    def __init__(self, person: User, basis: str) -> None:
        self.person, self.basis = person, basis
        self.counts: Counter[str] = Counter()
        self.tables = {table.table: table for table in watched()}

    def write(self, model: type[Model], changes: Iterable[Change]) -> None:
        """Give rows their new values."""
        found, table = list(changes), model._meta.db_table
        if not found:
            return
        self.counts[table] += len(found)
        if table not in self.tables or not self.tables[table].guarded:
            _update(model, found)
            return
        digests = self._rehearse(model, found) if self.tables[table].journalled else {}
        self._grant(table, found, digests)
        _update(model, found)

    def _grant(self, table: str, found: list[Change], digests: dict[str, str]) -> None:
        Erasure.objects.bulk_create(
            [
                Erasure(
                    relation=table,
                    row_key=str(pk),
                    person=self.person,
                    basis=self.basis,
                    digest=digests.get(str(pk), ""),
                )
                for pk, _values in found
            ],
            batch_size=AT_ONCE,
        )

    def _rehearse(self, model: type[Model], found: list[Change]) -> dict[str, str]:
        """What each row will hash to: written, read by the database, and taken back."""
        table = self.tables[model._meta.db_table]
        with transaction.atomic():
            self._grant(table.table, found, {})
            _update(model, found)
            keys = [pk for pk, _values in found]
            digests: dict[str, str] = {}
            for start in range(0, len(keys), AT_ONCE):
                digests |= _digests(table, keys[start : start + AT_ONCE])
            transaction.set_rollback(True)
        return digests


def _digests(table: Any, keys: list[Any]) -> dict[str, str]:
    content = triggers.content_of(connection, table, "live")
    marks = ", ".join(["%s"] * len(keys))
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT CAST(live."{table.key}" AS TEXT), '  # noqa: S608 - names of our own tables
            f"{triggers.digest_of(connection, content)} "
            f'FROM "{table.table}" AS live WHERE live."{table.key}" IN ({marks})',
            keys,
        )
        return dict(cursor.fetchall())


def _update(model: type[Model], found: list[Change]) -> None:
    """Rows that get the same values are written together."""
    together: dict[str, tuple[dict[str, Any], list[Any]]] = {}
    for pk, values in found:
        together.setdefault(canonical(values), (values, []))[1].append(pk)
    for values, keys in together.values():
        for start in range(0, len(keys), AT_ONCE):
            rows = model._base_manager.filter(pk__in=keys[start : start + AT_ONCE])
            rows.update(**values)
