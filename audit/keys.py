"""The key that signs checkpoints (Ed25519): a file apart from the database, public keys kept."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import acting_as
from accounts.models import User
from legal_basis.authority import write_whole

from .hashing import canonical
from .kinds import Kind
from .ledger import record
from .models import Entry


class NoKey(Exception):
    """There is no key to sign checkpoints with; the message says how to make one."""


@dataclass(frozen=True)
class SigningKey:
    """A private key; `public` is the raw public key in hexadecimal, by which it is known."""

    private: Ed25519PrivateKey

    @property
    def public(self) -> str:
        """The name of the key: its 32 public bytes in hexadecimal."""
        return self.private.public_key().public_bytes_raw().hex()

    def sign(self, text: str) -> str:
        """The signature of a text (RFC 8032), in hexadecimal."""
        return self.private.sign(text.encode()).hex()


def is_signed(text: str, signature: str, public: str) -> bool:
    """Whether the key with these public bytes signed exactly this text."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(signature), text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def signing_key() -> SigningKey:
    """The key that signs from now on; raises NoKey before set-up or where the file is gone."""
    path = _path()
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError as error:
        raise NoKey(
            _("There is no key to sign checkpoints with. Run `manage.py checkpoint_key` first.")
        ) from error


def make_key() -> str | None:
    """Make the first key, or one for a file that is lost, and enter it; None if one is there."""
    _finish()
    return None if _path().exists() else _enter(None)


def rotate_key() -> str:
    """Replace the key by a new one that the old one vouches for; raises NoKey without an old."""
    _finish()
    return _enter(signing_key())


def endorsement(new: str, old: str) -> str:
    """The text by which an old key vouches for the one that follows it."""
    return f"payung-checkpoint-key: {new}\nfollows: {old}\n"


def _enter(old: SigningKey | None) -> str:
    """The entry first, the file next: a key that the ledger does not know never signs."""
    new = SigningKey(Ed25519PrivateKey.generate())
    write_whole(_next_path(), _pem(new))
    vouched = old.sign(endorsement(new.public, old.public)) if old else ""
    system = User.objects.system()
    with transaction.atomic(), acting_as(system):
        record(
            Kind.KEY,
            {"key": new.public, "follows": old.public if old else "", "endorsed": vouched},
            actor=system,
        )
    _finish()
    return new.public


def _finish() -> None:
    """Put a new key in its place once the ledger knows it; one that it does not know goes."""
    try:
        made = _load(_next_path())
    except FileNotFoundError:
        return
    if _is_entered(made.public):
        public = settings.AUDIT_KEY_DIR / "public" / f"{made.public}.pem"
        write_whole(public, _public_pem(made), mode=0o644)
        _next_path().replace(_path())
    else:
        _next_path().unlink()


def _is_entered(public: str) -> bool:
    named = canonical({"key": public}).strip("{}")
    return Entry.objects.filter(kind=Kind.KEY, payload__contains=named).exists()


def _path() -> Path:
    return settings.AUDIT_KEY_DIR / "signing.pem"


def _next_path() -> Path:
    return settings.AUDIT_KEY_DIR / "next.pem"


@lru_cache(maxsize=4)
def _read(path: Path, modified: int) -> SigningKey:
    return _load(path)


def _load(path: Path) -> SigningKey:
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise NoKey(_("%s holds no key of the expected kind.") % path.name)
    return SigningKey(key)


def _pem(key: SigningKey) -> bytes:
    return key.private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _public_pem(key: SigningKey) -> bytes:
    return key.private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
