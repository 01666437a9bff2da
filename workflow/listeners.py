"""What follows from what the floors below do: documents issued or failed, authority handed on."""

from typing import Any

from django.dispatch import receiver
from viewflow.workflow.status import STATUS

from accounts.authority import on_behalf_of
from accounts.models import Delegation, Office, User
from accounts.offices import holder_of, today
from accounts.signals import authority_ended_early, authority_handed_on
from legal_basis.drafting import assemble, further_innovations
from legal_basis.legal_section import LEGAL_SECTION_HEAD
from legal_basis.models import Instrument, Signature
from legal_basis.signals import (
    facts_wanted,
    instrument_issued,
    issuing_failed,
    signature_awaited,
)
from legal_basis.signing import Need
from legal_basis.wording import lowered, without_stop

from .aftermath import open_consequences
from .announcements import announce, announce_to, initiators_of
from .draft_facts import draft_facts
from .flows.institutionalisation import Institutionalisation
from .locking import lock_case
from .models import Case, is_further


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


@receiver(instrument_issued, sender=Instrument)
def open_what_follows(instrument: Instrument, **_: Any) -> None:
    """Open the work that an amendment or a revocation leaves, if it is in force at once."""
    open_consequences(User.objects.system(), instrument)


@receiver(facts_wanted, sender=Instrument)
def tell_the_facts(instrument: Instrument, actor: User, **_: Any) -> None:
    """Assemble a draft anew that has another kind, or stipulates other innovations."""
    facts = draft_facts(instrument.innovation, further_innovations(instrument))
    if is_further(instrument.subject_code):
        reason = Case.objects.values_list("reason", flat=True).get(code=instrument.subject_code)
        facts["reason"] = lowered(without_stop(reason))
    assemble(actor, instrument.innovation, facts)


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


@receiver(signature_awaited, sender=Instrument)
def tell_who_signs(instrument: Instrument, signature: Signature, need: Need, **_: Any) -> None:
    """Tell the next signer, or the head of the legal section, that the print is ready."""
    case = Case.objects.select_related("innovation").get(code=instrument.subject_code)
    on_paper = need is Need.SCAN
    head = holder_of(Office.objects.get(code=LEGAL_SECTION_HEAD), today())
    told = [head.user] if on_paper and head else [] if on_paper else [signature.person]
    announce(
        case,
        "scan_awaited" if on_paper else "signature_awaited",
        told,
        occurrence=f"awaited:{signature.pk}:{instrument.history.count()}",
        number=instrument.number,
    )


@receiver(authority_handed_on, sender=Delegation)
def tell_the_delegate(delegation: Delegation, **_: Any) -> None:
    """Tell a person for whom they may sign now, by which letter, and until when."""
    _tell_of("authority_given", delegation, start=delegation.start, until=delegation.end)


@receiver(authority_ended_early, sender=Delegation)
def tell_the_delegate_of_the_end(delegation: Delegation, **_: Any) -> None:
    """Tell a person that a letter no longer lets them sign."""
    _tell_of("authority_ended", delegation)


def _tell_of(event: str, delegation: Delegation, **details: Any) -> None:
    announce_to(
        [delegation.delegate],
        event,
        occurrence=f"delegation:{delegation.pk}",
        capacity=on_behalf_of(delegation.principal),
        letter=delegation.basis_number,
        **details,
    )
