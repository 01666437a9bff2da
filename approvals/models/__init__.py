"""Policies, seats and sign-offs, and the calendar that dates them."""

from .calendar import (
    CalendarDay,
    CalendarDecree,
    ClockPause,
    DueChange,
    DueNotice,
    WorkingWeek,
)
from .policy import SignOffPolicy
from .seat import Seat
from .sign_off import Lapse, Outcome, Override, Refusal, Remark, SectionText, SignOff

__all__ = [
    "CalendarDay",
    "CalendarDecree",
    "ClockPause",
    "DueChange",
    "DueNotice",
    "Lapse",
    "Outcome",
    "Override",
    "Refusal",
    "Remark",
    "Seat",
    "SectionText",
    "SignOff",
    "SignOffPolicy",
    "WorkingWeek",
]
