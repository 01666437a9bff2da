"""What upper floors may listen to; every signal is sent inside the transaction of its act."""

from django.dispatch import Signal

# Each is sent with `instrument` and `actor`; sender is the Instrument class.
instrument_assembled = Signal()
instrument_edited = Signal()
# The draft is of another kind now, or stipulates other innovations: whoever knows the case answers
# by assembling it anew.
facts_wanted = Signal()
# Before a number is taken: a receiver that raises ValidationError stops it.
number_wanted = Signal()
number_taken = Signal()  # also `entry`
number_cancelled = Signal()  # also `entry`
issuing_failed = Signal()
signature_awaited = Signal()  # without `actor`; also `signature`, and `need`: what it waits for
instrument_issued = Signal()
