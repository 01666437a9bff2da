"""What the floors above add to the home page."""

from collections.abc import Callable
from typing import Any

from .reader import Reader

# Given the reader, a panel is the name of a template and what it shows; None shows nothing.
Panel = Callable[[Reader], dict[str, Any] | None]

_offered: dict[str, Panel] = {}


def offer(template: str, panel: Panel) -> None:
    """Add a panel to the home page; `waits` in what it shows says that somebody has to act."""
    _offered[template] = panel


def panels_for(reader: Reader) -> list[dict[str, Any]]:
    """The panels that a reader is shown, each with its template."""
    shown = ((template, panel(reader)) for template, panel in _offered.items())
    return [{"template": template, **found} for template, found in shown if found]
