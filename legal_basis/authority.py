"""The regency's own certificate authority: one root, and a certificate for each signatory."""

import datetime
import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import User

ROOT_YEARS = 10
SIGNER_YEARS = 3
# The root begins before the oldest decree that is taken over with a date of its own.
ROOT_BACK = datetime.timedelta(days=730)
# A minute back, so that a clock slightly behind does not find a signer not yet valid.
SIGNER_BACK = datetime.timedelta(minutes=1)
RENEW_BEFORE = datetime.timedelta(days=30)
# X.520 upper bounds.
LONGEST_NAME = 64
CRL_LASTS = datetime.timedelta(days=30)


class NoAuthority(Exception):
    """There is no certificate authority yet; the message says how to make one."""


@dataclass(frozen=True)
class Identity:
    """A private key with its certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


def authority_name() -> str:
    """Who issues the certificates, as instruments name it."""
    return f"Otoritas Sertifikat Pemerintah {settings.REGION['name']}"


def make_authority() -> bool:
    """Create the root once; returns False when it is there already."""
    with _locked():
        if _root_path().exists():
            return False
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name(authority_name(), unit="")
        builder = _builder(name, name, key.public_key(), years=ROOT_YEARS, back=ROOT_BACK)
        builder = builder.add_extension(x509.BasicConstraints(True, path_length=0), critical=True)
        builder = builder.add_extension(_usage(signs_certificates=True), critical=True)
        root = Identity(key, builder.sign(key, hashes.SHA256()))
        _keep(_root_path(), root)
        public = root.certificate.public_bytes(serialization.Encoding.PEM)
        write_whole(settings.PKI_DIR / "root.crt", public, mode=0o644)
        _keep(_stamper_path(), _issue_stamper())
        return True


def root() -> Identity:
    """The authority's key and certificate; raises NoAuthority before set-up."""
    try:
        return _load(_root_path())
    except FileNotFoundError as error:
        raise NoAuthority(
            _("There is no certificate authority yet. Run `manage.py make_authority` first.")
        ) from error


def identity_of(person: User, capacity: str) -> Identity:
    """The signing key and certificate of a person in a capacity, made when first needed."""
    digest = hashlib.sha256(f"{person.name_plain}\n{capacity}".encode()).hexdigest()[:16]
    path = settings.PKI_DIR / "signers" / f"{person.pk}-{digest}.pem"
    if found := _usable(path):
        return found
    with _locked():
        if found := _usable(path):
            return found
        made = _issue(person.name_plain, capacity)
        _keep(path, made)
        return made


def time_stamper() -> Identity:
    """The key and certificate of our time-stamp authority (RFC 3161), made when first needed."""
    if found := _usable(_stamper_path()):
        return found
    with _locked():
        if found := _usable(_stamper_path()):
            return found
        made = _issue_stamper()
        _keep(_stamper_path(), made)
        return made


def revocation_list() -> bytes:
    """The root's list of revoked certificates (RFC 5280) as of now, DER; it has revoked none."""
    issuer, now = root(), datetime.datetime.now(datetime.UTC)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(now - SIGNER_BACK)
        .next_update(now + CRL_LASTS)
        .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()),
            critical=False,
        )
    )
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def der(identity: Identity) -> bytes:
    """Its certificate as bytes."""
    return identity.certificate.public_bytes(serialization.Encoding.DER)


def is_ours(certificate: x509.Certificate) -> bool:
    """True when our root issued it, whether or not it is still valid."""
    try:
        certificate.verify_directly_issued_by(root().certificate)
    except (ValueError, TypeError, InvalidSignature, NoAuthority):
        return False
    return True


def _issue(name: str, capacity: str) -> Identity:
    return _issued(_name(name, unit=capacity), _usage(signs_certificates=False), years=SIGNER_YEARS)


def _issue_stamper() -> Identity:
    """As old as the root may be: it stamps what is taken over with a date of its own, too."""
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    return _issued(
        _name(f"Penanda Waktu {settings.REGION['name']}", unit=""),
        _usage(signs_certificates=False),
        purpose,
        years=ROOT_YEARS,
        back=ROOT_BACK,
    )


def _issued(
    subject: x509.Name,
    *critical: x509.ExtensionType,
    years: int,
    back: datetime.timedelta = SIGNER_BACK,
) -> Identity:
    issuer = root()
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(
        subject,
        issuer.certificate.subject,
        key.public_key(),
        years=years,
        back=back,
        latest=issuer.certificate.not_valid_after_utc,
    )
    for extension in (x509.BasicConstraints(False, path_length=None), *critical):
        builder = builder.add_extension(extension, critical=True)
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False
    )
    return Identity(key, builder.sign(issuer.key, hashes.SHA256()))


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    *,
    years: int,
    back: datetime.timedelta = SIGNER_BACK,
    latest: datetime.datetime | None = None,
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    end = now + datetime.timedelta(days=365 * years)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - back)
        .not_valid_after(min(end, latest) if latest else end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _name(common: str, *, unit: str) -> x509.Name:
    parts = [
        (NameOID.COUNTRY_NAME, "ID"),
        (NameOID.ORGANIZATION_NAME, f"Pemerintah {settings.REGION['name']}"),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
        (NameOID.COMMON_NAME, common),
    ]
    return x509.Name(
        [x509.NameAttribute(oid, value[:LONGEST_NAME]) for oid, value in parts if value]
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _root_path() -> Path:
    return settings.PKI_DIR / "root.pem"


def _stamper_path() -> Path:
    return settings.PKI_DIR / "time-stamps.pem"


def _usable(path: Path) -> Identity | None:
    try:
        found = _load(path)
    except FileNotFoundError:
        return None
    ends = found.certificate.not_valid_after_utc
    lasts = ends > datetime.datetime.now(datetime.UTC) + RENEW_BEFORE
    return found if lasts and is_ours(found.certificate) else None


def _load(path: Path) -> Identity:
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _read(path: Path, modified: int) -> Identity:
    """Kept in memory until the file changes: parsing the key costs more than signing with it."""
    content = path.read_bytes()
    key = serialization.load_pem_private_key(content, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise NoAuthority(_("%s holds no key of the expected kind.") % path.name)
    return Identity(key, x509.load_pem_x509_certificate(content))


def _keep(path: Path, identity: Identity) -> None:
    private = identity.key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = identity.certificate.public_bytes(serialization.Encoding.PEM)
    write_whole(path, private + public, mode=0o600)


def write_whole(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Write a file whole or not at all, in a folder that nobody else may open."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    try:
        os.fchmod(handle, mode)
        with os.fdopen(handle, "wb") as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


@contextmanager
def _locked() -> Iterator[None]:
    """One process at a time makes keys."""
    settings.PKI_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (settings.PKI_DIR / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
