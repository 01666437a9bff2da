"""What both versions of BSrE's signing service have in common (domain.md 6.1, 6.2)."""

import base64
import ipaddress
import json
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .calling import Answer, CallFailed, post
from .signing import Credentials, SigningError

AUTHORITY = "Balai Besar Sertifikasi Elektronik (BSrE), Badan Siber dan Sandi Negara"
PDF_START = b"%PDF-"
MESSAGES = {
    2011: gettext_lazy(
        "The signing service does not know this NIK. Check it, or ask the administrator "
        "to register it."
    ),
    2031: gettext_lazy("The passphrase is wrong. Type it again."),
}


def given(credentials: Credentials | None) -> Credentials:
    """The credentials; raises SigningError where the signer has typed none."""
    if credentials is None:
        raise SigningError(_("This way of signing needs the signer's passphrase."))
    return credentials


def ask(path: str, body: bytes, media_type: str) -> Answer:
    """The service's answer to a request to sign; raises SigningError where it refuses.

    Neither the sentence nor the cause of the error holds anything of the request.
    """
    try:
        answer = post(
            _address(path),
            body,
            media_type,
            seconds=settings.BSRE_SECONDS,
            headers={"Authorization": _authorization()},
        )
    except CallFailed as error:
        why = str(error)
    else:
        if answer.status == 200:
            return answer
        raise SigningError(_refusal(answer))
    raise SigningError(
        _("The signing service could not be used: %s. Nothing was signed; try again.") % why
    )


def checked_pdf(document: bytes) -> bytes:
    """What the service gave back, if it is a PDF at all; raises SigningError."""
    if not document.startswith(PDF_START):
        raise SigningError(_("The signing service did not answer with a PDF. Try again."))
    return document


def _address(path: str) -> str:
    if not settings.BSRE_URL:
        raise SigningError(_("The signing service is not set up: BSRE_URL is empty."))
    parts = urlsplit(settings.BSRE_URL)
    if parts.scheme != "https" and not _is_near(parts.hostname or ""):
        raise SigningError(
            _("BSRE_URL must begin with https://: a passphrase never leaves the house in the open.")
        )
    return f"{settings.BSRE_URL}{path}"


def _is_near(host: str) -> bool:
    """Whether the address is of this machine or of a private network."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_private
    except ValueError:
        return False


def _authorization() -> str:
    pair = f"{settings.BSRE_USER}:{settings.BSRE_PASSWORD}".encode()
    return f"Basic {base64.b64encode(pair).decode('ascii')}"


def _refusal(answer: Answer) -> str:
    """A sentence for an answer that is no document; what the service wrote is not repeated."""
    code = _code_of(answer.body)
    if code in MESSAGES:
        return str(MESSAGES[code])
    if answer.status in (401, 403):
        return _(
            "The signing service refuses the account of this installation. Ask the administrator "
            "to check BSRE_USER and BSRE_PASSWORD."
        )
    sentence = _(
        "The signing service refused (%(status)s, %(code)s). Nothing was signed; try again."
    )
    return sentence % {"status": answer.status, "code": code or "-"}


def _code_of(body: bytes) -> int | None:
    try:
        found = json.loads(body)["status_code"]
    except (ValueError, KeyError, TypeError):
        return None
    return int(found) if str(found).isdigit() and len(str(found)) < 6 else None
