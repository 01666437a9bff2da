"""What the floors above may hear of, inside the transaction: a listener's error undoes the act."""

from django.dispatch import Signal

# event: str (a key of notifications.events), case (None where no single case is concerned), actor,
# recipients: list[User], params: dict of plain values, occurrence: str (the same act never
# announces twice).
case_event = Signal()
