"""Take innovations from a file through the whole journey."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from approvals.refusals import Refused
from innovations.models import Innovation
from legal_basis.drafting import current_instrument
from legal_basis.evidence import position_of
from workflow.faults import faults_of
from workflow.models import Case
from workflow.records import Located, read
from workflow.walking import WalkStopped, go_all_the_way


class Command(BaseCommand):
    help = (
        "Walks the innovations of a JSON or XLSX file through the journey; see docs/walkthrough.md."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and whether a program reads the answer."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Walk one after the other; what cannot go on is named, and the others go on."""
        path: Path = options["file"]
        try:
            located = read(path)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        told: list[dict[str, Any]] = []
        faults: list[str] = []
        tell = (lambda _: None) if options["json"] else self.stdout.write
        for one in located:
            try:
                told.append(outcome_of(go_all_the_way(one.record, folder=path.parent, tell=tell)))
            except (ValidationError, Refused, WalkStopped) as error:
                faults += self._faults(one, error)
        if options["json"]:
            self.stdout.write(json.dumps({"innovations": told}, ensure_ascii=False))
        if faults:
            raise CommandError("\n".join(faults))

    def _faults(self, located: Located, error: Exception) -> list[str]:
        return [
            f"{located.place_of(fault.path, fault.row)}: {fault.sentence}"
            for fault in faults_of(error)
        ]


def outcome_of(case: Case) -> dict[str, Any]:
    """What came of one innovation, and where its chain in the ledger stands."""
    innovation = Innovation.objects.get(pk=case.innovation_id)
    instrument = current_instrument(innovation)
    assert instrument is not None
    document = instrument.document
    position = position_of(innovation.code)
    return {
        "code": innovation.code,
        "state": innovation.status,
        "instrument_number": instrument.number,
        "pdf": str(document.location) if document else None,
        "sha256": document.sha256 if document else None,
        "ledger_head": position.in_full if position else None,
    }
