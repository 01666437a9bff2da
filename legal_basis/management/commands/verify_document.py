"""Say whether a file is an issued document."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from legal_basis.validation import Indication, verdict


class Command(BaseCommand):
    help = "Compares a file with the issued documents; exit 0 for TOTAL-PASSED alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and the form of the answer."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the verdict and leave with its exit status."""
        try:
            document = options["file"].read_bytes()
        except OSError as error:
            sentence = _("%(file)s cannot be read: %(why)s")
            values = {"file": options["file"], "why": error.strerror}
            raise CommandError(sentence % values) from error
        found = verdict(document)
        if options["json"]:
            self.stdout.write(json.dumps(found.as_data(), ensure_ascii=False))
        else:
            self.stdout.write(f"{found.verdict}: {found.reason}")
            if found.number:
                force = _("in force today") if found.in_force else _("not in force today")
                self.stdout.write(f"{found.number}: {force}")
        if found.verdict != Indication.PASSED:
            sys.exit(1)
