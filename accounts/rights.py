"""Who looks after people, offices and appointments."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from .models import User

APPOINT = "accounts.appoint"


def may_appoint(person: User) -> bool:
    """Whether this person appoints others: an administrator, or the system account itself."""
    return person.username == User.SYSTEM or person.has_perm(APPOINT)


def check_may_appoint(person: User) -> None:
    """Raise PermissionDenied with a sentence for whoever is no administrator."""
    if not may_appoint(person):
        raise PermissionDenied(_("Only administrators look after people and offices."))
