"""What the floors above may hear of: sent inside the transaction; a listener's error undoes all."""

from django.dispatch import Signal

# `act` is one of ACTS; also `innovation`, `actor`, `details` (a dict of plain values).
# Sender is the Innovation class.
innovation_act = Signal()

ACTS = frozenset(
    {
        "submitted",
        "resubmitted",
        "status_changed",
        "completeness_checked",
        "assessed",
        "trial_reported",
        "evidence_added",
    }
)
