"""Who sits in the legal section: its people draft, number, publish and keep the register."""

from accounts.models import Office, User
from accounts.offices import offices_held, today

HEAD = "kabag-hukum"


def sits_in_legal_section(user: User) -> bool:
    """Whether this person holds an office of the legal section's unit today."""
    section = Office.objects.filter(code=HEAD).values_list("unit", flat=True).first()
    held = offices_held(user, today())
    return section is not None and any(one.office.unit_id == section for one in held)
