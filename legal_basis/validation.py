"""Is this file the issued document? The exact bytes first, then the signature (EN 319 102-1)."""

import datetime
import hashlib
import io
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from django.utils.translation import gettext as _

from .authority import NoAuthority, is_ours, root
from .models import Instrument
from .standing import standing_of

# A signature dictionary cannot be compressed, so no PDF has to be unpacked to find one.
CONTENTS = re.compile(rb"/Contents\s*<([0-9A-Fa-f\s]{200,200000})>")
BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]")
MOST_SIGNATURES = 20


class Indication(StrEnum):
    """The three answers of EN 319 102-1."""

    PASSED = "TOTAL-PASSED"
    INDETERMINATE = "INDETERMINATE"
    FAILED = "TOTAL-FAILED"


@dataclass(frozen=True)
class Verdict:
    """What a file is worth, why, and whether the instrument in it is in force today."""

    verdict: Indication
    reason: str
    number: str | None = None
    in_force: bool | None = None
    instrument: Instrument | None = None

    def as_data(self) -> dict[str, str | bool | None]:
        """The answer as `verify_document --json` prints it."""
        return {
            "verdict": str(self.verdict),
            "reason": self.reason,
            "number": self.number,
            "in_force": self.in_force,
        }


@dataclass(frozen=True)
class SignatureState:
    """What pyHanko says of the one signature: unchanged, whole, and trusted."""

    intact: bool
    trusted: bool
    why: str

    @property
    def passed(self) -> bool:
        """True when nothing is left to doubt."""
        return self.intact and self.trusted


def verdict(document: bytes) -> Verdict:
    """Judge a file: the exact bytes of an issued document with a valid signature, or not."""
    sha256 = hashlib.sha256(document).hexdigest()
    instrument = Instrument.objects.filter(
        document__sha256=sha256, status=Instrument.Status.ISSUED
    ).first()
    if instrument is None:
        return _verdict_on_unknown(document, sha256)
    state = signature_state(document, instrument.issued_at)
    if not state.intact:
        return _about(instrument, Indication.FAILED, state.why)
    if not state.trusted:
        return _about(instrument, Indication.INDETERMINATE, state.why)
    return _about(
        instrument,
        Indication.PASSED,
        _("These are the exact bytes of the issued document, and its signature is valid."),
    )


def stored_verdict(instrument: Instrument) -> Verdict:
    """Judge the stored document of an issued instrument: still there, the same, and valid."""
    document = instrument.document
    if document is None or not document.location.is_file():
        return _about(instrument, Indication.FAILED, _("The stored document is missing."))
    content = document.read()
    if hashlib.sha256(content).hexdigest() != document.sha256:
        return _about(instrument, Indication.FAILED, _("The stored document has been changed."))
    return verdict(content)


def in_force(instrument: Instrument, on: datetime.date | None = None) -> tuple[bool, str]:
    """Whether it is in force on that day (default: today), with the reason as a sentence."""
    standing = standing_of(instrument, on)
    return standing.in_force, standing.sentence


def signature_state(document: bytes, moment: datetime.datetime | None) -> SignatureState:
    """Validate the one signature of a file that we issued, as of the moment it was issued.

    That moment is our register's, and the bytes are known to be the same since: the signature
    stays valid when the certificate behind it expires.
    """
    try:
        trust = root().certificate.public_bytes(serialization.Encoding.DER)
    except NoAuthority as error:
        return SignatureState(True, False, str(error))
    return _validated(document, moment or datetime.datetime.now(datetime.UTC), trust)


@lru_cache(maxsize=64)
def _validated(document: bytes, moment: datetime.datetime, trust: bytes) -> SignatureState:
    from asn1crypto import x509 as asn1  # type: ignore[import-untyped]
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    context = ValidationContext(
        trust_roots=[asn1.Certificate.load(trust)], allow_fetching=False, moment=moment
    )
    try:
        signatures = PdfFileReader(io.BytesIO(document)).embedded_regular_signatures
        if len(signatures) != 1:
            return SignatureState(False, False, _("The file does not carry exactly one signature."))
        status = validate_pdf_signature(signatures[0], signer_validation_context=context)
    except Exception as error:
        return SignatureState(False, False, _("The signature cannot be read: %s") % error)
    whole = status.coverage is not None and status.coverage.name == "ENTIRE_FILE"
    if not (status.intact and status.valid and whole and status.docmdp_ok):
        return SignatureState(False, False, _("The file was changed after it was signed."))
    if not status.trusted:
        return SignatureState(True, False, _("The certificate was not valid when it was signed."))
    return SignatureState(True, True, "")


def _verdict_on_unknown(document: bytes, sha256: str) -> Verdict:
    if unsigned := Instrument.objects.filter(rendered__sha256=sha256).first():
        return _about(
            unsigned, Indication.FAILED, _("This is the instrument without its signature.")
        )
    if original := _original_of(document):
        return _about(
            original,
            Indication.FAILED,
            _("The file was changed after it was signed: bytes were added to the issued document."),
        )
    if any(is_ours(certificate) for certificate in _certificates(document)):
        return Verdict(
            Indication.FAILED,
            _(
                "It carries a signature of this regency, but its bytes are those of no issued "
                "document: it was changed, or it was never issued."
            ),
        )
    return Verdict(
        Indication.INDETERMINATE,
        _("This is no document that this regency has issued with Payung."),
    )


def _original_of(document: bytes) -> Instrument | None:
    """The issued document that this file starts with, when something was appended to it."""
    for found in list(BYTE_RANGE.finditer(document))[:MOST_SIGNATURES]:
        end = int(found[2]) + int(found[3])
        if end < len(document):
            sha256 = hashlib.sha256(document[:end]).hexdigest()
            original = Instrument.objects.filter(
                document__sha256=sha256, status=Instrument.Status.ISSUED
            ).first()
            if original:
                return original
    return None


def _certificates(document: bytes) -> list[x509.Certificate]:
    found: list[x509.Certificate] = []
    for match in list(CONTENTS.finditer(document))[:MOST_SIGNATURES]:
        found += _certificates_in(re.sub(rb"\s", b"", match[1]))
    return found


def _certificates_in(digits: bytes) -> list[x509.Certificate]:
    from asn1crypto import cms

    try:
        content = cms.ContentInfo.load(bytes.fromhex(digits.decode("ascii")))["content"]
        return [
            x509.load_der_x509_certificate(choice.chosen.dump())
            for choice in content["certificates"]
        ]
    except (ValueError, TypeError, KeyError, AttributeError):
        return []


def _about(instrument: Instrument, indication: Indication, reason: str) -> Verdict:
    return Verdict(
        indication,
        reason,
        number=instrument.number or None,
        in_force=in_force(instrument)[0],
        instrument=instrument,
    )
