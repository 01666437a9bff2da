"""The ways a message travels: one module each, found by its name, with `reaches` and `send`."""

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from accounts.models import User

    from ..models import Message

NAMES = ("in_app", "email")


class Channel(Protocol):
    """What a module in this folder offers."""

    def reaches(self, user: "User") -> bool:
        """Whether this person can be told this way."""

    def send(self, message: "Message") -> None:
        """Tell the person, in the language that is active; raises whatever goes wrong."""


def channel(name: str) -> Channel:
    """The channel of that name; raises LookupError for one that is not listed."""
    if name not in NAMES:
        raise LookupError(f"there is no channel {name!r}")
    return cast(Channel, import_module(f"{__name__}.{name}"))
