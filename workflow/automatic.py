"""What the flows do by themselves, inside the deciding transaction."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import current_actor
from accounts.models import User
from accounts.offices import today
from approvals.deadlines import working_days_after
from approvals.models import SignOff
from legal_basis import drafting, jobs, numbering
from legal_basis.models import Instrument
from planning import commitments, monitoring
from planning.models import ActionItem

from .draft_facts import draft_facts
from .models import is_further

REPORT_WORKING_DAYS = 10
REGIONAL_SECRETARY = "sekda"
REGULATION = Instrument.Kind.REGENT_REGULATION


def _actor() -> User:
    actor = current_actor()
    assert actor is not None
    return actor


def reserve_and_assemble(activation: Any) -> None:
    """Reserve the committed money against its ceilings and assemble the draft of the decree."""
    innovation = activation.process.innovation
    commitments.reserve(_actor(), innovation.commitment)
    drafting.assemble(_actor(), innovation, draft_facts(innovation))


def release_commitment(activation: Any) -> None:
    """Give the money back when drafting finds that the commitment must change."""
    case = activation.process
    reason = case.reason or _("Sent back from drafting.")
    commitments.release(_actor(), case.innovation.commitment, reason)


def number_and_enqueue(activation: Any) -> None:
    """Take number and register row, fix the signatory, hand the document to the worker."""
    case = activation.process
    instrument = drafting.current_instrument(case.innovation)
    assert instrument is not None
    signed = SignOff.objects.filter(seat__process=case, seat__stage="signing", lapse__isnull=True)
    first = signed.filter(seat__group=0).latest("pk")
    numbering.take_number(
        _actor(),
        instrument,
        signatory=first.person,
        capacity=first.capacity,
        promulgator=_promulgator(signed) if instrument.kind == REGULATION else None,
    )
    jobs.enqueue_issue(instrument)


def _promulgator(signed: QuerySet[SignOff]) -> numbering.Promulgator:
    """Who signed for the regional secretary; raises ValidationError where nobody was asked."""
    of_secretary = signed.filter(seat__group__gt=0, seat__office__code=REGIONAL_SECRETARY)
    found = of_secretary.select_related("seat__office", "person").order_by("pk").last()
    if found is None or found.seat.office is None:
        raise ValidationError(
            _(
                "A regulation is promulgated by the regional secretary, whom the policy of the "
                "stage “Signing” does not ask. Add a group for that office to the policy."
            )
        )
    return numbering.Promulgator(found.person, found.capacity, found.seat.office)


def institutionalise(activation: Any) -> None:
    """Enter the innovation into the action plan and start its monitoring."""
    from .flows.monitoring import Monitoring

    case = activation.process
    if is_further(case.code):
        return
    monitoring.enter_action_plan(_actor(), case.innovation, today())
    Monitoring.start.run(
        case={
            "innovation": case.innovation,
            "code": f"{case.code}-M",
            "policy_versions": case.policy_versions,
        }
    )


def open_period(activation: Any) -> None:
    """Open the next monitoring period; its report is due some working days after its end."""
    innovation = activation.process.innovation
    item = ActionItem.objects.select_related("owner_office").get(
        innovation=innovation, status=ActionItem.Status.ACTIVE
    )
    end, unit = monitoring.next_span(item).end, item.owner_office.unit_id
    due = working_days_after(end, REPORT_WORKING_DAYS, unit)
    monitoring.open_period(_actor(), item, due=due)


def end_of_period(activation: Any) -> datetime.datetime:
    """The morning after the last day of the running period, local time."""
    period = monitoring.current_period(activation.process.innovation)
    assert period is not None
    morning = datetime.datetime.combine(period.end + datetime.timedelta(days=1), datetime.time(6))
    return timezone.make_aware(morning, timezone.get_default_timezone())
