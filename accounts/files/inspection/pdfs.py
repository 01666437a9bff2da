"""PDF: whole, without a password, and without anything that acts when it is opened."""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

CHILD = Path(__file__).with_name("pdf_child.py")
WALL_SECONDS = 20
# Answers of the child that this process remembers, by the hash of the file.
REMEMBERED = 1_000
_answers: dict[bytes, str] = {}
REFUSALS = {
    "encrypted": gettext_lazy("The PDF is locked with a password. Save it without one."),
    "active": gettext_lazy(
        "The PDF contains script, a form or media that act when it is opened. "
        "Print it to a new PDF and upload that."
    ),
    "attachment": gettext_lazy(
        "The PDF carries another file inside. Upload that file by itself, and this one without it."
    ),
    "too_large": gettext_lazy(
        "The PDF unpacks to far more than it seems. Print it to a new PDF and upload that."
    ),
    "damaged": gettext_lazy(
        "The PDF is damaged or cut off. Save or scan it again and upload the new file."
    ),
}
# Actions that a repairing viewer would find even where the file's own index leaves them out.
HIDDEN_ACTION = re.compile(rb"/S\s*/(JavaScript|Launch)\b|/JS\s*\(")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


def inspect(data: bytes) -> None:
    """Raise ValidationError with the mend when the PDF is broken or more than pages."""
    if b"%%EOF" not in data[-2048:]:
        raise ValidationError(REFUSALS["damaged"], code="damaged")
    names = ESCAPED.sub(lambda match: bytes([int(match[1], 16)]), data)
    reason = "active" if HIDDEN_ACTION.search(names) else _ask_once(data)
    if reason:
        raise ValidationError(REFUSALS.get(reason, REFUSALS["damaged"]), code=reason)


def _ask_once(data: bytes) -> str:
    """What the child says; whoever sends the same file again does not wait for it again."""
    digest = hashlib.sha256(data).digest()
    if (known := _answers.get(digest)) is not None:
        return known
    reason = _ask_child(data)
    # The limits may have ended it because the machine was busy.
    if reason != "too_large":
        if len(_answers) >= REMEMBERED:
            _answers.clear()
        _answers[digest] = reason
    return reason


def _ask_child(data: bytes) -> str:
    try:
        answer = subprocess.run(
            [sys.executable, "-I", str(CHILD)],
            input=data,
            capture_output=True,
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "too_large"
    said = re.search(rb"^reason=([a-z_]*)$", answer.stdout, flags=re.MULTILINE)
    # No answer: the limits ended it.
    return said[1].decode() if said else "too_large"
