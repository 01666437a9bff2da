"""Somebody who sits in the legal section."""

from accounts.models import Office, User
from tests.innovations.factories import AppointmentFactory, OfficeFactory
from tests.legal_basis.factories import system


def drafter() -> User:
    """Somebody of the legal section, beside its head."""
    system()
    head = Office.objects.filter(code="kabag-hukum").first() or OfficeFactory(
        code="kabag-hukum", title="Kepala Bagian Hukum"
    )
    return AppointmentFactory(office=OfficeFactory(unit=head.unit, is_head=False)).user
