"""People, units, offices, who holds which office when, and who acts for whom."""

from .base import NeverDeleted
from .delegation import Delegation
from .offices import Appointment, Office
from .people import Unit, User, UserManager
from .stored_file import FILE_NAME_LENGTH, ByLetter, StoredFile

__all__ = [
    "FILE_NAME_LENGTH",
    "Appointment",
    "ByLetter",
    "Delegation",
    "NeverDeleted",
    "Office",
    "StoredFile",
    "Unit",
    "User",
    "UserManager",
]
