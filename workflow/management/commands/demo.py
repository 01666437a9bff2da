"""Fill the database with a regency at work."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.acting import acting_as
from accounts.models import User
from accounts.offices import today
from legal_basis.authority import make_authority
from workflow.demo import people, story
from workflow.installing import install_defaults


class Command(BaseCommand):
    help = "Loads demo offices, people and innovations at every stage; what is there stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many innovations to load."""
        parser.add_argument("--count", type=int, default=None, help="load only the first N")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load what is missing and print the accounts."""
        self._check_migrated()
        system = User.objects.system()
        with translation.override("id"), acting_as(system):
            on = today()
            # Recorded before the first innovation: who could act then is asked of the register.
            with story.days_ago(story.FIRST_DAY), transaction.atomic():
                people.load_offices(system)
                people.load_people(system, on)
                install_defaults(system)
            make_authority()
            for case in story.tell(story.records()[: options["count"]]):
                self.stdout.write(f"{case.innovation.code}  {case.innovation.name}")
        self._print_accounts()

    def _check_migrated(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError(
                _("The database lacks tables of this version. Run manage.py migrate first.")
            )

    def _print_accounts(self) -> None:
        self.stdout.write(f"\nDemo accounts, all with the password {people.PASSWORD}\n")
        for username, role in people.accounts():
            self.stdout.write(f"  {username:18} {role}")
