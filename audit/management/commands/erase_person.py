"""Takes a person's data out of the database on a lawful request."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import User
from audit.erasing import erase_person


class Command(BaseCommand):
    help = "Erases the personal data of somebody whose account is closed; hashes and chains stay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose data, by which right, and in whose name."""
        parser.add_argument("username")
        parser.add_argument("--basis", required=True, help="the request and its article")
        parser.add_argument("--by", required=True, help="the administrator who answers for it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Erase, and print how many rows of each table were touched."""
        person, administrator = _account(options["username"]), _account(options["by"])
        try:
            with transaction.atomic():
                rows = erase_person(administrator, person, options["basis"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except PermissionDenied as error:
            raise CommandError(str(error)) from error
        for table, count in rows.items():
            self.stdout.write(f"{count:8} {table}")


def _account(username: str) -> User:
    found = User.objects.filter(username=username).first()
    if found is None:
        raise CommandError(f"Nobody has the account “{username}”.")
    return found
