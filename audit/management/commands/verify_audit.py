"""Prove that nobody rewrote what was done, or name what was rewritten."""

import datetime
import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_date
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _

from audit.models import Checkpoint
from audit.models.entries import micros_of
from audit.verifying.run import Report, note, verify

BAR = 30


class Command(BaseCommand):
    help = (
        "Recomputes the ledger, the journal and the checkpoints, and compares every row, version "
        "and file with them; exit 0 where nothing is wrong, 1 with the faults."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """From where on, and the form of the answer."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--since",
            metavar="NUMBER|DATE",
            help="verify what this checkpoint, or the last one before this day, does not cover",
        )
        parser.add_argument(
            "--resume", action="store_true", help="go on where the last verification was stopped"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify, print what was found, and leave with the exit status."""
        since = _checkpoint(options["since"]) if options["since"] else None
        progress = _Progress()
        try:
            report = verify(since, kept=note(), resume=options["resume"], tell=progress)
        except KeyboardInterrupt:
            raise CommandError(_("Stopped. --resume goes on from there.")) from None
        finally:
            progress.end()
        if options["json"]:
            self.stdout.write(json.dumps(report.as_data(), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(_lines(report)))
        if not report.is_clean:
            sys.exit(1)


def _checkpoint(wanted: str) -> Checkpoint:
    """The checkpoint with this number, or the last one before this day; CommandError for none."""
    checkpoints = Checkpoint.objects.order_by("-number")
    if wanted.isdigit():
        found = checkpoints.filter(number=int(wanted)).first()
    else:
        found = checkpoints.filter(micros__lt=_micros(wanted)).first()
    if found is None:
        raise CommandError(
            _("--since: there is no such checkpoint: %s. Leave it out to verify everything.")
            % wanted
        )
    return found


def _micros(wanted: str) -> int:
    try:
        day = parse_date(wanted)
    except ValueError:
        day = None
    if day is None:
        sentence = _("--since: “%s” is neither the number of a checkpoint nor a day (2026-12-31).")
        raise CommandError(sentence % wanted)
    return micros_of(make_aware(datetime.datetime.combine(day, datetime.time())))


def _lines(report: Report) -> list[str]:
    """The report for a person."""
    lines = [f"{name}: {count}" for name, count in report.counts.items()]
    if report.since is not None:
        lines.append(_("Verified from checkpoint %s on.") % report.since)
    for fault in report.faults:
        where = " ".join(part for part in (fault.table, fault.row) if part)
        lines.append(f"{fault.kind.value}: {where}: {fault.kind.label}")
        if fault.expected or fault.found:
            values = {"expected": fault.expected or "-", "found": fault.found or "-"}
            lines.append("  " + _("expected %(expected)s, found %(found)s") % values)
    count = len(report.faults)
    return [*lines, _("%s faults.") % count if count else _("No fault.")]


class _Progress:
    """A bar on the terminal, and silence everywhere else."""

    def __init__(self) -> None:
        self.shown = sys.stderr.isatty()

    def __call__(self, name: str, count: int, of: int) -> None:
        """Draw how far a step has come."""
        if not self.shown:
            return
        full = min(BAR, BAR * count // of) if of else 0
        bar = f"[{'#' * full}{'.' * (BAR - full)}] {count}/{of}" if of else str(count)
        sys.stderr.write(f"\r\x1b[K{name} {bar}")
        sys.stderr.flush()

    def end(self) -> None:
        """Leave an empty line behind."""
        if self.shown:
            sys.stderr.write("\r\x1b[K")
