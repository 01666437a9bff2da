"""Bytes under their own SHA-256: written completely or not at all, and reconciled with the rows."""

import fcntl
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from ..models import StoredFile

# A file that young may belong to a transaction that has not committed yet.
SETTLED_AFTER_SECONDS = 60 * 60


def store(content: bytes, *, media_type: str) -> StoredFile:
    """Keep the bytes and return their row; the same bytes are kept once.

    Written under a temporary name, synced, renamed, and only then recorded: a row without its
    file cannot be, and a file without its row is what `remove_orphans` is for.
    """
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    with _locked(root, fcntl.LOCK_SH):
        sha256 = _write(content, root)
    stored, _created = StoredFile.objects.get_or_create(
        sha256=sha256,
        defaults={"size": len(content), "media_type": media_type, "path": path_of(sha256)},
    )
    return stored


def path_of(sha256: str) -> str:
    """Where bytes with that hash lie below MEDIA_ROOT."""
    return f"{sha256[:2]}/{sha256}"


@contextmanager
def _locked(root: Path, mode: int) -> Iterator[None]:
    """Keep the sweep of orphans apart from writers, across processes."""
    with (root / ".lock").open("a") as lock:
        fcntl.flock(lock, mode)
        yield


def _write(content: bytes, root: Path) -> str:
    sha256 = hashlib.sha256(content).hexdigest()
    handle, temporary = tempfile.mkstemp(prefix=".new-", dir=root)
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        _rename(Path(temporary), root / path_of(sha256))
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return sha256


def _rename(temporary: Path, final: Path) -> None:
    final.parent.mkdir(exist_ok=True)
    # Replacing equal bytes also makes them young again, so that no sweep takes them for an orphan.
    temporary.replace(final)
    for folder in (final.parent, final.parent.parent):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@dataclass
class Reconciliation:
    """What differs between the rows and the files: paths below MEDIA_ROOT."""

    orphans: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """True when nothing evidence needs is lost; orphans are only waste."""
        return not self.missing and not self.damaged


def reconcile_files(*, older_than: float = SETTLED_AFTER_SECONDS) -> Reconciliation:
    """Compare every row with its file, byte for byte; changes nothing."""
    result = Reconciliation(orphans=orphan_files(older_than=older_than))
    for stored in StoredFile.objects.order_by("pk").iterator():
        if not stored.location.is_file():
            result.missing.append(stored.path)
        elif _digest(stored.location) != stored.sha256:
            result.damaged.append(stored.path)
    return result


def orphan_files(*, older_than: float = SETTLED_AFTER_SECONDS) -> list[str]:
    """Files without a row, and left-over temporary ones, that are older than so many seconds."""
    root = Path(settings.MEDIA_ROOT)
    files = (
        [p for p in root.rglob("*") if p.is_file() and p.name != ".lock"] if root.is_dir() else []
    )
    known = set(StoredFile.objects.values_list("path", flat=True))
    before = time.time() - older_than
    found = {str(p.relative_to(root)): p for p in files}
    return sorted(name for name, p in found.items() if name not in known and _age(p) <= before)


def remove_orphans(*, older_than: float = SETTLED_AFTER_SECONDS) -> list[str]:
    """Delete the files without a row; returns their paths."""
    root = Path(settings.MEDIA_ROOT)
    if not root.is_dir():
        return []
    with _locked(root, fcntl.LOCK_EX):
        orphans = orphan_files(older_than=older_than)
        for path in orphans:
            (root / path).unlink(missing_ok=True)
    return orphans


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


def _digest(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
