import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house import ROOT

pytestmark = [pytest.mark.integration, pytest.mark.one_database]


@dataclass
class Server:
    process: subprocess.Popen[str]
    port: int
    output: str = ""

    def read_until(self, text: str) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.output += line
            if text in line:
                return
        raise AssertionError(f"{text!r} was not printed:\n{self.output}")

    def children(self) -> dict[str, int]:
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                words = (folder / "cmdline").read_text().split("\0")
            except OSError:
                continue
            if parent == self.process.pid:
                found["worker" if "worker" in words else "web"] = int(folder.name)
        return found

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status > 0
        except OSError:
            return False
        finally:
            connection.close()


@pytest.fixture
def place(spare_database: str, tmp_path: Path) -> dict[str, str]:
    """The environment of an installation with a space in its path."""
    folder = tmp_path / "an installation"
    return dict(os.environ) | {"DATABASE_URL": spare_database, "PAYUNG_VAR": str(folder)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(environment: dict[str, str], port: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(ROOT / "bin" / "serve")],
        env=environment | {"PORT": str(port), "WEB_CONCURRENCY": "1"},
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture
def server(place: dict[str, str]) -> Iterator[Server]:
    port = free_port()
    with serve(place, port) as process:
        started = Server(process, port)
        started.read_until("Payung answers at")
        yield started
        process.kill()


def gone(pid: int) -> bool:
    for _ in range(150):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.2)
    return False


def test_serve_says_where_it_answers_and_stops_when_told(server):
    children = server.children()
    assert f"Payung answers at http://localhost:{server.port}/" in server.output
    assert set(children) == {"web", "worker"}
    assert server.answers()
    server.process.terminate()
    assert server.process.wait(timeout=40) == 0
    assert all(gone(pid) for pid in children.values())
    assert not server.answers()


def test_serve_ends_altogether_when_the_worker_ends(server):
    children = server.children()
    os.kill(children["worker"], signal.SIGKILL)
    server.read_until("The job worker has ended by itself: stopping.")
    assert server.process.wait(timeout=40) == 1
    assert gone(children["web"])


def test_serve_leaves_nothing_behind_when_killed(server):
    children = server.children()
    server.process.kill()
    assert [name for name, pid in children.items() if not gone(pid)] == []


@pytest.mark.parametrize("port", ["0", "80x", "70000", "-1"])
def test_serve_refuses_what_is_no_port(port):
    with serve(dict(os.environ), port) as process:
        said = process.communicate(timeout=20)[0]
    expected = f"PORT={port} is not a port number. Choose one from 1 to 65535.\n"
    assert (process.returncode, said) == (1, expected)


def test_serve_refuses_a_port_in_use():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with serve(dict(os.environ), port) as process:
            said = process.communicate(timeout=20)[0]
    assert process.returncode == 1
    assert said == (
        f"Port {port} cannot be used (Address already in use). Choose another: make run PORT=8001\n"
    )
