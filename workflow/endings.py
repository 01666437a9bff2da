"""What the end of a flow does to the innovation and to what was reserved for it."""

from typing import TYPE_CHECKING

from accounts.acting import current_actor
from accounts.models import User
from innovations.models import Innovation
from innovations.statuses import change_status
from legal_basis.follow_ups import give_up
from planning.commitments import release
from planning.models import Commitment

from .announcements import announce, initiators_of
from .models import Case, is_further

if TYPE_CHECKING:
    from .nodes.ending import Ending

CLOSES_WITHOUT_A_DECREE = {
    Innovation.Status.REJECTED,
    Innovation.Status.STOPPED,
    Innovation.Status.WITHDRAWN,
}


def settle(case: Case, ending: "Ending") -> None:
    """Give the innovation its final state, release reserved money, tell the initiators."""
    actor = current_actor()
    assert actor is not None
    case.asked_by, case.stage = case.stage, ending.name
    if is_further(case.code):
        # The innovation is institutionalised, and stays so whatever becomes of this instrument.
        if ending.name != "done":
            give_up(actor, case.code)
        return
    case.innovation = change_status(
        actor, case.innovation, ending.status, reason=case.reason or str(ending.task_title)
    )
    if ending.status in CLOSES_WITHOUT_A_DECREE:
        _release_money(actor, case)
    announce(
        case, ending.status, initiators_of(case), occurrence=f"end:{case.pk}", reason=case.reason
    )


def _release_money(actor: User, case: Case) -> None:
    reserved = Commitment.objects.filter(
        innovation=case.innovation, status=Commitment.Status.RESERVED
    ).first()
    if reserved:
        release(actor, reserved, case.reason)
