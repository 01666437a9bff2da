"""A second try for a document that the worker could not issue."""

from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.models import User
from approvals.refusals import NotAllowed
from legal_basis import drafting, jobs
from legal_basis.legal_section import sits_in_legal_section
from legal_basis.models import Instrument

from .locking import lock_case

LEGAL_SECTION_HEAD = "kabag-hukum"


def may_retry(user: User, instrument: Instrument) -> bool:
    """Whether there is something to try again, and this person sits in the legal section."""
    if instrument.status != Instrument.Status.FAILED:
        return False
    return sits_in_section(user)


def sits_in_section(user: User) -> bool:
    """Whether this person holds an office of the legal section's unit today."""
    return sits_in_legal_section(user)


def check_section(user: User) -> None:
    """Raise NotAllowed for whoever does not sit in the legal section."""
    if not sits_in_section(user):
        raise NotAllowed(_("Only the legal section may do this."))


@verb
def retry_issuing(actor: User, code: str) -> None:
    """Hand a failed document to the worker again, with the number it has.

    Raises NotAllowed for whoever does not sit in the legal section; nothing to retry is no error.
    """
    case = lock_case(code)
    instrument = drafting.current_instrument(case.innovation)
    if instrument is None or instrument.status != Instrument.Status.FAILED:
        return
    if not may_retry(actor, instrument):
        raise NotAllowed(_("Only the legal section lets a document be issued again."))
    jobs.enqueue_issue(instrument)
