"""Cases from before the ledger: taken over as they were found, and marked so in their chains."""

import hashlib
from collections.abc import Iterator
from typing import Any

from accounts.acting import one_act
from innovations.models import Innovation
from workflow.models import Case

from .kinds import Kind
from .ledger import record
from .models import Entry, JournalRow


def mark_imported(after: int) -> int:
    """Begin the chain of every case that has none; returns how many.

    Each entry says where the case stood, and carries the hash over the journal's baseline (its rows
    behind the place `after`): what was found is fixed from then on; what came before is not proven.
    """
    baseline = _baseline(after)
    marked = 0
    with one_act():
        for code, found in _without_chain():
            record(Kind.IMPORT, {"baseline": baseline, "found": found}, chain=code)
            marked += 1
    return marked


def _baseline(after: int) -> dict[str, Any]:
    rows = JournalRow.objects.filter(pk__gt=after).order_by("pk")
    digest, count, last = hashlib.sha256(), 0, after
    columns = ("pk", "relation", "row_key", "digest")
    for row in rows.values_list(*columns).iterator(chunk_size=5000):
        last, count = row[0], count + 1
        digest.update("\n".join([*row[1:], ""]).encode())
    return {"after": after, "until": last, "rows": count, "sha256": digest.hexdigest()}


def _without_chain() -> Iterator[tuple[str, dict[str, Any]]]:
    there = set(Entry.objects.order_by().values_list("chain", flat=True).distinct())
    columns = ("code", "stage", "stage_since", "innovation__code", "innovation__status")
    for code, stage, since, innovation, status in Case.objects.order_by("code").values_list(
        *columns
    ):
        if code not in there:
            found = {"stage": stage, "since": since, "innovation": innovation, "status": status}
            yield code, found
            there.add(code)
    for code, status in Innovation.objects.order_by("code").values_list("code", "status"):
        if code not in there:
            yield code, {"status": status}
