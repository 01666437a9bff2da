"""What the worker does for instruments."""

import datetime

from django_tasks import task

from . import copies, issuing
from .initials import Initials
from .models import CertifiedCopy, Instrument
from .rendering import preview_pdf

PATIENCE = datetime.timedelta(minutes=10)


@task(queue_name="documents")
def issue_instrument(instrument_id: int) -> None:
    """Render, sign and issue one numbered instrument."""
    issuing.issue(instrument_id)


def enqueue_issue(instrument: Instrument) -> None:
    """Hand a numbered instrument to the worker; part of the caller's transaction."""
    issue_instrument.enqueue(instrument.pk)


def shown_pdf(instrument: Instrument, initials: Initials | None = None) -> bytes:
    """The issued document as it is; before that, the draft as it would be printed."""
    return instrument.document.read() if instrument.document else preview_pdf(instrument, initials)


def enqueue_unfinished(older_than: datetime.timedelta = PATIENCE) -> int:
    """Hand those to the worker again whose worker died; returns how many."""
    waiting = issuing.unfinished(older_than)
    for instrument in waiting:
        enqueue_issue(instrument)
    return len(waiting)


@task(queue_name="documents")
def make_copy(copy_id: int) -> None:
    """Lay out, sign and keep one certified copy."""
    copies.make_copy(copy_id)


def enqueue_copy(copy: CertifiedCopy) -> None:
    """Hand a certified copy to the worker; part of the caller's transaction."""
    make_copy.enqueue(copy.pk)
