"""Makes administrators: no page does, or one of them could be two and approve alone."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import User
from accounts.rights import dismiss_administrator, make_administrator


class Command(BaseCommand):
    help = "Lets a person look after people, offices and appointments, or no longer."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, and whether they come or go."""
        parser.add_argument("username")
        parser.add_argument("--remove", action="store_true", help="take the person out again")

    def handle(self, *args: Any, **options: Any) -> None:
        """Change the group in the name of the system account."""
        person = User.objects.filter(username=options["username"], is_active=True).first()
        if person is None:
            raise CommandError(f"Nobody has the account “{options['username']}”.")
        change = dismiss_administrator if options["remove"] else make_administrator
        with transaction.atomic():
            change(User.objects.system(), person)
        word = "no longer" if options["remove"] else "now"
        self.stdout.write(f"{person} is {word} an administrator.")
