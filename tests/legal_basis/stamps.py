"""A time-stamp authority of others (RFC 3161), on loopback."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from asn1crypto import tsp  # type: ignore[import-untyped]
from django.test import override_settings

from legal_basis import authority
from legal_basis.timestamping import OwnStamper


@contextmanager
def outside_authority(settings: Any, folder: Path) -> Iterator[Any]:
    """Let settings name it, with a root of its own; `trouble` of the handler makes it fail."""
    with override_settings(PKI_DIR=folder / "tsa"):
        authority.make_authority()
        stamper = OwnStamper(authority.time_stamper())

    class Handler(BaseHTTPRequestHandler):
        trouble = ""

        def do_POST(self) -> None:
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            answer = stamper.request_tsa_response(asked).dump()
            if self.trouble == "refused":
                answer = tsp.TimeStampResp({"status": {"status": "rejection"}}).dump()
            self.send_response(500 if self.trouble == "broken" else 200)
            self.end_headers()
            self.wfile.write(answer[:200] if self.trouble == "half" else answer)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    settings.TSA_URL = f"http://127.0.0.1:{server.server_address[1]}/tsa"
    settings.TSA_ROOTS = str(folder / "tsa" / "root.crt")
    yield Handler
    server.shutdown()
    server.server_close()
    thread.join()
