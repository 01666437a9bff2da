"""What the home page shows of the audit: what an office still answers, what an auditor reads."""

from typing import Any

from workflow.reader import Reader

from .auditors import full_sight, of_inspectorate
from .evidence_requests import awaiting
from .models import EvidenceRequest, Finding

SHOWN = 5


def panel_of(reader: Reader) -> dict[str, Any] | None:
    """The requests that wait for the reader's offices; for an auditor, also answers to read."""
    asked = list(awaiting(set(reader.offices))[:SHOWN]) if reader.offices else []
    audits = of_inspectorate(full_sight(reader.rights))
    answered = _answered(reader) if audits else []
    if not asked and not audits:
        return None
    return {
        "asked": asked,
        "audits": audits,
        "answered": answered,
        "findings": list(_open_findings()[:SHOWN]) if audits else [],
        "waits": bool(asked or answered),
    }


def _answered(reader: Reader) -> list[EvidenceRequest]:
    found = EvidenceRequest.objects.filter(
        asked_by=reader.person, answered_at__isnull=False, closed_at__isnull=True
    )
    return list(found.select_related("office")[:SHOWN])


def _open_findings() -> Any:
    return Finding.objects.filter(closed_at__isnull=True)
