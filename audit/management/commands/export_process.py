"""Write the event log of all cases for a tool of process mining."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import User
from audit.process.exporting import FORMS, enter_export, write_log
from audit.process.scope import FLOWS, scope_of


class Command(BaseCommand):
    help = "Write what happened to all cases as an event log: FILE.ocel.json (OCEL 2.0) or .xes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and which cases."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--flow", choices=list(FLOWS), default="journey")
        parser.add_argument("--since", default="", help="cases begun from this day on")
        parser.add_argument("--until", default="", help="cases begun until this day")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file, and enter into the ledger that it was written."""
        path: Path = options["file"]
        form = next((form for form in FORMS if path.name.endswith(f".{form}")), None)
        if form is None:
            raise CommandError(f"FILE ends with {' or '.join(f'.{form}' for form in FORMS)}.")
        try:
            scope = scope_of(None, {name: options[name] for name in ("flow", "since", "until")})
            with path.open("xb") as target:
                done = write_log(scope, form, target)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        with transaction.atomic():
            enter_export(User.objects.system(), scope, done)
        report = {"file": str(path)} | asdict(done)
        words = f"{done.cases} cases, {done.events} events, SHA-256 {done.sha256}"
        self.stdout.write(json.dumps(report) if options["json"] else words)
