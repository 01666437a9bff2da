"""Django's command, with the actor that every write to a person needs."""

from typing import Any

from django.contrib.auth.management.commands import changepassword

from accounts.acting import acting_as
from accounts.models import User


class Command(changepassword.Command):
    def handle(self, *args: Any, **options: Any) -> str | None:
        """Change a password in the name of the system account."""
        with acting_as(User.objects.system()):
            told: str | None = super().handle(*args, **options)
        return told
