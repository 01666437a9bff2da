"""Start-up checks: the table of events, the channels and the schedule name only what exists."""

from collections.abc import Iterator
from typing import Any

from django.core import checks
from django.utils.module_loading import import_string

from .channels import NAMES, channel
from .events import EVENTS
from .schedule import PERIODIC


@checks.register("notifications")
def check_tables(**_: Any) -> list[checks.CheckMessage]:
    """Errors for rows of the three tables that point nowhere."""
    return [*_channels(), *_periodic()]


def _channels() -> Iterator[checks.CheckMessage]:
    for name in NAMES:
        if not all(hasattr(channel(name), part) for part in ("reaches", "send")):
            yield checks.Error(
                f"The channel {name} lacks reaches or send.", id="notifications.E001"
            )
    for key, event in EVENTS.items():
        for name in set(event.channels) - set(NAMES):
            yield checks.Error(
                f"The event {key} names the unknown channel {name}.", id="notifications.E002"
            )


def _periodic() -> Iterator[checks.CheckMessage]:
    for periodic in PERIODIC:
        try:
            import_string(periodic.path)
        except ImportError:
            yield checks.Error(
                f"The schedule names {periodic.path}, which does not exist.",
                id="notifications.E003",
            )
