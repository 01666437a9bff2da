"""What upper floors may listen to; every signal is sent inside the transaction of its act."""

from django.dispatch import Signal

# Each is sent with `delegation` and `actor`; sender is the Delegation class.
authority_handed_on = Signal()
authority_ended_early = Signal()

# Sent once at the end of an act with `deeds`: what `acting.note_deed` was told during it.
act_done = Signal()
