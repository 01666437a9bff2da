"""Asking an office for evidence: by which working day, what it answered, whether it suffices."""

import datetime
import logging

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import acting_as, verb
from accounts.authority import authorities_of
from accounts.files.storage import store
from accounts.files.uploads import CheckedUpload
from accounts.models import Office, User
from accounts.offices import holder_of, today
from approvals.calendar import current_calendar
from approvals.refusals import NotAllowed
from workflow.announcements import announce_to
from workflow.models import Case

from .auditors import check_audits, full_sight
from .models import EvidenceRequest, Finding
from .texts import written

logger = logging.getLogger(__name__)

LEAST_DAYS, MOST_DAYS = 1, 60


@verb
def request_evidence(
    actor: User,
    office: Office,
    *,
    question: str,
    working_days: int,
    finding: Finding | None = None,
    case_code: str = "",
) -> EvidenceRequest:
    """Ask an office, and tell its holder; raises NotAllowed for whoever is no auditor."""
    check_audits(actor)
    code = (finding.case_code if finding else "") or case_code
    if code and not Case.objects.filter(code=code).exists():
        raise ValidationError({"case_code": _("Case code: there is no case of that code.")})
    if finding and finding.closed_at:
        raise ValidationError(_("This finding is closed. Record a new one on its entry."))
    asked = EvidenceRequest.objects.create(
        finding=finding,
        case_code=code,
        office=office,
        question=written("question", question, _("Question")),
        due=_due(office, working_days),
        asked_by=actor,
        asked_at=timezone.now(),
    )
    _tell("evidence_asked", asked, _speakers(office))
    return asked


@verb
def answer_request(
    actor: User, asked: EvidenceRequest, answer: str, document: CheckedUpload | None = None
) -> EvidenceRequest:
    """Answer in the name of the office asked, and tell the auditor.

    Raises NotAllowed for whoever does not act for the office, ValidationError for a second answer.
    """
    found = _locked(asked)
    if not may_answer(actor, found):
        raise NotAllowed(_("Only whoever acts for the office that was asked answers this."))
    if found.answered_at or found.closed_at:
        raise ValidationError(_("This was answered already. The auditor asks again if need be."))
    found.answer = written("answer", answer, _("Answer"))
    if document is not None:
        found.document = store(document.content, media_type=document.media_type)
        found.document_name = document.name
    found.answered_by, found.answered_at = actor, timezone.now()
    found.save()
    _tell("evidence_answered", found, [found.asked_by])
    return found


@verb
def accept_answer(actor: User, asked: EvidenceRequest) -> EvidenceRequest:
    """Let an answer suffice; raises ValidationError where there is none."""
    check_audits(actor)
    found = _locked(asked)
    if not found.answered_at:
        raise ValidationError(_("There is no answer yet to accept."))
    return _closed(found)


@verb
def ask_again(
    actor: User, asked: EvidenceRequest, *, question: str, working_days: int
) -> EvidenceRequest:
    """Put a new request in the place of one whose answer is missing or does not suffice."""
    check_audits(actor)
    found = _locked(asked)
    if found.closed_at:
        raise ValidationError(_("This request is closed already."))
    _closed(found)
    return request_evidence(
        actor,
        found.office,
        question=question,
        working_days=working_days,
        finding=found.finding,
        case_code=found.case_code,
    )


def visible_requests(user: User) -> QuerySet[EvidenceRequest]:
    """The requests that a person may read: their offices' own, all of them with full sight."""
    rights = authorities_of(user, today())
    found = EvidenceRequest.objects.all()
    if full_sight(rights):
        return found
    return found.filter(office__in={right.office.pk for right in rights})


def may_answer(user: User, asked: EvidenceRequest) -> bool:
    """Whether a person acts today for the office that was asked."""
    return any(right.office.pk == asked.office_id for right in authorities_of(user, today()))


def awaiting(offices: set[int]) -> QuerySet[EvidenceRequest]:
    """What these offices still owe an answer to, the most urgent first."""
    open_ones = Q(answered_at__isnull=True, closed_at__isnull=True, office__in=offices)
    return EvidenceRequest.objects.filter(open_ones).select_related("office", "asked_by")


def remind_of_evidence() -> int:
    """Tell the office and the auditor of every request that is overdue, once for each due day."""
    late = EvidenceRequest.objects.filter(
        answered_at__isnull=True, closed_at__isnull=True, due__lt=today()
    )
    told = 0
    for asked in late.select_related("office", "asked_by").iterator():
        with transaction.atomic(), acting_as(User.objects.system()):
            _tell("evidence_overdue", asked, [*_speakers(asked.office), asked.asked_by])
        told += 1
    logger.info("%s requests for evidence are overdue", told)
    return told


def _locked(asked: EvidenceRequest) -> EvidenceRequest:
    return (
        EvidenceRequest.objects.select_for_update(of=("self",))
        .select_related("office", "finding", "asked_by")
        .get(pk=asked.pk)
    )


def _closed(asked: EvidenceRequest) -> EvidenceRequest:
    asked.closed_at = timezone.now()
    asked.save(update_fields=["closed_at"])
    return asked


def _due(office: Office, working_days: int) -> datetime.date:
    if not LEAST_DAYS <= working_days <= MOST_DAYS:
        sentence = _("Working days: choose between %(least)s and %(most)s.")
        limits = {"least": LEAST_DAYS, "most": MOST_DAYS}
        raise ValidationError({"working_days": sentence % limits})
    return current_calendar().working_days_after(today(), working_days, office.unit_id)


def _speakers(office: Office) -> list[User]:
    speaking = holder_of(office, today())
    return [speaking.user] if speaking else []


def _tell(event: str, asked: EvidenceRequest, people: list[User]) -> None:
    announce_to(
        people,
        event,
        occurrence=f"{asked.pk}:{asked.due.isoformat()}",
        request=asked.pk,
        office=str(asked.office),
        due=asked.due,
    )
