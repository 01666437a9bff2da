"""BSrE's client API, version 1: a multipart form out, the signed PDF back (domain.md 6.1)."""

import secrets

from django.utils.translation import gettext_lazy

from ..bsre import AUTHORITY as AUTHORITY
from ..bsre import ask, checked_pdf, given
from . import Credentials, Need, SignatureRequest

LABEL = gettext_lazy("BSrE certificate, with NIK and passphrase (API v1)")
NEEDS = Need.PASSPHRASE
PATH = "/api/sign/pdf"


def sign(
    document: bytes, request: SignatureRequest, credentials: Credentials | None = None
) -> bytes:
    """Have the service append an invisible signature; raises SigningError."""
    signer = given(credentials)
    fields = {
        "nik": signer.national_id,
        "passphrase": signer.passphrase,
        "tampilan": "invisible",
        "image": "false",
        "reason": request.reason,
        "location": request.place,
    }
    boundary = secrets.token_hex(24)
    body = _form(fields, document, boundary)
    return checked_pdf(ask(PATH, body, f"multipart/form-data; boundary={boundary}").body)


def _form(fields: dict[str, str], document: bytes, boundary: str) -> bytes:
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="naskah.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    )
    return b"".join([*parts, head.encode(), document, f"\r\n--{boundary}--\r\n".encode()])
