"""Who sits in the legal section (Bagian Hukum), which keeps the library, the law and the register."""

from accounts.models import Office, User
from accounts.offices import offices_held, today

LEGAL_SECTION_HEAD = "kabag-hukum"


def sits_in_legal_section(user: User) -> bool:
    """Whether this person holds, today, an office of the legal section's unit."""
    held = offices_held(user, today())
    if not held:
        return False
    section = Office.objects.filter(code=LEGAL_SECTION_HEAD).values_list("unit", flat=True).first()
    return any(appointment.office.unit_id == section for appointment in held)
