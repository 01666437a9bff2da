"""Asking for the signatures of a stage when a case enters it."""

from collections.abc import Sequence
from typing import Any

from accounts.acting import current_actor
from accounts.offices import today
from approvals.models import Seat, SignOffPolicy
from approvals.policies import Vote
from approvals.reach import gaps
from approvals.seats import open_seats
from approvals.standing import Standing
from innovations.models import Innovation
from innovations.statuses import change_status
from planning.monitoring import current_period

from .announcements import announce
from .binding import binding_at
from .facts import matter_of
from .members import Roster, places_of
from .models import Case


def seat_stage(activation: Any, came_from: str) -> Vote:
    """Open the seats of the stage entered, by the policy version the case started with.

    Signatures that were given here before and whose content is unchanged still count. Returns an
    approval where nobody has to be asked again, None otherwise.
    """
    case, task, stage = activation.process, activation.task, activation.flow_task.name
    actor = current_actor()
    assert actor is not None
    if stage == "revision":
        case.innovation = change_status(
            actor, case.innovation, Innovation.Status.RETURNED, reason=case.reason
        )
    policy, matter, on = policy_for(case, stage), matter_of(case), today()
    roster = Roster(on)
    places = places_of(case, policy, matter, on, roster)
    binding = binding_at(actor, case, policy, matter, places, came_from=came_from)
    opened = open_seats(
        actor,
        task,
        policy,
        binding.places,
        matter=matter,
        case_code=case.code,
        case_title=case.innovation.name,
        again=binding.again,
    )
    standing = Standing(matter, opened.seats, on, authorities=roster.authorities)
    tell_holders(case, opened.turn, standing)
    if opened.result is None and gaps(policy, opened.seats, standing):
        from .rerouting import fill_or_tell

        fill_or_tell(actor, case, opened.seats, policy)
    return opened.result


def policy_for(case: Case, stage: str) -> SignOffPolicy:
    """The policy version that this case started with."""
    return SignOffPolicy.objects.get(stage=stage, version=case.policy_versions[stage])


# How the arrival of work is told; everywhere else a seat has opened.
ARRIVALS = {"revision": "returned", "report": "monitoring_due"}


def tell_holders(case: Case, seats: Sequence[Seat], standing: Standing) -> None:
    """Tell those who can sign the seats today that work has arrived."""
    for seat in seats:
        details = {"period": running_period(case)} if seat.stage == "report" else {}
        announce(
            case,
            _event_of(seat),
            standing.eligible(seat),
            occurrence=f"seat:{seat.pk}:{seat.round}",
            seat=seat.pk,
            stage=seat.stage,
            office=seat.holder_label,
            due=seat.due.isoformat() if seat.due else "",
            **details,
        )


def _event_of(seat: Seat) -> str:
    if seat.round > 1 or seat.reconfirms_id is not None:
        return "asked_again"
    return ARRIVALS.get(seat.stage, "seat_opened")


def running_period(case: Case) -> int:
    """The number of the monitoring period that the case is in."""
    period = current_period(case.innovation)
    return period.number if period else 0
