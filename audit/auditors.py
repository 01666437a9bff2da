"""Who reads the ledger, and who audits: offices that see every case, and the inspectorate."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.authority import Authority, authorities_of
from accounts.models import Office, User
from accounts.offices import today
from approvals.refusals import NotAllowed

# The unit whose offices audit, where they see every case.
INSPECTORATE = "inspektorat"


def full_sight(rights: Iterable[Authority]) -> list[Office]:
    """The offices among a person's own that see every case; a delegate does not see with them."""
    return [
        right.office for right in rights if right.delegation is None and right.office.sees_all_cases
    ]


def sees_everything(user: User) -> bool:
    """Whether this person reads every case and the whole ledger today."""
    return user.is_authenticated and bool(full_sight(authorities_of(user, today())))


def is_auditor(user: User) -> bool:
    """Whether this person audits today: with full sight, from the inspectorate.

    Who takes part in deciding does not audit the decisions.
    """
    return user.is_authenticated and of_inspectorate(full_sight(authorities_of(user, today())))


def of_inspectorate(offices: Iterable[Office]) -> bool:
    """Whether one of these offices, read with their units, is of the inspectorate."""
    return any(office.unit.code == INSPECTORATE for office in offices)


def check_reads(user: User) -> None:
    """Raise NotAllowed for whoever may not read the ledger."""
    if not sees_everything(user):
        raise NotAllowed(_("Only offices that see every case read the ledger."))


def check_audits(user: User) -> None:
    """Raise NotAllowed for whoever is no auditor."""
    if not is_auditor(user):
        raise NotAllowed(
            _("Only the inspectorate draws samples, records findings and asks for evidence.")
        )
