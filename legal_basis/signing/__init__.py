"""Ways to sign an instrument: one module each.

A module says what it is called (`LABEL`), what it needs (`NEEDS`) and signs by
`sign(document, request, credentials)`. An instrument keeps the way it was numbered with;
`settings.SIGNING_PROVIDER` names the one for new numbers.
"""

import importlib
import pkgutil
from dataclasses import dataclass, field
from enum import Enum
from types import ModuleType

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import User


class Need(Enum):
    """What a way to sign asks for: nothing (the worker signs), a signer's secret, or a scan."""

    NOTHING = "nothing"
    PASSPHRASE = "passphrase"  # noqa: S105  # the name of a need, no secret
    SCAN = "scan"


@dataclass(frozen=True)
class SignatureRequest:
    """Who signs, in which capacity, where, why, as the how-manieth of how many, and by which way.

    An empty way is the one of the settings.
    """

    signatory: User
    name: str
    capacity: str
    place: str
    reason: str
    order: int = 1
    planned: int = 1
    way: str = ""


@dataclass(frozen=True)
class Credentials:
    """What a signer types for one signature; never stored, shown or logged."""

    national_id: str = field(repr=False)
    passphrase: str = field(repr=False)


class SigningError(Exception):
    """The document could not be signed; the message is a sentence for people."""


def providers() -> list[str]:
    """The names of the ways to sign that are installed."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def need_of(way: str) -> Need:
    """What a way asks for; an empty name is the way of the settings."""
    found: Need = _module(way).NEEDS
    return found


def label_of(way: str) -> str:
    """What a way is called."""
    return str(_module(way).LABEL)


def authority_of(way: str) -> str:
    """Who issues the certificates of a way, as instruments name it; empty where we do."""
    return str(getattr(_module(way), "AUTHORITY", ""))


def sign(
    document: bytes, request: SignatureRequest, credentials: Credentials | None = None
) -> bytes:
    """The document with one more signature, by the way that the request names.

    The result starts with the very bytes of `document`. Raises SigningError.
    """
    found: bytes = _module(request.way).sign(document, request, credentials)
    return found


def _module(way: str) -> ModuleType:
    name = way or settings.SIGNING_PROVIDER
    if name not in providers():
        raise SigningError(_("The way to sign “%s” is not installed.") % name)
    return importlib.import_module(f"{__name__}.{name}")
