"""What the switches of the flows ask of a case."""

from collections.abc import Callable
from typing import Any

from approvals.models import Outcome
from planning.models import MonitoringDecision

from ..models import is_further

Condition = Callable[[Any], bool]


def _outcome_is(outcome: str) -> Condition:
    return lambda activation: activation.process.outcome == outcome


was_approved = _outcome_is(Outcome.APPROVE.value)
was_returned = _outcome_is(Outcome.RETURN.value)
was_sent_back = _outcome_is(Outcome.SEND_BACK.value)
# The initiator's own act, not an answer of a seat.
WITHDRAW = "withdraw"
was_withdrawn = _outcome_is(WITHDRAW)


def was_approved_and_runs(activation: Any) -> bool:
    """The recognition path: what already runs, with evidence, needs no trial."""
    return was_approved(activation) and activation.process.innovation.already_running


def was_given_up(activation: Any) -> bool:
    """A further instrument whose draft is not passed on leaves everything as it was."""
    return was_sent_back(activation) and is_further(activation.process.code)


def asked_by(stage: str) -> Condition:
    """A revision goes back to the stage that asked for it."""
    return lambda activation: activation.process.asked_by == stage


def was_retired(activation: Any) -> bool:
    """The decision at the end of the last monitoring period was to retire the innovation."""
    last = MonitoringDecision.objects.filter(
        period__action_item__innovation=activation.process.innovation
    ).latest("pk")
    return last.decision == MonitoringDecision.Decision.RETIRE
