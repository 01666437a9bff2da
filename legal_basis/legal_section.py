"""Who belongs to the legal section (Bagian Hukum), and who speaks for it."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from accounts.models import Appointment, Office, User
from accounts.offices import holder_of, offices_held, today

LEGAL_SECTION_HEAD = "kabag-hukum"


def sits_in_legal_section(user: User) -> bool:
    """Whether this person holds an office of the legal section's unit today."""
    return is_of_legal_section(held.office for held in offices_held(user, today()))


def is_of_legal_section(offices: Iterable[Office]) -> bool:
    """Whether one of these offices belongs to the legal section's unit."""
    section = Office.objects.filter(code=LEGAL_SECTION_HEAD).values_list("unit", flat=True).first()
    return section is not None and any(office.unit_id == section for office in offices)


def check_legal_section(user: User) -> None:
    """Raise PermissionDenied with a sentence for whoever does not sit in the legal section."""
    if not sits_in_legal_section(user):
        raise PermissionDenied(_("Only the legal section may do this."))


def speaker_of_legal_section() -> Appointment | None:
    """Who heads the legal section today, or stands in for its head; nobody while it is vacant."""
    office = Office.objects.filter(code=LEGAL_SECTION_HEAD).first()
    return holder_of(office, today()) if office else None
