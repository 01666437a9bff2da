"""Who keeps checkpoints outside: one module each, found by its name in `AUDIT_ANCHORS`."""

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from django.conf import settings

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from ..models import Checkpoint

NAMES = ("file", "email", "timestamp")


class AnchorFailed(Exception):
    """An anchor did not take a checkpoint; the message is a sentence for people."""


class Anchor(Protocol):
    """What a module in this folder offers.

    TAKES_ALL: it is given every checkpoint; others only the newest, which names all before it.
    """

    LABEL: "_StrPromise"
    TAKES_ALL: bool

    def fault(self) -> str:
        """What is missing in the settings, or nothing."""

    def hand_over(self, checkpoint: "Checkpoint") -> str:
        """Give it a checkpoint, again perhaps; returns what it answered, or raises AnchorFailed."""


def anchor(name: str) -> Anchor:
    """The anchor of that name; raises LookupError for one that does not exist."""
    if name not in NAMES:
        raise LookupError(f"there is no anchor {name!r}")
    return cast(Anchor, import_module(f"{__name__}.{name}"))


def label(name: str) -> str:
    """What people call an anchor, also one that is no longer there."""
    return str(anchor(name).LABEL) if name in NAMES else name


def configured() -> dict[str, Anchor]:
    """The anchors that this installation uses, by their names."""
    return {name: anchor(name) for name in settings.AUDIT_ANCHORS}
