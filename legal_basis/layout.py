"""The other end of `render_child`: one such process for each of ours, started when first needed."""

import atexit
import json
import os
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .render_child import receive, send

CHILD = Path(__file__).with_name("render_child.py")
# Nothing else of our environment (keys, database address) is the child's business.
PASSED_ON = ("PATH", "HOME", "FONTCONFIG_PATH", "FONTCONFIG_FILE", "XDG_CACHE_HOME")
# The keeper ends a job after its wall time; this much longer, and the keeper itself is gone.
GRACE_SECONDS = 10


@dataclass(frozen=True)
class Outcome:
    """How a job ended: exit status (a signal is negative), in time or not, its words, its PDF."""

    status: int
    in_time: bool
    said: str
    pdf: bytes


class Gone(Exception):
    """The layout process ended without an answer."""


@dataclass
class _Process:
    """The running process, and the socket over which it is handed a connection for each job."""

    pid: int
    popen: subprocess.Popen[bytes]
    control: socket.socket

    def connect(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(self.control, [b"j"], [theirs.fileno()])
            except OSError:
                ours.close()
                raise
        return ours

    def end(self) -> None:
        self.control.close()
        self.popen.terminate()
        self.popen.wait()


_starting = threading.Lock()
_running: _Process | None = None


def lay_out(job: dict[str, Any]) -> Outcome:
    """Have one job done; raises Gone when the process dies over it twice."""
    try:
        return _done(job)
    except Gone:
        # It may have gone to rest in the moment we called it.
        return _done(job)


def _done(job: dict[str, Any]) -> Outcome:
    try:
        with _connection() as connection:
            connection.settimeout(job["wall_seconds"] + GRACE_SECONDS)
            send(connection, json.dumps(job).encode())
            outcome, pdf = json.loads(receive(connection)), receive(connection)
    except (OSError, EOFError) as error:
        raise Gone from error
    return Outcome(pdf=pdf, **outcome)


def child_environment() -> dict[str, str]:
    """The little of our environment that the child sees."""
    passed = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return passed | {"LANG": "C.UTF-8"}


def _connection() -> socket.socket:
    """A connection to our process; it ends by itself when idle, and is started again."""
    global _running
    with _starting:
        if _running and _running.pid == os.getpid():
            try:
                return _running.connect()
            except OSError:
                _running.end()
        _running = _start()
        return _running.connect()


def _start() -> _Process:
    control, theirs = socket.socketpair()
    with theirs:
        popen = subprocess.Popen(
            [sys.executable, "-I", str(CHILD), str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            env=child_environment(),
            cwd="/",
        )
    return _Process(os.getpid(), popen, control)


@atexit.register
def _end() -> None:
    if _running and _running.pid == os.getpid():
        _running.end()
