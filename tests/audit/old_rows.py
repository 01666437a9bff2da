"""Two innovations of a database that knew no ledger, and what the ledger made of them."""

import datetime
import json
from typing import Any

WHEN = datetime.datetime(2025, 3, 10, 1, tzinfo=datetime.UTC)
FLOW = "workflow/flows.institutionalisation.Institutionalisation"


def plant(apps: Any) -> None:
    """One that is on its way, and one with a monitoring case beside its own."""
    user = apps.get_model("accounts", "User").objects.create(username="warga", name_plain="Warga")
    unit = apps.get_model("accounts", "Unit").objects.create(code="d", name="Dinas", kind="agency")
    for number in (1, 2):
        innovation = apps.get_model("innovations", "Innovation").objects.create(
            code=f"INV-2025-000{number}",
            name="Pala",
            initiator_type="community",
            initiator=user,
            owning_unit=unit,
            submitted_at=WHEN,
        )
        codes = [innovation.code] if number == 1 else [innovation.code, f"{innovation.code}-M"]
        for code in codes:
            apps.get_model("workflow", "Case").objects.create(
                flow_class=FLOW,
                innovation=innovation,
                code=code,
                stage="trial",
                stage_since=WHEN,
            )


def read(apps: Any) -> dict[str, Any]:
    """The entries of each chain of a case."""
    entries = apps.get_model("audit", "Entry").objects.exclude(chain="system").order_by("chain")
    return {
        entry.chain: [entry.sequence, entry.kind, entry.actor.username, json.loads(entry.payload)]
        for entry in entries
    }


def baseline(apps: Any) -> list[list[Any]]:
    """The rows of the journal that tell of cases."""
    rows = apps.get_model("audit", "JournalRow").objects.filter(relation="workflow_case")
    return [[row.operation, row.row_key] for row in rows.order_by("pk")]
