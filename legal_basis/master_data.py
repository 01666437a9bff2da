"""The curated law that instruments cite."""

import json
from pathlib import Path
from typing import Any

from accounts.acting import verb
from accounts.models import User

from .models import LegalSource

SOURCES = Path(__file__).parent / "data" / "legal_sources.json"


@verb
def load_master_data(actor: User) -> int:
    """Add the law of `data/legal_sources.json` that is not there yet; returns how many were added.

    A source the legal section has corrected since stays as they left it.
    """
    known = set(LegalSource.objects.values_list("key", flat=True))
    missing: list[dict[str, Any]] = [
        row for row in json.loads(SOURCES.read_text("utf-8")) if row["key"] not in known
    ]
    for row in missing:
        LegalSource.objects.create(**row)
    return len(missing)
