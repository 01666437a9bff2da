"""Compares what the database says is stored with what lies on the disk."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.files.storage import SETTLED_AFTER_SECONDS, reconcile_files, remove_orphans


class Command(BaseCommand):
    help = "Report files without a row, rows without a file, and files that were changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--remove", action="store_true", help="delete the files that no row knows"
        )
        parser.add_argument(
            "--older-than",
            type=float,
            default=SETTLED_AFTER_SECONDS,
            metavar="SECONDS",
            help="leave younger files alone: their transaction may not have ended",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        found = reconcile_files(older_than=options["older_than"])
        removed = remove_orphans(older_than=options["older_than"]) if options["remove"] else []
        report = asdict(found) | {"removed": removed}
        if options["json"]:
            self.stdout.write(json.dumps(report))
        else:
            for kind, paths in report.items():
                self.stdout.write(f"{kind}: {len(paths)}")
                for path in paths:
                    self.stdout.write(f"  {path}")
        if not found.is_clean:
            raise CommandError("Stored files are missing or damaged; restore them from a backup.")
