"""Ways to sign an instrument: one module each, with a function `sign(document, request)`.

`settings.SIGNING_PROVIDER` names the module.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import User


@dataclass(frozen=True)
class SignatureRequest:
    """Who signs, in which capacity, where, and why."""

    signatory: User
    name: str
    capacity: str
    place: str
    reason: str


class SigningError(Exception):
    """The document could not be signed; the message is a sentence for people."""


def providers() -> list[str]:
    """The names of the ways to sign that are installed."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def sign(document: bytes, request: SignatureRequest) -> bytes:
    """The document with one more signature, by the way that settings choose.

    The result starts with the very bytes of `document`. Raises SigningError.
    """
    return _provider()(document, request)


def _provider() -> Callable[[bytes, SignatureRequest], bytes]:
    name = settings.SIGNING_PROVIDER
    if name not in providers():
        raise SigningError(_("SIGNING_PROVIDER names “%s”, which is not installed.") % name)
    found: Callable[[bytes, SignatureRequest], bytes] = importlib.import_module(
        f"{__name__}.{name}"
    ).sign
    return found
