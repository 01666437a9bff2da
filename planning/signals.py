"""What the floors above may hear of; a listener's error undoes the act."""

from django.dispatch import Signal

# `act` is one of ACTS; also `innovation`, `actor`, `details` (a dict of plain values).
# Sender is the Innovation class.
planning_act = Signal()

ACTS = frozenset(
    {
        "aligned",
        "committed",
        "money_reserved",
        "money_released",
        "action_plan_entered",
        "period_opened",
        "reported",
        "evaluated",
        "period_decided",
    }
)
