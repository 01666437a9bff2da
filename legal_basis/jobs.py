"""What the worker does for instruments."""

import datetime

from django_tasks import task

from . import issuing
from .initials import Initials
from .models import Instrument
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
