"""Hand instruments to the worker again whose worker died while it issued them."""

import datetime
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from legal_basis.jobs import PATIENCE, enqueue_unfinished


class Command(BaseCommand):
    help = "Enqueues numbered instruments that nobody has issued or failed for some minutes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How long to wait for a worker that may still be at it."""
        minutes = int(PATIENCE.total_seconds() // 60)
        parser.add_argument("--older-than", type=int, default=minutes, metavar="MINUTES")

    def handle(self, *args: Any, **options: Any) -> None:
        """Enqueue them and say how many."""
        with transaction.atomic():
            count = enqueue_unfinished(datetime.timedelta(minutes=options["older_than"]))
        self.stdout.write(f"{count} enqueued.")
