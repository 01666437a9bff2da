"""Fills one empty database with the demo's regency, in a process of its own."""

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402

from accounts.acting import acting_as  # noqa: E402
from accounts.models import User  # noqa: E402
from legal_basis.authority import make_authority  # noqa: E402
from workflow.demo import people  # noqa: E402
from workflow.installing import install_defaults  # noqa: E402


def main() -> None:
    """Tables, static files, offices, people, policies, and the authority that certifies them."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    system = User.objects.system()
    with transaction.atomic(), acting_as(system):
        people.load_offices(system)
        people.load_people(system)
        install_defaults(system)
    make_authority()


if __name__ == "__main__":
    main()
