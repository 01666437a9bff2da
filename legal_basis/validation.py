"""Is this file the issued document? The exact bytes first, then the signature (EN 319 102-1)."""

import datetime
import hashlib
import io
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from cryptography import x509
from django.db.models import Count, Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .authority import NoAuthority, is_ours
from .models import CertifiedCopy, Instrument, Scan, Signature
from .standing import standing_of
from .trust import Trust, trusted

# A signature dictionary cannot be compressed, so no PDF has to be unpacked to find one.
CONTENTS = re.compile(rb"/Contents\s*<([0-9A-Fa-f\s]{200,200000})>")
BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]")
MOST_SIGNATURES = 20
COVERED = ("ENTIRE_FILE", "ENTIRE_REVISION")


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
class SignatureCheck:
    """What pyHanko says of the signatures: unchanged, whole, and trusted.

    signers: whom the certificates name, in the order in which they signed.
    """

    intact: bool
    trusted: bool
    why: str
    signers: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """True when nothing is left to doubt."""
        return self.intact and self.trusted


def verdict(document: bytes) -> Verdict:
    """Judge a file: the exact bytes of an issued document with a valid signature, or not."""
    sha256 = hashlib.sha256(document).hexdigest()
    confirmed = Scan.objects.filter(instrument=OuterRef("pk"), accepted=True, file__sha256=sha256)
    instrument = (
        Instrument.objects.filter(document__sha256=sha256, status=Instrument.Status.ISSUED)
        .annotate(planned=Count("signatures"), is_scan=Exists(confirmed))
        .first()
    )
    if instrument is None:
        return _verdict_on_copy(document, sha256) or _verdict_on_unknown(document, sha256)
    if instrument.is_scan:
        return _about(
            instrument,
            Indication.PASSED,
            _(
                "These are the exact bytes of the confirmed scan of the document signed in ink; "
                "it carries no electronic signature."
            ),
        )
    planned = instrument.planned or 1
    state = check_signatures(document, instrument.issued_at, planned)
    if not state.intact:
        return _about(instrument, Indication.FAILED, state.why)
    if not state.trusted:
        return _about(instrument, Indication.INDETERMINATE, state.why)
    return _about(
        instrument,
        Indication.PASSED,
        ngettext(
            "These are the exact bytes of the issued document, and its signature is valid.",
            "These are the exact bytes of the issued document, and its signatures are valid.",
            planned,
        ),
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


def check_signatures(
    document: bytes, moment: datetime.datetime | None, planned: int = 1
) -> SignatureCheck:
    """Validate the planned signatures of a file that we issued, as of the moment it was issued.

    That moment is our register's, and the bytes are known to be the same since: a signature
    stays valid when the certificate behind it expires.
    """
    try:
        trust = trusted()
    except NoAuthority as error:
        return SignatureCheck(True, False, str(error))
    return _validated(document, moment or datetime.datetime.now(datetime.UTC), trust, planned)


@lru_cache(maxsize=64)
def _validated(
    document: bytes, moment: datetime.datetime, trust: Trust, planned: int
) -> SignatureCheck:
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        reader = PdfFileReader(io.BytesIO(document))
        signatures = reader.embedded_regular_signatures
        if len(signatures) != planned:
            return SignatureCheck(False, False, _wrong_count(planned))
        found = [_judged(one, moment, trust) for one in signatures]
        stamps = [_judged_stamp(one, moment, trust) for one in reader.embedded_timestamp_signatures]
    except Exception as error:
        return SignatureCheck(False, False, _("The signature cannot be read: %s") % error)
    whole = reader.embedded_signatures[-1].evaluate_signature_coverage().name == "ENTIRE_FILE"
    intact = [*(one.intact for one in found), *(one.intact for one in stamps), whole]
    signers = tuple(name for one in found for name in one.signers)
    if not all(intact):
        return SignatureCheck(False, False, _("The file was changed after it was signed."), signers)
    doubt = next((one.why for one in [*found, *stamps] if not one.trusted), "")
    return SignatureCheck(True, not doubt, doubt, signers)


def _wrong_count(planned: int) -> str:
    if planned == 1:
        return _("The file does not carry exactly one signature.")
    return _("The file does not carry exactly the %s planned signatures.") % planned


def _judged(embedded: Any, moment: datetime.datetime, trust: Trust) -> SignatureCheck:
    """One signature with its time stamp, where it has one."""
    from pyhanko.sign.validation import validate_pdf_signature

    signatures, stamps = _context(trust.signatures, moment), _context(trust.stamps, moment)
    status = validate_pdf_signature(embedded, signatures, stamps)
    covered = status.coverage is not None and status.coverage.name in COVERED
    signer = str(status.signing_cert.subject.native.get("common_name", ""))
    stamp = status.timestamp_validity
    if not (status.intact and status.valid and covered and status.docmdp_ok):
        return SignatureCheck(False, False, "", (signer,))
    if stamp is not None and not (stamp.intact and stamp.valid):
        return SignatureCheck(False, False, "", (signer,))
    if not status.trusted:
        why = _("The certificate was not valid when it was signed.")
        return SignatureCheck(True, False, why, (signer,))
    if stamp is not None and not stamp.trusted:
        return SignatureCheck(True, False, _("The time stamp is not trusted."), (signer,))
    return SignatureCheck(True, True, "", (signer,))


def _judged_stamp(embedded: Any, moment: datetime.datetime, trust: Trust) -> SignatureCheck:
    """A time stamp over the whole document, which makes its signatures last (PAdES B-LTA)."""
    from pyhanko.sign.validation import validate_pdf_timestamp

    status = validate_pdf_timestamp(embedded, _context(trust.stamps, moment))
    intact = status.intact and status.valid
    return SignatureCheck(intact, status.trusted, _("The time stamp is not trusted."))


def _context(roots: tuple[bytes, ...], moment: datetime.datetime) -> Any:
    from asn1crypto import x509 as asn1  # type: ignore[import-untyped]
    from pyhanko_certvalidator import ValidationContext

    return ValidationContext(
        trust_roots=[asn1.Certificate.load(found) for found in roots],
        allow_fetching=False,
        moment=moment,
    )


def _verdict_on_copy(document: bytes, sha256: str) -> Verdict | None:
    """What a certified copy is worth, and of which original; None for every other file."""
    copies = CertifiedCopy.objects.filter(document__sha256=sha256).select_related("instrument")
    if (copy := copies.first()) is None:
        return None
    about = _("This is %(kind)s no. %(serial)s of number %(number)s.") % {
        "kind": copy.get_kind_display().lower(),
        "serial": copy.serial,
        "number": copy.instrument.number,
    }
    if check_signatures(document, copy.history.latest().history_date).passed:
        return _about(copy.instrument, Indication.PASSED, about)
    doubt = _("It carries no valid electronic signature: compare it with the original.")
    return _about(copy.instrument, Indication.INDETERMINATE, f"{about} {doubt}")


def _verdict_on_unknown(document: bytes, sha256: str) -> Verdict:
    if unsigned := Instrument.objects.filter(rendered__sha256=sha256).first():
        return _about(
            unsigned, Indication.FAILED, _("This is the instrument without its signature.")
        )
    if partly := Signature.objects.filter(signed__sha256=sha256).first():
        return _about(
            partly.instrument,
            Indication.FAILED,
            _("This is the instrument before all of its signatures were given."),
        )
    if scan := Scan.objects.filter(file__sha256=sha256).first():
        return _about(
            scan.instrument,
            Indication.FAILED,
            _("This is a scan of the instrument that nobody has confirmed."),
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
