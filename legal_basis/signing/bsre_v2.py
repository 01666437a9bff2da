"""BSrE's client API, version 2: JSON with base64 both ways (domain.md 6.2)."""

import base64
import json

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..bsre import AUTHORITY as AUTHORITY
from ..bsre import ask, checked_pdf, given
from . import Credentials, Need, SignatureRequest, SigningError

LABEL = gettext_lazy("BSrE certificate, with NIK and passphrase (API v2)")
NEEDS = Need.PASSPHRASE
PATH = "/api/v2/sign/pdf"


def sign(
    document: bytes, request: SignatureRequest, credentials: Credentials | None = None
) -> bytes:
    """Have the service append an invisible signature; raises SigningError."""
    signer = given(credentials)
    sent = {
        "nik": signer.national_id,
        "passphrase": signer.passphrase,
        "signatureProperties": [
            {"tampilan": "INVISIBLE", "location": request.place, "reason": request.reason}
        ],
        "file": [base64.b64encode(document).decode("ascii")],
    }
    answer = ask(PATH, json.dumps(sent).encode(), "application/json")
    signed = _file_in(answer.body)
    if signed is None:
        raise SigningError(_("The signing service did not answer with one document. Try again."))
    return checked_pdf(signed)


def _file_in(body: bytes) -> bytes | None:
    try:
        (only,) = json.loads(body)["file"]
        return base64.b64decode(only, validate=True)
    except (ValueError, KeyError, TypeError):
        return None
