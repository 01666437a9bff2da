"""Letting a draft go to a body outside while its clock stands still, and taking it back."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.models import User
from approvals.models import ClockPause
from approvals.pauses import let_stand, running_pause, set_going
from approvals.refusals import NotAllowed, NotFound, Refused
from legal_basis import reviews
from legal_basis.drafting import current_instrument
from legal_basis.legal_section import sits_in_legal_section
from legal_basis.models import ExternalReview, Instrument

from .clocks import tell_running, tell_stopped, waiting_stage
from .locking import lock_case
from .models import Case

DRAFTING = "drafting"


def check_right(actor: User) -> None:
    """Raise NotAllowed for everybody but the legal section."""
    if not sits_in_legal_section(actor):
        raise NotAllowed(_("Only the legal section sends drafts out and records the answers."))


@verb
def send_out(actor: User, code: str, **review: Any) -> ExternalReview:
    """Record that the draft has gone out, and let the clock of its stage stand still.

    Takes what `reviews.send_for_review` takes. Raises NotAllowed, NotFound, Refused where the case
    does not stand at drafting, and ValidationError.
    """
    check_right(actor)
    case = lock_case(code)
    if case.stage != DRAFTING:
        raise Refused(_("A draft is sent for review while it is being drafted."))
    sent = reviews.send_for_review(actor, draft_of(case), **review)
    standing = waiting_stage(case)
    task = standing.seats[0].task
    if running_pause(task) is None:
        stopped = let_stand(
            task, actor, ClockPause.Kind.MINISTRY, f"{sent.body}, {sent.sent_letter}"
        )
        tell_stopped(actor, case, standing, stopped)
    return sent


@verb
def take_back(actor: User, code: str, review_id: int, **answer: Any) -> ExternalReview:
    """Record the answer; when no other review is out, the clock runs again.

    Takes what `reviews.take_answer` takes. Raises NotAllowed, NotFound and ValidationError.
    """
    check_right(actor)
    case = lock_case(code)
    out = draft_of(case).reviews
    review = out.filter(pk=review_id).first()
    if review is None:
        raise NotFound(_("There is no such review of this draft."))
    answered = reviews.take_answer(actor, review, **answer)
    if case.stage == DRAFTING and not out.filter(returned_on=None).exists():
        standing = waiting_stage(case)
        pause = running_pause(standing.seats[0].task)
        if pause and pause.kind == ClockPause.Kind.MINISTRY:
            set_going(actor, standing, pause)
            tell_running(actor, case, standing, pause)
    return answered


def draft_of(case: Case) -> Instrument:
    """The instrument that the case is about; raises NotFound before there is one."""
    instrument = current_instrument(case.innovation)
    if instrument is None:
        raise NotFound(_("There is no draft of an instrument yet."))
    return instrument
