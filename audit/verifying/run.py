"""A verification from its first step to its last: what it covers, and where it can go on."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from ..models import Checkpoint
from .anchored import check_anchors
from .chains import check_chains
from .changes import check_journal
from .erasures import check_erasures
from .faults import Fault, Found
from .files import check_files, check_instruments
from .rows import check_rows, check_triggers
from .scope import Scope, one_moment
from .statements import check_checkpoints
from .versions import check_entered, check_versions

Check = Callable[[Scope], Iterator[Fault]]
STEPS: dict[str, Check] = {
    "triggers": check_triggers,
    "chains": check_chains,
    "checkpoints": check_checkpoints,
    "anchors": check_anchors,
    "journal": check_journal,
    "rows": check_rows,
    "versions": check_versions,
    "entered": check_entered,
    "erasures": check_erasures,
    "files": check_files,
    "instruments": check_instruments,
}
SECONDS_BETWEEN_NOTES = 2.0


@dataclass
class Report:
    """What was verified and what was found."""

    since: int | None = None
    counts: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    # The newest checkpoint: what came after it is not covered yet.
    checkpoint: int | None = None
    seconds: float = 0.0

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found."""
        return not self.faults

    def as_data(self) -> dict[str, Any]:
        """The report as `verify_audit --json` prints it."""
        return {
            "ok": self.is_clean,
            "since": self.since,
            "checkpoint": self.checkpoint,
            "counts": self.counts,
            "seconds": round(self.seconds, 1),
            "faults": [fault.as_data() for fault in self.faults],
        }


@dataclass
class Note:
    """Where a verification that was interrupted can go on, kept in a file beside the database."""

    path: Path
    written: float = 0.0

    def read(self) -> dict[str, Any]:
        """What the interrupted verification had done; nothing where there was none."""
        try:
            found: dict[str, Any] = json.loads(self.path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return found

    def write(self, content: dict[str, Any]) -> None:
        """Keep it: whole, or as it was before."""
        unfinished = self.path.with_suffix(".part")
        unfinished.write_text(json.dumps(content), encoding="utf-8")
        unfinished.replace(self.path)
        self.written = time.monotonic()

    def forget(self) -> None:
        """The verification came to its end."""
        self.path.unlink(missing_ok=True)


def note() -> Note:
    """The note of this installation."""
    return Note(Path(settings.VAR_DIR) / "verify_audit.json")


Tell = Callable[[str, int, int], None]


def verify(
    since: Checkpoint | None = None,
    *,
    kept: Note | None = None,
    resume: bool = False,
    tell: Tell = lambda *_: None,
) -> Report:
    """Verify everything, or what a checkpoint does not cover; `tell` hears of the progress.

    With a note kept, whatever interrupts it can be followed by one that resumes.
    """
    before = kept.read() if kept and resume else {}
    with one_moment():
        return _Verification(since, kept, before, tell).run()


class _Verification:
    """One verification under way."""

    def __init__(
        self, since: Checkpoint | None, kept: Note | None, before: dict[str, Any], tell: Tell
    ) -> None:
        self.kept, self.tell = kept, tell
        if before:
            since = Checkpoint.objects.filter(number=before["since"] or 0).first()
        self.scope = Scope(since, before.get("counts", {}), before.get("place"), self.heard)
        newest = Checkpoint.objects.order_by("-number").values_list("number", flat=True).first()
        self.report = Report(since.number if since else None, self.scope.counts, [], newest)
        for one in before.get("faults", ()):
            self.report.faults.append(Fault(Found(one.pop("kind")), **one))
        self.steps = list(STEPS)
        if before.get("step") in STEPS:
            self.steps = self.steps[self.steps.index(before["step"]) :]

    def run(self) -> Report:
        """Every step that is left."""
        begun = time.monotonic()
        try:
            while self.steps:
                for fault in STEPS[self.steps[0]](self.scope):
                    self.report.faults.append(fault)
                self.steps.pop(0)
                self.scope.place = None
        except KeyboardInterrupt:
            self.remember()
            raise
        self.report.seconds = time.monotonic() - begun
        if self.kept:
            self.kept.forget()
        return self.report

    def heard(self, scope: Scope, name: str, of: int) -> None:
        """Tell how far it is, and note it now and then."""
        self.tell(name, scope.counts[name], of)
        if self.kept and time.monotonic() - self.kept.written > SECONDS_BETWEEN_NOTES:
            self.remember()

    def remember(self) -> None:
        """Write down where to go on."""
        if self.kept and self.steps:
            self.kept.write(
                {
                    "since": self.report.since,
                    "step": self.steps[0],
                    "place": self.scope.place,
                    "counts": self.scope.counts,
                    "faults": [fault.as_data() for fault in self.report.faults],
                }
            )
