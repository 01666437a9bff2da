"""A folder, best on another machine: a text file per month that only grows."""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import AnchorFailed

if TYPE_CHECKING:
    from ..models import Checkpoint

LABEL = gettext_lazy("file")
TAKES_ALL = True
FIRST = "payung-checkpoint: "
LAST = "signature: "


class Kept(NamedTuple):
    """A statement as the file has it, with its signature."""

    statement: str
    signature: str


def fault() -> str:
    """Nothing: the folder is made when it is first needed."""
    return ""


def hand_over(checkpoint: "Checkpoint") -> str:
    """Write it at the end of its month's file, and make sure that it is on the disk."""
    path = folder() / f"{checkpoint.at:%Y-%m}.txt"
    try:
        _append(path, f"{checkpoint.statement}{LAST}{checkpoint.signature}\n\n")
    except OSError as error:
        raise AnchorFailed(
            _("The folder of the file anchor cannot be written (%s).") % error.strerror
        ) from error
    return path.name


def kept() -> Iterator[Kept]:
    """Everything that the files hold, in order; what broke off in the middle is left out."""
    for path in sorted(folder().glob("*.txt")):
        yield from _read(path)


def folder() -> Path:
    """Where the files lie."""
    return Path(settings.AUDIT_ANCHOR_DIR)


def _append(path: Path, block: str) -> None:
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    with path.open("ab") as target:
        fcntl.flock(target, fcntl.LOCK_EX)
        target.write(block.encode())
        target.flush()
        os.fsync(target.fileno())


def _read(path: Path) -> Iterator[Kept]:
    lines: list[str] = []
    with path.open(encoding="utf-8") as source:
        for line in source:
            if FIRST in line:
                # The block before may have broken off in the middle of a line.
                lines = [line[line.index(FIRST) :]]
            elif line.startswith(LAST) and lines:
                yield Kept("".join(lines), line.removeprefix(LAST).strip())
                lines = []
            elif lines:
                lines.append(line)
