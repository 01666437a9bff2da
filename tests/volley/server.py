"""A real server on the database under test, and requests whose last bytes arrive together."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPResponse
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings

from accounts.models import User

SECONDS_TO_START = 60
SECONDS_TO_ANSWER = 120
CSRF = "a" * 32
MANIFEST = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"


@dataclass(frozen=True)
class Reply:
    """What one request got, and how long after its last byte."""

    status: int
    location: str
    body: str
    cookies: Mapping[str, str]
    seconds: float


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
def running_server(folder: Path) -> Iterator[int]:
    """gunicorn with two processes of sixteen threads on the test database; yields its port.

    `folder` is its PAYUNG_VAR, and what it said stands there in `server.log`.
    """
    with override_settings(STORAGES=settings.STORAGES | {"staticfiles": {"BACKEND": MANIFEST}}):
        call_command("collectstatic", interactive=False, verbosity=0)
    port = free_port()
    environment = os.environ | {"DATABASE_URL": database_url(), "PAYUNG_VAR": str(folder)}
    command = [sys.executable, "-m", "gunicorn", "config.wsgi:application"]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "16"]
    command += ["--timeout", "120", "--log-level", "warning", "--no-control-socket"]
    with (folder / "server.log").open("ab") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(30)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=20) as probe:
                probe.sendall(b"GET /login/ HTTP/1.0\r\nHost: localhost\r\n\r\n")
                if probe.recv(12).endswith(b"200"):
                    return
        except OSError:
            pass
        time.sleep(0.1)
    raise TimeoutError(f"no answer on port {port}; see server.log")


def session_of(user: User) -> str:
    """A session of this person, as signing in makes one."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def post(path: str, session: str, fields: Mapping[str, object]) -> bytes:
    """The bytes of a form's POST as a browser sends them; a list is a field given several times."""
    return _request("POST", path, session, urlencode(fields, doseq=True).encode())


def get(path: str, session: str, cookies: Mapping[str, str]) -> bytes:
    """The bytes of a GET with more cookies than the session's."""
    return _request("GET", path, session, b"", cookies)


def _request(
    method: str, path: str, session: str, body: bytes, more: Mapping[str, str] | None = None
) -> bytes:
    cookies = {settings.SESSION_COOKIE_NAME: session, "csrftoken": CSRF} | dict(more or {})
    head = [
        f"{method} {path} HTTP/1.1",
        "Host: localhost",
        "Cookie: " + "; ".join(f"{name}={value}" for name, value in cookies.items()),
        f"X-CSRFToken: {CSRF}",
        # The sentences of the source, so that no test waits for a translation.
        "Accept-Language: en",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def volley(port: int, requests: Sequence[bytes]) -> list[Reply]:
    """Send all but the last byte of each request, then all last bytes at once."""
    sockets = [
        socket.create_connection(("127.0.0.1", port), timeout=SECONDS_TO_ANSWER) for _ in requests
    ]
    for connected, request in zip(sockets, requests, strict=True):
        connected.sendall(request[:-1])
    replies: dict[int, Reply] = {}
    barrier = threading.Barrier(len(requests))

    def finish(number: int) -> None:
        barrier.wait()
        replies[number] = _finish(sockets[number], requests[number][-1:])

    threads = [threading.Thread(target=finish, args=(n,)) for n in range(len(requests))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(replies) == len(requests), "a request of the volley got no answer"
    return [replies[number] for number in range(len(requests))]


def _finish(connected: socket.socket, last: bytes) -> Reply:
    with connected:
        sent = time.monotonic()
        connected.sendall(last)
        response = HTTPResponse(connected)
        response.begin()
        body = response.read().decode()
        seconds = time.monotonic() - sent
    jar: SimpleCookie = SimpleCookie()
    for header in response.headers.get_all("Set-Cookie") or []:
        jar.load(header)
    cookies = {name: morsel.coded_value for name, morsel in jar.items()}
    location = response.headers.get("Location", "")
    return Reply(response.status, location, body, cookies, seconds)


def ask(port: int, request: bytes) -> Reply:
    """The answer to one request."""
    return volley(port, [request])[0]
