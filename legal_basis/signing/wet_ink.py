"""Signed on paper: the print is signed in ink, scanned, and confirmed by a second person."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import Credentials, Need, SignatureRequest, SigningError

LABEL = gettext_lazy("In ink on paper, with a confirmed scan")
NEEDS = Need.SCAN


def sign(
    document: bytes, request: SignatureRequest, credentials: Credentials | None = None
) -> bytes:
    """Never: paper is signed by hand (`legal_basis.wet_ink`)."""
    raise SigningError(_("This instrument is signed on paper."))
