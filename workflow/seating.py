"""Asking for the signatures of a stage when a case enters it."""

from typing import Any

from accounts.acting import current_actor
from accounts.models import User
from accounts.offices import holders_of, today
from approvals.models import Seat, SignOffPolicy
from approvals.policies import groups_of
from approvals.sign_offs import Member, open_seats
from innovations.models import Innovation
from innovations.statuses import change_status
from planning.monitoring import current_period

from .announcements import announce
from .facts import excluded_people, resolve
from .models import Case


def seat_stage(activation: Any) -> None:
    """Open the seats of the stage entered, by the policy version the case started with."""
    case, task = activation.process, activation.task
    actor = current_actor()
    assert actor is not None
    if activation.flow_task.name == "revision":
        case.innovation = change_status(
            actor, case.innovation, Innovation.Status.RETURNED, reason=case.reason
        )
    policy = policy_for(case, activation.flow_task.name)
    excluded = {
        person: relation
        for person, relation in excluded_people(case.innovation).items()
        if relation in policy.exclusions
    }
    opened = open_seats(
        actor,
        task,
        policy,
        _members(case, policy, excluded),
        case_code=case.code,
        case_title=case.innovation.name,
    )
    tell_holders(case, opened)


def policy_for(case: Case, stage: str) -> SignOffPolicy:
    """The policy version that this case started with."""
    return SignOffPolicy.objects.get(stage=stage, version=case.policy_versions[stage])


def _members(case: Case, policy: SignOffPolicy, excluded: dict[int, str]) -> list[list[Member]]:
    """Each group's members; one who stands in a group twice sits there once."""
    return [
        list(dict.fromkeys(resolve(member, case, excluded) for member in group.members))
        for group in groups_of(policy)
    ]


# How the arrival of work is told; everywhere else a seat has opened.
ARRIVALS = {"revision": "returned", "report": "monitoring_due"}


def tell_holders(case: Case, seats: list[Seat]) -> None:
    """Tell those who hold the offices today that work has arrived."""
    speaking = holders_of([seat.office for seat in seats if seat.office], today())
    for seat in seats:
        appointment = speaking.get(seat.office_id) if seat.office_id else None
        recipient: User | None = appointment.user if appointment else seat.person
        if recipient is None:
            continue
        details = {"period": running_period(case)} if seat.stage == "report" else {}
        announce(
            case,
            ARRIVALS.get(seat.stage, "seat_opened"),
            [recipient],
            occurrence=f"seat:{seat.pk}",
            seat=seat.pk,
            stage=seat.stage,
            office=seat.holder_label,
            due=seat.due.isoformat() if seat.due else "",
            **details,
        )


def running_period(case: Case) -> int:
    """The number of the monitoring period that the case is in."""
    period = current_period(case.innovation)
    return period.number if period else 0
