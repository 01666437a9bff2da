"""What the case does when the worker has issued its document, or has failed to."""

from typing import Any

from django.dispatch import receiver
from viewflow.workflow.status import STATUS

from accounts.models import Office
from accounts.offices import holder_of, today
from legal_basis.models import Instrument
from legal_basis.signals import instrument_issued, issuing_failed

from .announcements import announce, initiators_of
from .flows.institutionalisation import Institutionalisation
from .issuing import LEGAL_SECTION_HEAD
from .locking import lock_case
from .models import Case


@receiver(instrument_issued, sender=Instrument)
def go_on_to_publication(instrument: Instrument, **_: Any) -> None:
    """Run the waiting `issuing` node; a repeat of the signal finds it done and does nothing."""
    case = lock_case(instrument.subject_code)
    task = case.task_set.filter(flow_task=Institutionalisation.issuing, status=STATUS.NEW).first()
    if task is None:
        return
    Institutionalisation.issuing.run(task)
    announce(
        case,
        "instrument_issued",
        initiators_of(case),
        occurrence=f"issued:{instrument.pk}",
        number=instrument.number,
    )


@receiver(issuing_failed, sender=Instrument)
def tell_the_legal_section(instrument: Instrument, **_: Any) -> None:
    """Tell the head of the legal section that the worker needs a second try."""
    case = Case.objects.select_related("innovation").get(code=instrument.subject_code)
    office = Office.objects.get(code=LEGAL_SECTION_HEAD)
    if speaking := holder_of(office, today()):
        announce(
            case,
            "instrument_failed",
            [speaking.user],
            occurrence=f"failed:{instrument.pk}:{instrument.history.count()}",
            number=instrument.number,
            failure=instrument.failure,
        )
