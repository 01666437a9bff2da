"""A time-stamp authority outside (RFC 3161) that stamps the hash of the newest statement."""

import base64
import datetime
import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

from asgiref.sync import async_to_sync
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from legal_basis.authority import NoAuthority
from legal_basis.timestamping import OutsideStamper
from legal_basis.trust import outside_stamps

from . import AnchorFailed

if TYPE_CHECKING:
    from ..models import Checkpoint

LABEL = gettext_lazy("time stamp")
TAKES_ALL = False


class Stamp(NamedTuple):
    """What a token says: whether it is intact and of a trusted authority, and the time."""

    intact: bool
    trusted: bool
    at: datetime.datetime | None


NO_STAMP = Stamp(False, False, None)


def fault() -> str:
    """A stamp of our own would prove nothing to others."""
    return "" if settings.TSA_URL else "TSA_URL names no time-stamp authority."


def hand_over(checkpoint: "Checkpoint") -> str:
    """Have it stamped; the answer is the token, DER in base64."""
    stamper = OutsideStamper(settings.TSA_URL)
    try:
        token = async_to_sync(stamper.async_timestamp)(_digest(checkpoint.statement), "sha256")
        answer = base64.b64encode(token.dump()).decode()
    except (OSError, ValueError) as error:
        raise AnchorFailed(
            _("The time-stamp authority did not stamp the checkpoint (%s).") % type(error).__name__
        ) from error
    if not stamp_in(checkpoint.statement, answer).intact:
        raise AnchorFailed(_("The time-stamp authority stamped something else."))
    return answer


def stamp_in(statement: str, answer: str) -> Stamp:
    """What a token says of exactly this statement; a token that cannot be read says nothing."""
    from asn1crypto import cms  # type: ignore[import-untyped]
    from pyhanko.sign.validation.generic_cms import validate_tst_signed_data

    try:
        signed = cms.ContentInfo.load(base64.b64decode(answer))["content"]
        found = async_to_sync(validate_tst_signed_data)(
            signed, _context(), lambda _algorithm: _digest(statement)
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return NO_STAMP
    return Stamp(
        bool(found["intact"] and found["valid"]),
        found.get("trust_problem_indic") is None,
        found["timestamp"],
    )


def _context() -> Any:
    from asn1crypto import x509
    from pyhanko_certvalidator import ValidationContext

    try:
        roots = outside_stamps()
    except NoAuthority:
        roots = ()
    return ValidationContext(
        trust_roots=[x509.Certificate.load(root) for root in roots], allow_fetching=False
    )


def _digest(statement: str) -> bytes:
    return hashlib.sha256(statement.encode()).digest()
