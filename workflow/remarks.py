"""Remarks on a returned proposal: the initiators answer each while they revise."""

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.models import User
from accounts.texts import clean_text
from approvals.models import Remark
from approvals.refusals import NotAllowed, NotFound, Refused

from .announcements import initiators_of
from .locking import lock_case
from .models import Case

ANSWER_LENGTH = 2_000


def remarks_of(case: Case) -> QuerySet[Remark]:
    """Every remark made on a case, the first one first."""
    return Remark.objects.filter(sign_off__seat__process=case.pk).select_related(
        "sign_off__person", "sign_off__seat"
    )


def open_remarks(case: Case) -> QuerySet[Remark]:
    """The remarks that nobody has answered yet."""
    return remarks_of(case).filter(resolved_at__isnull=True)


def remarks_of_revision(case: Case) -> QuerySet[Remark]:
    """The remarks that the running revision is about: the open ones, and those answered in it."""
    answered_now = Q(resolved_at__gte=case.stage_since) if case.stage_since else Q(pk__in=[])
    return remarks_of(case).filter(answered_now | Q(resolved_at__isnull=True))


@verb
def resolve_remark(actor: User, code: str, pk: int, answer: str) -> Remark:
    """Mark a remark as resolved, and say what was done about it.

    Raises NotFound, Busy, NotAllowed for everybody but the initiators, Refused when the case is
    not in revision, ValidationError without an answer.
    """
    remark = _of_revision(actor, code, pk)
    said = clean_text(answer, max_length=ANSWER_LENGTH, field=_("Answer"))
    if not said:
        raise ValidationError(
            {"answer": _("Answer: say in a sentence what you did about the remark, or why not.")}
        )
    remark.answer, remark.resolved_at = said, timezone.now()
    remark.save(update_fields=["answer", "resolved_at"])
    return remark


@verb
def unresolve_remark(actor: User, code: str, pk: int) -> Remark:
    """Open a remark again; its answer stays to be edited. Raises what `resolve_remark` raises."""
    remark = _of_revision(actor, code, pk)
    remark.resolved_at = None
    remark.save(update_fields=["resolved_at"])
    return remark


def _of_revision(actor: User, code: str, pk: int) -> Remark:
    case = lock_case(code)
    remark = remarks_of(case).filter(pk=pk).first()
    if remark is None:
        raise NotFound(_("There is no such remark on this innovation."))
    if actor not in initiators_of(case):
        raise NotAllowed(_("Only the initiators answer remarks."))
    if case.stage != "revision":
        raise Refused(_("Remarks are answered while the innovation is being revised."))
    return remark
