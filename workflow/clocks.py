"""Letting the clock of the stage in which a case waits stand still, and run again."""

from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.models import User
from approvals import pauses
from approvals.models import ClockPause
from approvals.refusals import Refused
from approvals.standing import Standing

from .announcements import announce, initiators_of
from .due_dates import REVISION
from .explaining import standing_at
from .locking import lock_case
from .models import Case


def waiting_stage(case: Case) -> Standing:
    """Who may sign where the case waits now; raises Refused where no clock can be stopped."""
    task = case.task_set.filter(flow_task_type="HUMAN", finished=None).first()
    if task is None:
        raise Refused(_("Nobody is asked to sign this case now: no clock runs."))
    if case.stage == REVISION:
        raise Refused(
            _("The case is with its initiator: no clock of another stage runs meanwhile.")
        )
    return standing_at(case, task.pk)


@verb
def pause(actor: User, code: str, *, kind: str, note: str = "") -> ClockPause:
    """Stop the clock of the case's stage and tell whom it concerns; a repeat tells nobody twice.

    Raises what `approvals.pauses.pause_clock` raises, NotFound, Busy, and Refused where no clock
    can be stopped.
    """
    case = lock_case(code)
    standing = waiting_stage(case)
    stopped = pauses.pause_clock(actor, standing, kind=kind, note=note)
    tell_stopped(actor, case, standing, stopped)
    return stopped


@verb
def resume(actor: User, code: str) -> ClockPause:
    """Let the clock of the case's stage run again and tell whom it concerns.

    Raises what `pause` raises.
    """
    case = lock_case(code)
    standing = waiting_stage(case)
    ended = pauses.resume_clock(actor, standing)
    tell_running(actor, case, standing, ended)
    return ended


def tell_stopped(actor: User, case: Case, standing: Standing, stopped: ClockPause) -> None:
    """Tell whoever is asked to sign, and the initiators where they are waited for."""
    told = _signers(standing)
    if stopped.kind == ClockPause.Kind.INITIATOR:
        told += initiators_of(case)
    announce(
        case,
        "clock_stopped",
        [person for person in told if person != actor],
        occurrence=f"pause:{stopped.pk}",
        stage=case.stage,
        reason=stopped.reason,
    )


def tell_running(actor: User, case: Case, standing: Standing, ended: ClockPause) -> None:
    """Tell whoever is asked to sign that the due dates have moved."""
    announce(
        case,
        "clock_runs_again",
        [person for person in _signers(standing) if person != actor],
        occurrence=f"pause:{ended.pk}",
        stage=case.stage,
    )


def _signers(standing: Standing) -> list[User]:
    """Whoever is asked to sign at the stage."""
    return [who for seat in pauses.open_seats_of(standing) for who in standing.eligible(seat)]
