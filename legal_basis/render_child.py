"""The process that lays out PDFs: no Django, no network, no files, each job in a fork that dies.

Loading WeasyPrint takes three times as long as laying out a decree. So this process loads it once
and forks for each job: a keeper that watches the clock, and under it the renderer, with limits on
memory and processor time. It ends when whoever started it ends, or after a while without work.
Started by `layout`; nothing of ours is imported here.
"""

import base64
import json
import os
import resource
import select
import signal
import socket
import struct
import sys
from typing import Any

REFUSED, TOO_LARGE, BROKEN = 3, 4, 5
IDLE_SECONDS = 300
LENGTH = struct.Struct("!Q")
MOST_SAID = 2_000


def send(connection: socket.socket, *parts: bytes) -> None:
    """Write each part with its length before it."""
    for part in parts:
        connection.sendall(LENGTH.pack(len(part)) + part)


def receive(connection: socket.socket) -> bytes:
    """Read one part; raises EOFError when the other side is gone."""
    (length,) = LENGTH.unpack(_exactly(connection, LENGTH.size))
    return _exactly(connection, length)


def _exactly(connection: socket.socket, count: int) -> bytes:
    chunks = []
    while count:
        chunk = connection.recv(min(count, 1 << 20))
        if not chunk:
            raise EOFError
        chunks.append(chunk)
        count -= len(chunk)
    return b"".join(chunks)


def render(job: dict[str, Any]) -> bytes:
    """The PDF/A of the job's HTML; whatever it refers to beyond the job's assets stops it."""
    from weasyprint import CSS, HTML, Attachment
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    assets = {
        f"asset:{name}": (found["type"], base64.b64decode(found["base64"]))
        for name, found in job["assets"].items()
    }

    class BundledAssets(URLFetcher):
        """Answers from memory with what the job brought; everything else is fatal."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            """The bundled asset of that name."""
            if url not in assets:
                raise FatalURLFetchingError(f"refused address {url[:200]}")
            media_type, body = assets[url]
            return URLFetcherResponse(url, body, {"Content-Type": media_type})

    bundle = {"base_url": "asset:", "url_fetcher": BundledAssets()}
    attachments = [
        Attachment(
            string=found["text"],
            name=found["name"],
            description=found["description"],
            relationship=found["relationship"],
            **bundle,
        )
        for found in job["attachments"]
    ]
    pdf: bytes = HTML(string=job["html"], **bundle).write_pdf(
        stylesheets=[CSS(string=css, **bundle) for css in job["css"]],
        attachments=attachments,
        pdf_variant=job["variant"],
        pdf_tags=True,
    )
    return pdf


def render_into(target: int, said: int, job: dict[str, Any]) -> int:
    """Lay out one job within its limits, in a process of its own; returns its exit status."""
    os.dup2(said, 2)
    memory = job["memory_bytes"]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (job["cpu_seconds"], job["cpu_seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        pdf = render(job)
    except (MemoryError, RecursionError) as error:
        return _give_up(TOO_LARGE, error)
    except BaseException as error:
        refused = type(error).__name__ == "FatalURLFetchingError"
        return _give_up(REFUSED if refused else BROKEN, error)
    with os.fdopen(target, "wb") as stream:
        stream.write(pdf)
    return 0


def _give_up(status: int, error: BaseException) -> int:
    os.write(2, f"{type(error).__name__}: {error}"[:MOST_SAID].encode())
    return status


def keep(connection: socket.socket) -> None:
    """Let a renderer do the job of one connection, end it when its time is over, and answer."""
    job = json.loads(receive(connection))
    target, said = os.memfd_create("pdf"), os.memfd_create("said")
    renderer = os.fork()
    if renderer == 0:
        os._exit(render_into(target, said, job))
    handle = os.pidfd_open(renderer)
    in_time = bool(select.select([handle], [], [], job["wall_seconds"])[0])
    if not in_time:
        os.kill(renderer, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(renderer, 0)[1])
    outcome = {
        "status": status,
        "in_time": in_time,
        "said": os.pread(said, MOST_SAID, 0).decode(errors="replace"),
    }
    pdf = os.pread(target, os.fstat(target).st_size, 0) if status == 0 else b""
    send(connection, json.dumps(outcome).encode(), pdf)


def serve(control: socket.socket) -> None:
    """Fork a keeper for each connection that is handed over, until nobody hands any over."""
    import weasyprint  # noqa: F401  # loaded before the first fork, so that every fork has it

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while select.select([control], [], [], IDLE_SECONDS)[0]:
        word, handed_over, _, _ = socket.recv_fds(control, 1, 1)
        if not word:
            return
        connection = socket.socket(fileno=handed_over[0])
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            control.close()
            keep(connection)
            os._exit(0)
        connection.close()


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
