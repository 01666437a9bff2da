"""What each signature of a stored document says of itself: when, by which certificate, still valid.

Whether the document as a whole can be relied on is the verdict of `validation`.
"""

import datetime
import io
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.models import StoredFile


class SignatureState(StrEnum):
    """What a signature is worth on the day it is looked at."""

    VALID = "valid"
    VALID_WHEN_SIGNED = "valid_when_signed"
    INVALID = "invalid"
    NOT_CHECKED = "not_checked"
    NOT_ELECTRONIC = "not_electronic"


LABELS = {
    SignatureState.VALID: gettext_lazy("Valid; the certificate is valid today"),
    SignatureState.VALID_WHEN_SIGNED: gettext_lazy(
        "Valid when it was signed; the certificate has expired since"
    ),
    SignatureState.INVALID: gettext_lazy("Not valid"),
    SignatureState.NOT_CHECKED: gettext_lazy(
        "Unchanged since it was signed; whom the certificate belongs to cannot be confirmed"
    ),
    SignatureState.NOT_ELECTRONIC: gettext_lazy("No electronic signature in the file"),
}
TONES = {SignatureState.VALID: "good", SignatureState.VALID_WHEN_SIGNED: "good"}


@dataclass(frozen=True)
class SignatureFacts:
    """One signature in a file.

    stamped: the time is a time stamp's, not the signer's own clock's.
    intact: what it covers has not changed.
    """

    signed_at: datetime.datetime | None
    stamped: bool
    authority: str
    valid_from: datetime.datetime
    valid_until: datetime.datetime
    intact: bool

    def state(self, *, trusted: bool, now: datetime.datetime | None = None) -> SignatureState:
        """Its worth today, when the document's verdict trusts its signatures, or does not."""
        moment = now or timezone.now()
        signed = self.signed_at or moment
        if not self.intact or not self.valid_from <= signed <= self.valid_until:
            return SignatureState.INVALID
        if not trusted:
            return SignatureState.NOT_CHECKED
        return (
            SignatureState.VALID if moment <= self.valid_until else SignatureState.VALID_WHEN_SIGNED
        )


def signatures_in(stored: StoredFile | None) -> tuple[SignatureFacts, ...]:
    """The signatures of a stored document in the order in which they were given.

    None where it carries none or cannot be read: then the verdict says so.
    """
    if stored is None:
        return ()
    return _read(stored.sha256, stored.location)


@lru_cache(maxsize=256)
def _read(_sha256: str, path: Path) -> tuple[SignatureFacts, ...]:
    """Kept by the hash: the bytes behind it never change."""
    from pyhanko.pdf_utils.misc import PdfReadError
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.errors import SignatureValidationError

    try:
        found = PdfFileReader(io.BytesIO(path.read_bytes())).embedded_regular_signatures
        return tuple(_facts(one) for one in found)
    except (OSError, ValueError, PdfReadError, SignatureValidationError):
        return ()


def _facts(signature: Any) -> SignatureFacts:
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    # Only whether the bytes are the signed ones: whom to trust is the verdict's matter.
    signature.compute_integrity_info()
    intact, valid = validate_sig_integrity(
        signature.signer_info,
        signature.signer_cert,
        expected_content_type="data",
        actual_digest=signature.compute_digest(),
    )
    stamped_at = _stamped_at(signature)
    validity = signature.signer_cert["tbs_certificate"]["validity"]
    issuer = signature.signer_cert.issuer
    return SignatureFacts(
        signed_at=stamped_at or signature.self_reported_timestamp,
        stamped=stamped_at is not None,
        authority=str(issuer.native.get("common_name") or issuer.human_friendly),
        valid_from=validity["not_before"].native,
        valid_until=validity["not_after"].native,
        intact=bool(intact and valid),
    )


def _stamped_at(signature: Any) -> datetime.datetime | None:
    """The time of the time stamp (RFC 3161) that is attached to a signature, if one is."""
    from pyhanko.sign.validation.generic_cms import extract_tst_data_iter

    stamp = next(extract_tst_data_iter(signature.signer_info, signed=False), None)
    if stamp is None:
        return None
    moment: datetime.datetime = stamp["encap_content_info"]["content"].parsed["gen_time"].native
    return moment
