"""Makes the key that signs the checkpoints of the ledger, or replaces it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.anchoring import anchor_new
from audit.keys import NoKey, make_key, rotate_key, signing_key


class Command(BaseCommand):
    help = "Makes the key that signs checkpoints once, and signs what there is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--rotate", action="store_true", help="replace it by a new one that it vouches for"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make or replace it, and print the public key that is to be kept elsewhere, too."""
        try:
            made = rotate_key() if options["rotate"] else make_key()
        except NoKey as error:
            raise CommandError(str(error)) from error
        word = "was made" if made else "is there already"
        # What was there before the first worker is not late once it runs.
        anchor_new("key" if made else "")
        self.stdout.write(f"The key of the checkpoints {word}: {signing_key().public}")
