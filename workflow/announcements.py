"""Telling the floors above what happened, inside the transaction in which it happened."""

from collections.abc import Sequence
from typing import Any

from accounts.acting import current_actor
from accounts.models import User

from .models import Case
from .signals import case_event


def announce(
    case: Case, event: str, recipients: Sequence[User], *, occurrence: str, **params: Any
) -> None:
    """Announce one event of a case; the occurrence makes a repeat recognisable."""
    about = {"code": case.code, "title": case.innovation.name, **params}
    _send(case, event, recipients, occurrence, about)


def announce_to(recipients: Sequence[User], event: str, *, occurrence: str, **params: Any) -> None:
    """Announce one event that concerns no single case."""
    _send(None, event, recipients, occurrence, params)


def _send(
    case: Case | None,
    event: str,
    recipients: Sequence[User],
    occurrence: str,
    params: dict[str, Any],
) -> None:
    case_event.send(
        sender=Case,
        event=event,
        case=case,
        actor=current_actor(),
        recipients=list(recipients),
        params=params,
        occurrence=occurrence,
    )


def initiators_of(case: Case) -> list[User]:
    """The proposer and the co-initiators, who are told how their case fares."""
    innovation = case.innovation
    others = innovation.participants.select_related("user")
    return [innovation.proposer, *(participant.user for participant in others)]
