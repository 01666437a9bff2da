"""The ZIP of a pack while it grows: every file is hashed as it is written, and goes on later."""

import hashlib
import json
import os
import time
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

PIECE = 1 << 20
READABLE = 0o644 << 16


@dataclass
class Written:
    """What the ZIP holds so far, kept beside it between two parts of the work."""

    files: list[dict[str, object]] = field(default_factory=list)
    lost: list[dict[str, object]] = field(default_factory=list)
    chains: list[str] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)


class PackFile:
    """A ZIP that is written in several goes; `written` is kept with each orderly end of one."""

    def __init__(self, path: Path) -> None:
        self.path, self.beside = path, path.with_suffix(".json")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)

    def __enter__(self) -> "PackFile":
        self.written = self._known()
        if self.written.files:
            self.zip = zipfile.ZipFile(self.path, "a", zipfile.ZIP_DEFLATED)
        else:
            self.zip = zipfile.ZipFile(self.path, "w", zipfile.ZIP_DEFLATED)
        # Until the end is written, what lies there is half a file.
        self.beside.unlink(missing_ok=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.zip.close()
        if error is None:
            self.beside.write_text(json.dumps(vars(self.written)), encoding="utf-8")

    def _known(self) -> Written:
        """What an earlier go has written; nothing where it did not end in order."""
        try:
            return Written(**json.loads(self.beside.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return Written()

    def add(self, name: str, pieces: Iterable[bytes], *, listed: bool = True) -> str:
        """Write a file in pieces; returns the SHA-256 of what was written."""
        digest, size = hashlib.sha256(), 0
        entry = zipfile.ZipInfo(name, time.localtime()[:6])
        entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, READABLE
        with self.zip.open(entry, "w", force_zip64=True) as target:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                target.write(piece)
        if listed:
            line: dict[str, object] = {"path": name, "size": size, "sha256": digest.hexdigest()}
            self.written.files.append(line)
        return digest.hexdigest()

    def finish(self) -> tuple[int, str]:
        """Size and SHA-256 of the whole ZIP, with its bytes on the disk."""
        self.beside.unlink(missing_ok=True)
        with self.path.open("rb") as source:
            os.fsync(source.fileno())
            return self.path.stat().st_size, hashlib.file_digest(source, "sha256").hexdigest()

    def drop(self) -> None:
        """Remove what was written."""
        self.path.unlink(missing_ok=True)
        self.beside.unlink(missing_ok=True)


def pieces_of(source: BinaryIO) -> Iterator[bytes]:
    """An open file in pieces."""
    while piece := source.read(PIECE):
        yield piece
