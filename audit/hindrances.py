"""What keeps checkpoints from being signed or taken, since when: a file that all processes read.

It only holds words: how late something is, the database says.
"""

import datetime
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

# What is hindered when not even a checkpoint can be made.
SIGNING = "checkpoint"


@dataclass(frozen=True)
class Hindrance:
    """Since when something fails, and why, in a sentence."""

    since: datetime.datetime
    reason: str


def known() -> dict[str, Hindrance]:
    """What fails now, by the name of the anchor or SIGNING."""
    try:
        read = json.loads(_path().read_text())
        return {
            name: Hindrance(datetime.datetime.fromisoformat(one["since"]), one["reason"])
            for name, one in read.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def note(name: str, reason: str) -> None:
    """Remember that something failed; the first time counts."""
    found = known()
    since = found[name].since if name in found else timezone.now()
    _keep(found | {name: Hindrance(since, reason)})


def forget(name: str) -> None:
    """It works again."""
    found = known()
    if found.pop(name, None):
        _keep(found)


def _keep(found: dict[str, Hindrance]) -> None:
    told: dict[str, Any] = {
        name: {"since": one.since.isoformat(), "reason": one.reason} for name, one in found.items()
    }
    new = _path().with_suffix(f".{os.getpid()}.new")
    new.write_text(json.dumps(told))
    new.replace(_path())


def _path() -> Path:
    return Path(settings.VAR_DIR) / "anchoring.json"
