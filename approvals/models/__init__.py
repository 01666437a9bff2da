"""Policies, seats and sign-offs: who must sign a stage, and who did, in which capacity, on what."""

from .policy import SignOffPolicy
from .seat import Seat
from .sign_off import Outcome, Refusal, Remark, SignOff

__all__ = ["Outcome", "Refusal", "Remark", "Seat", "SignOff", "SignOffPolicy"]
