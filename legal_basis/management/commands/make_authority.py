"""Create the certificate authority that signs instruments here."""

from typing import Any

from django.core.management.base import BaseCommand

from legal_basis.authority import make_authority, root


class Command(BaseCommand):
    help = "Creates the local certificate authority once; a second call changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, or say that it is there."""
        made = make_authority()
        ends = root().certificate.not_valid_after_utc.date()
        self.stdout.write(
            f"The certificate authority {'was created' if made else 'is there already'}; "
            f"it ends on {ends}."
        )
