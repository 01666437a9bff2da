"""What upper floors may listen to; every signal is sent inside the transaction of its act."""

from django.dispatch import Signal

# Each is sent with `instrument` and `actor`; sender is the Instrument class.
instrument_assembled = Signal()
instrument_edited = Signal()
number_taken = Signal()  # also `entry`
number_cancelled = Signal()  # also `entry`
issuing_failed = Signal()
signature_awaited = Signal()  # without `actor`; also `signature`, and `need`: what it waits for
instrument_issued = Signal()
