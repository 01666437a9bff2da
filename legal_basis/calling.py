"""One call to a service outside: a time limit over all of it, a size limit, no redirects."""

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

MOST_BYTES = 64 * 1024**2
# Larger than what TLS hands over at a time, small enough to see the limit soon.
PIECE = 65_536


class CallFailed(Exception):
    """No whole answer came; the message says why and never what was sent."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    media_type: str
    body: bytes


def post(
    url: str,
    body: bytes,
    media_type: str,
    *,
    seconds: float,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Send the bytes and wait for a whole answer; raises CallFailed.

    The limit holds for all of it: whoever answers a byte at a time is cut off as well. The error
    is raised outside of the handler, so that no traceback of it leads to what was sent.
    """
    sent = {"Content-Type": media_type, **(headers or {})}
    try:
        return _exchange(url, body, sent, seconds)
    except TimeoutError:
        why = _("it did not answer within %s seconds") % f"{seconds:g}"
    except ConnectionRefusedError:
        why = _("nobody answers there")
    except (OSError, http.client.HTTPException, ValueError) as error:
        why = _("the answer broke off (%s)") % type(error).__name__
    raise CallFailed(why)


def _exchange(url: str, body: bytes, headers: Mapping[str, str], seconds: float) -> Answer:
    parts = urlsplit(url)
    connection = _connection(parts.scheme, parts.netloc, seconds)
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    try:
        connection.connect()
        with _cut_off(connection.sock, seconds) as cut:
            try:
                connection.request("POST", path, body, headers)
                return _read(connection.getresponse())
            except (OSError, http.client.HTTPException):
                if cut.is_set():
                    raise TimeoutError from None
                raise
    finally:
        connection.close()


def _connection(scheme: str, netloc: str, seconds: float) -> http.client.HTTPConnection:
    if scheme == "http":
        return http.client.HTTPConnection(netloc, timeout=seconds)
    if scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(netloc, timeout=seconds, context=context)
    raise ValueError(scheme)


@contextmanager
def _cut_off(sock: socket.socket, seconds: float) -> Iterator[threading.Event]:
    """Close the line when the time is over, however slowly the other side goes on."""
    over = threading.Event()

    def cut() -> None:
        over.set()
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    clock = threading.Timer(seconds, cut)
    clock.daemon = True
    clock.start()
    try:
        yield over
        if over.is_set():
            raise TimeoutError
    finally:
        clock.cancel()


def _read(response: http.client.HTTPResponse) -> Answer:
    body = bytearray()
    while piece := response.read(PIECE):
        body += piece
        if len(body) > MOST_BYTES:
            raise ValueError("too large")
    promised = response.getheader("Content-Length")
    if promised and promised.isdigit() and int(promised) != len(body):
        raise http.client.IncompleteRead(bytes(body[:0]))
    return Answer(response.status, response.headers.get_content_type(), bytes(body))
