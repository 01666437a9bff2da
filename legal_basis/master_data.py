"""What a new installation starts with: the curated law, and the clauses of the library."""

import json
from pathlib import Path
from typing import Any

from django.utils import timezone

from accounts.acting import verb
from accounts.models import User

from .models import ClauseVersion, LegalSource, LibraryClause, SourceAmendment

DATA = Path(__file__).parent / "data"
SOURCES = DATA / "legal_sources.json"
CLAUSES = DATA / "clauses.json"


@verb
def load_master_data(actor: User) -> int:
    """Add the law and the clauses of `data/` that are not there yet; returns how many were added.

    What the legal section has corrected since, or worded anew, stays as they left it.
    """
    return _load_sources() + _load_clauses(actor)


def _load_sources() -> int:
    """Amendments come with the law they amend: one recorded or dropped since is not touched."""
    known = set(LegalSource.objects.values_list("key", flat=True))
    missing = [row for row in _rows(SOURCES) if row["key"] not in known]
    for row in missing:
        own = {name: value for name, value in row.items() if name != "amended_by"}
        LegalSource.objects.create(**own)
    keys = dict(LegalSource.objects.values_list("key", "pk")) if missing else {}
    for row in missing:
        for amending in row.get("amended_by", []):
            SourceAmendment.objects.create(source_id=keys[row["key"]], by_id=keys[amending])
    return len(missing)


def _load_clauses(actor: User) -> int:
    known = set(LibraryClause.objects.values_list("kind", "purpose", "block", "key"))
    missing = [
        row
        for row in _rows(CLAUSES)
        if (row["kind"], row["purpose"], row["block"], row["key"]) not in known
    ]
    now = timezone.now()
    for row in missing:
        text = row.pop("text")
        clause = LibraryClause.objects.create(**row)
        ClauseVersion.objects.create(
            clause=clause, version=1, text=text, made_by=actor, made_at=now
        )
    return len(missing)


def _rows(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return found
