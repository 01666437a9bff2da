"""Stored files and instruments: the bytes are the registered ones, and signatures validate."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Exists, OuterRef

from accounts.models import StoredFile
from legal_basis.models import Instrument, Scan
from legal_basis.validation import check_signatures

from ..kinds import Kind
from ..models import Entry, JournalRow
from .faults import Fault, Found
from .scope import Scope

TABLE = StoredFile._meta.db_table
INSTRUMENTS = Instrument._meta.db_table


def check_files(scope: Scope) -> Iterator[Fault]:
    """Files that are missing, or whose bytes are not those of their hash."""
    files = StoredFile.objects.filter(pk__gt=scope.place or 0).order_by("pk")
    known = _checked_before(scope)
    total = files.count()
    for stored in files.iterator(chunk_size=500):
        yield from _file_faults(stored, whole=str(stored.pk) not in known)
        scope.done("files", 1, place=stored.pk, of=total)


def _checked_before(scope: Scope) -> set[str]:
    """The rows whose bytes a check up to the checkpoint has read: their size is enough."""
    if scope.since is None:
        return set()
    rows = JournalRow.objects.filter(relation=TABLE, pk__lte=scope.since.journal_until)
    return set(rows.values_list("row_key", flat=True))


def _file_faults(stored: StoredFile, *, whole: bool) -> Iterator[Fault]:
    if not stored.location.is_file():
        yield Fault(Found.FILE_MISSING, TABLE, str(stored.pk), stored.path)
    elif (size := stored.location.stat().st_size) != stored.size:
        yield Fault(Found.FILE_CHANGED, TABLE, str(stored.pk), str(stored.size), str(size))
    elif whole and (found := _sha256_of(stored)) != stored.sha256:
        yield Fault(Found.FILE_CHANGED, TABLE, str(stored.pk), stored.sha256, found)


def _sha256_of(stored: StoredFile) -> str:
    with stored.location.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def check_instruments(scope: Scope) -> Iterator[Fault]:
    """Issued instruments that are not what their entry says, or whose signature does not hold."""
    issued = _issued()
    rows = _instruments(scope)
    total = rows.count()
    for instrument in rows.iterator(chunk_size=100):
        yield from _entry_faults(instrument, issued)
        yield from _signature_faults(instrument)
        scope.done("instruments", 1, place=instrument.pk, of=total)


def _instruments(scope: Scope):  # type: ignore[no-untyped-def]
    scans = Scan.objects.filter(instrument=OuterRef("pk"), accepted=True, file=OuterRef("document"))
    rows = Instrument.objects.filter(pk__gt=scope.place or 0, status=Instrument.Status.ISSUED)
    if scope.since is not None:
        rows = rows.filter(issued_at__gte=scope.since.at)
    signed = rows.annotate(planned=Count("signatures"), is_scan=Exists(scans))
    return signed.select_related("document").order_by("pk")


def _issued() -> dict[int, tuple[str, str]]:
    """What the ledger says of each issued instrument: its number and the hash of its document."""
    found = {}
    entries = Entry.objects.filter(kind=Kind.ISSUE, payload__isnull=False).order_by("pk")
    for payload in entries.values_list("payload", flat=True).iterator(chunk_size=2000):
        content = json.loads(payload or "{}")
        if "instrument" in content:
            found[content["instrument"]] = (content["number"], content["sha256"])
    return found


def _entry_faults(instrument: Instrument, issued: dict[int, tuple[str, str]]) -> Iterator[Fault]:
    document = instrument.document
    there = (instrument.number, document.sha256 if document else "")
    expected = issued.get(instrument.pk, there)
    if expected != there:
        yield Fault(
            Found.INSTRUMENT, INSTRUMENTS, str(instrument.pk), " ".join(expected), " ".join(there)
        )


def _signature_faults(instrument: Any) -> Iterator[Fault]:
    """What is wrong with a signature over bytes that are the stored ones."""
    document = instrument.document
    if document is None or not document.location.is_file():
        return
    content = document.read()
    if instrument.is_scan or hashlib.sha256(content).hexdigest() != document.sha256:
        return
    state = check_signatures(content, instrument.issued_at, instrument.planned or 1)
    if not state.passed:
        yield Fault(Found.SIGNATURE, INSTRUMENTS, str(instrument.pk), "TOTAL-PASSED", state.why)
