"""The keys that have signed checkpoints, as the ledger tells them."""

import json
from dataclasses import dataclass

from .keys import endorsement, is_signed
from .kinds import Kind
from .models import Entry


@dataclass(frozen=True)
class KnownKey:
    """A public key, the entry that brought it, and whether the one before vouches for it."""

    public: str
    follows: str
    vouched: bool
    entry: Entry


def known_keys() -> list[KnownKey]:
    """Every key that the ledger knows, the oldest first."""
    entries = Entry.objects.filter(kind=Kind.KEY).order_by("sequence")
    return [_key(entry) for entry in entries if entry.payload is not None]


def _key(entry: Entry) -> KnownKey:
    told = json.loads(entry.payload or "{}")
    public, follows = told.get("key", ""), told.get("follows", "")
    vouched = is_signed(endorsement(public, follows), told.get("endorsed", ""), follows)
    return KnownKey(public, follows, vouched, entry)
