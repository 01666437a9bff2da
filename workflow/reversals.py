"""Acts that undo: taking an answer back, withdrawing an innovation, opening an ended case anew."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from viewflow.workflow.models import Task

from accounts.acting import verb
from accounts.models import User
from accounts.texts import clean_text
from approvals.exclusions import ALWAYS, bar
from approvals.refusals import NotAllowed, Refused
from approvals.seats import close_seats
from approvals.secretariat import is_secretary
from approvals.sign_offs import take_back as let_author_take_back

from .announcements import announce, initiators_of
from .desk import desk_of
from .facts import matter_of
from .flows.institutionalisation import Institutionalisation
from .flows.routes import WITHDRAW
from .locking import lock_case
from .models import Case, is_further
from .seating import tell_holders

REASON_LENGTH = 4_000
# Ends without a decree; after one the innovation is policy, and other acts change it.
REOPENABLE = ("rejected", "stopped", "withdrawn")


@verb
def take_back(actor: User, code: str, seat_id: int, reason: str) -> None:
    """Let the author of an answer have it back until the stage is complete; both rows stay.

    Raises NotFound, NotAllowed, Busy, Refused once the stage is complete, ValidationError without
    a reason.
    """
    desk = desk_of(code, seat_id)
    said = _reason(reason, _("Reason: say in a sentence why you take your answer back."))
    if desk.seat.task.finished is not None:
        raise Refused(
            _("The stage “%(stage)s” is complete; its answers can no longer be taken back.")
            % {"stage": desk.node.task_title}
        )
    opened = let_author_take_back(
        actor, desk.seat, reason=said, standing=desk.standing, policy=desk.policy
    )
    others = [seat for seat in opened if seat.pk != desk.seat.pk]
    tell_holders(desk.case, others, desk.standing)


@verb
def withdraw(actor: User, code: str, reason: str) -> None:
    """Let the initiator take the case back before it is signed; the reason stays on the record.

    Raises NotFound, NotAllowed, Busy, Refused once the decree has its number, ValidationError
    without a reason.
    """
    case = lock_case(code)
    if is_further(code):
        raise Refused(_("The legal section alone gives up a further instrument, at its drafting."))
    if actor.pk != case.innovation.proposer.pk:
        raise NotAllowed(_("Only the initiator may withdraw the innovation."))
    said = _reason(reason, _("Reason: say in a sentence why you withdraw it."))
    task = case.task_set.filter(flow_task_type="HUMAN", finished__isnull=True).first()
    before_the_decree = case.flow_class is Institutionalisation and case.stage != "publication"
    if task is None or not before_the_decree:
        raise Refused(_("The decree has its number; the innovation can no longer be withdrawn."))
    close_seats(actor, task)
    case.reason = said
    task.process = case
    task.flow_task.activation_class(task).finish(actor, WITHDRAW)


@verb
def reopen(actor: User, code: str, reason: str) -> None:
    """Let the secretariat open a case that ended without a decree: its initiator revises it.

    What is resubmitted goes to the stage at which the case had ended. Raises NotFound, NotAllowed,
    Busy, Refused where the case has not ended so, ValidationError without a reason.
    """
    case = lock_case(code)
    if not is_secretary(actor) or bar(matter_of(case), ALWAYS, actor.pk):
        raise NotAllowed(_("Only the innovation secretariat opens an ended case anew."))
    if case.finished is None or case.stage not in REOPENABLE:
        raise Refused(_("Only a case that was rejected, stopped or withdrawn can be opened anew."))
    case.reason = _reason(reason, _("Reason: say in a sentence why it is opened anew."))
    _undo_end(case)
    announce(
        case,
        "reopened",
        initiators_of(case),
        occurrence=f"reopened:{case.pk}:{case.history.count()}",
        reason=case.reason,
    )


def _undo_end(case: Case) -> None:
    """Undo the end, viewflow's own way, and let the case wait at the revision."""
    end: Task = case.task_set.filter(flow_task_type="END", status="DONE").latest("pk")
    end.process = case
    activation = end.flow_task.activation_class(end)
    activation.undo()
    revision = Institutionalisation.instance.node("revision")
    revision.activation_class.create(revision, activation, end.token)


def _reason(text: str, sentence: str) -> str:
    said = clean_text(text, max_length=REASON_LENGTH, field=_("Reason"))
    if not said:
        raise ValidationError({"reason": sentence})
    return said
