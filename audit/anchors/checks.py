"""Start-up checks: every anchor that settings name exists and has what it needs."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core import checks

from . import NAMES, anchor


@checks.register("audit")
def check_anchors(**_: Any) -> list[checks.CheckMessage]:
    """Errors for anchors that do not exist or lack a setting; a warning where there is none."""
    return [*_faults()]


def _faults() -> Iterator[checks.CheckMessage]:
    for name in settings.AUDIT_ANCHORS:
        if name not in NAMES:
            yield checks.Error(f"AUDIT_ANCHORS: there is no anchor {name!r}.", id="audit.E010")
        elif fault := anchor(name).fault():
            yield checks.Error(f"AUDIT_ANCHORS, {name}: {fault}", id="audit.E011")
    if not settings.AUDIT_ANCHORS:
        yield checks.Warning("AUDIT_ANCHORS names nobody who keeps checkpoints.", id="audit.W010")
