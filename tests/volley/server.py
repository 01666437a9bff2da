"""A real server on the database under test, and requests whose last bytes arrive together."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPResponse
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.test import Client

from accounts.models import User

SECONDS_TO_START = 60
CSRF = "a" * 32


@dataclass(frozen=True)
class Reply:
    """What one request of the volley got."""

    status: int
    location: str
    body: str


def database_url() -> str:
    """The URL of the test database, for the server's process."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    base, _, query = os.environ["DATABASE_URL"].partition("?")
    return f"{base.rpartition('/')[0]}/{name}?{query}"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_server() -> Iterator[int]:
    """gunicorn with two processes of sixteen threads on the test database; yields its port."""
    port = free_port()
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "PAYUNG_VAR": str(settings.VAR_DIR),
        "DEBUG": "0",
    }
    command = [sys.executable, "-m", "gunicorn", "config.wsgi:application"]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "16"]
    command += ["--timeout", "60", "--log-level", "warning", "--no-control-socket"]
    server = subprocess.Popen(command, env=environment)
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as probe:
                probe.sendall(b"GET /login/ HTTP/1.0\r\nHost: localhost\r\n\r\n")
                if probe.recv(12).endswith(b"200"):
                    return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"no answer on port {port}")


def session_of(user: User) -> str:
    """A session cookie of this person."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def post(path: str, session: str, fields: Mapping[str, str]) -> bytes:
    """The bytes of a form's POST as a browser sends them."""
    body = urlencode(dict(fields)).encode()
    head = [
        f"POST {path} HTTP/1.1",
        "Host: localhost",
        f"Cookie: {settings.SESSION_COOKIE_NAME}={session}; csrftoken={CSRF}",
        f"X-CSRFToken: {CSRF}",
        "Accept-Language: id",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def volley(port: int, requests: list[bytes]) -> list[Reply]:
    """Send all but the last byte of each request, then all last bytes at once."""
    sockets = [socket.create_connection(("127.0.0.1", port), timeout=60) for _ in requests]
    for connected, request in zip(sockets, requests, strict=True):
        connected.sendall(request[:-1])
    replies: list[Reply | None] = [None] * len(requests)
    barrier = threading.Barrier(len(requests))

    def finish(number: int) -> None:
        barrier.wait()
        sockets[number].sendall(requests[number][-1:])
        replies[number] = _read(sockets[number])

    threads = [threading.Thread(target=finish, args=(n,)) for n in range(len(requests))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [reply for reply in replies if reply is not None]


def _read(connected: socket.socket) -> Reply:
    with connected:
        response = HTTPResponse(connected)
        response.begin()
        body = response.read().decode()
        return Reply(response.status, response.headers.get("Location", ""), body)
