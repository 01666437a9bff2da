"""People, units, offices, who holds which office when, and who acts for whom."""

from .base import NeverDeleted
from .delegation import Delegation
from .offices import Appointment, Office
from .people import Unit, User, UserManager

__all__ = [
    "Appointment",
    "Delegation",
    "NeverDeleted",
    "Office",
    "Unit",
    "User",
    "UserManager",
]
