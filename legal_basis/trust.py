"""Which certificate authorities are believed: ours, those of the signing service, of the stamps."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.utils.translation import gettext as _

from .authority import NoAuthority, der, root


@dataclass(frozen=True)
class Trust:
    """Roots as DER bytes: of signatures, and of time stamps."""

    signatures: tuple[bytes, ...]
    stamps: tuple[bytes, ...]


def trusted() -> Trust:
    """The roots that are believed today; raises NoAuthority where there is none, or no such file.

    Our own stays optional where instruments are signed by others.
    """
    outside = _roots(settings.SIGNING_ROOTS)
    try:
        own: tuple[bytes, ...] = (der(root()),)
    except NoAuthority:
        if not outside:
            raise
        own = ()
    return Trust(own + outside, own + _roots(settings.TSA_ROOTS) + outside)


def outside_stamps() -> tuple[bytes, ...]:
    """The roots of others by which time stamps are believed; raises NoAuthority for no such file.

    What is to prove something against ourselves is not proved by our own stamps.
    """
    return _roots(settings.TSA_ROOTS) + _roots(settings.SIGNING_ROOTS)


def _roots(setting: str) -> tuple[bytes, ...]:
    if not setting:
        return ()
    path = Path(setting)
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, ValueError) as error:
        raise NoAuthority(_("The file of trusted roots cannot be read: %s") % path.name) from error


@lru_cache(maxsize=8)
def _read(path: Path, modified: int) -> tuple[bytes, ...]:
    found = x509.load_pem_x509_certificates(path.read_bytes())
    return tuple(certificate.public_bytes(Encoding.DER) for certificate in found)
