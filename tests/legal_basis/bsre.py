"""A signing service on loopback that answers as BSrE's does (domain.md 6.1, 6.2), or lies."""

import base64
import email
import email.policy
import io
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization

from legal_basis import authority
from legal_basis.authority import Identity

USER, PASSWORD = "payung", "rahasia-aplikasi"
Lie = Callable[[bytes, bytes], bytes]


@dataclass
class Service:
    """What it knows, how it misbehaves, and what it was asked."""

    signers: dict[tuple[str, str], Identity]
    root: Identity
    url: str = ""
    lie: Lie | None = None
    status: int = 200
    code: int = 0
    # What it does with the line instead of answering: sleep, drip, hang up, half.
    trouble: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, request: dict[str, Any]) -> tuple[int, bytes]:
        """The document signed, or a refusal."""
        self.asked.append(request)
        if self.status != 200:
            return self.status, self._error(self.code)
        known = {nik for nik, _ in self.signers}
        if request["nik"] not in known:
            return 400, self._error(2011)
        identity = self.signers.get((request["nik"], request["passphrase"]))
        if identity is None:
            return 400, self._error(2031)
        signed = append_signature(request["file"], identity, self.root)
        return 200, self.lie(request["file"], signed) if self.lie else signed

    def _error(self, code: int) -> bytes:
        # A careless service repeats what it was sent.
        said = f"gagal {self.asked[-1]['nik']} {self.asked[-1]['passphrase']}"
        return json.dumps({"error": said, "status_code": code}).encode()


def append_signature(document: bytes, identity: Identity, root: Identity) -> bytes:
    """The document with one more invisible approval signature."""
    from asn1crypto import keys, x509  # type: ignore[import-untyped]
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    store = SimpleCertificateStore()
    store.register(x509.Certificate.load(authority.der(root)))
    key = identity.key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    signer = signers.SimpleSigner(
        signing_cert=x509.Certificate.load(authority.der(identity)),
        signing_key=keys.PrivateKeyInfo.load(key),
        cert_registry=store,
    )
    name = f"TTE-{time.monotonic_ns()}"
    metadata = signers.PdfSignatureMetadata(
        field_name=name, subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256"
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(document))
    found = signers.PdfSigner(metadata, signer=signer, new_field_spec=fields.SigFieldSpec(name))
    return bytes(found.sign_pdf(writer).getvalue())


class _Handler(BaseHTTPRequestHandler):
    service: Service

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        wanted = f"Basic {base64.b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}"
        if self.headers["Authorization"] != wanted:
            self._say(401, b"{}")
            return
        version = 2 if self.path == "/api/v2/sign/pdf" else 1
        request = _json(body) if version == 2 else _form(body, self.headers["Content-Type"])
        status, content = self.service.answer(request)
        if status == 200 and version == 2 and content.startswith(b"%PDF"):
            coded = base64.b64encode(content).decode()
            content = json.dumps({"time": 12, "file": [coded]}).encode()
        self._say(status, content)

    def _say(self, status: int, content: bytes) -> None:
        trouble = self.service.trouble
        if trouble == "sleep":
            time.sleep(1.5)
        if trouble == "hang up":
            self.connection.close()
            return
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if trouble == "half":
            content = content[: len(content) // 2]
        try:
            if trouble == "drip":
                for byte in content[:60]:
                    self.wfile.write(bytes([byte]))
                    time.sleep(0.05)
                return
            self.wfile.write(content)
        except OSError:
            pass

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def _json(body: bytes) -> dict[str, Any]:
    sent = json.loads(body)
    assert sent["signatureProperties"][0]["tampilan"] == "INVISIBLE"
    (coded,) = sent["file"]
    return {**sent, **sent["signatureProperties"][0], "file": base64.b64decode(coded)}


def _form(body: bytes, media_type: str) -> dict[str, Any]:
    head = f"Content-Type: {media_type}\r\n\r\n".encode()
    message = email.message_from_bytes(head + body, policy=email.policy.HTTP)
    parts = {
        part.get_param("name", header="content-disposition"): part.get_payload(decode=True)
        for part in message.iter_parts()
    }
    assert parts["tampilan"] == b"invisible"
    texts = {str(name): bytes(value).decode() for name, value in parts.items() if name != "file"}
    return {**texts, "file": _between(body, media_type)}


def _between(body: bytes, media_type: str) -> bytes:
    """The file as it was sent: mail parsers change line ends."""
    boundary = media_type.partition("boundary=")[2].encode()
    part = body.partition(b'name="file"')[2].partition(b"\r\n\r\n")[2]
    return part.partition(b"\r\n--" + boundary)[0]


@contextmanager
def serving(folder: Path, names: dict[tuple[str, str], str]) -> Iterator[Service]:
    """A running service that knows these (NIK, passphrase) by their names; its root in a file."""
    from django.test import override_settings

    with override_settings(PKI_DIR=folder):
        authority.make_authority()
        root = authority.root()
        signers = {who: authority._issue(name, "BSrE") for who, name in names.items()}
    service = Service(signers, root)
    handler = type("Handler", (_Handler,), {"service": service})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    service.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
