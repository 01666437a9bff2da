"""Erasures: each row that may be overwritten is one that an entry with its basis speaks of."""

import json
from collections import Counter
from collections.abc import Iterator

from django.db.models import Count

from ..kinds import Kind
from ..models import Entry, Erasure
from .faults import Fault, Found
from .scope import Scope


def check_erasures(scope: Scope) -> Iterator[Fault]:
    """Erasures beyond what the entries of the ledger tell of."""
    told = _told()
    groups = Erasure.objects.order_by().values_list("person", "basis", "relation")
    for person, basis, relation, count in groups.annotate(count=Count("pk")):
        expected = told[person, basis, relation]
        if count > expected:
            name = f"{relation} {person}"
            yield Fault(Found.ERASURE, Erasure._meta.db_table, name, str(expected), str(count))
        scope.done("erasures", count)


def _told() -> Counter[tuple[int, str, str]]:
    found: Counter[tuple[int, str, str]] = Counter()
    entries = Entry.objects.filter(kind=Kind.ERASURE, payload__isnull=False)
    for payload in entries.values_list("payload", flat=True):
        content = json.loads(payload or "{}")
        for relation, count in content.get("rows", {}).items():
            found[content.get("person"), content.get("basis", ""), relation] += count
    return found
