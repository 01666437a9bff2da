"""One canonical form of everything that is hashed (RFC 8785 in spirit; trees as in RFC 6962)."""

import datetime
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

NOTHING = "0" * 64
VERSION = 1


class _Canonical(DjangoJSONEncoder):
    """Dates, times and amounts in one form each."""

    def default(self, o: Any) -> Any:
        if isinstance(o, datetime.datetime) and o.tzinfo is not None:
            return o.astimezone(datetime.UTC).isoformat(timespec="microseconds")
        return super().default(o)


def canonical(content: Any) -> str:
    """The one JSON text of a content: sorted keys, no spaces, nothing escaped without need."""
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, cls=_Canonical
    )


def sha256(text: str) -> str:
    """The SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def entry_hash(
    version: int,
    chain: str,
    sequence: int,
    kind: str,
    actor: int,
    capacity: str,
    micros: int,
    payload_hash: str,
    previous: str,
) -> str:
    """The hash of an entry of the ledger, format 1: its columns, a line each."""
    lines = (
        f"{version}\n{chain}\n{sequence}\n{kind}\n{actor}\n{capacity}\n{micros}\n"
        f"{payload_hash}\n{previous}"
    )
    return hashlib.sha256(lines.encode()).hexdigest()


def head_leaf(chain: str, sequence: int, digest: str) -> bytes:
    """The leaf of a chain's head in the tree over all heads."""
    return hashlib.sha256(f"\0{chain}\n{sequence}\n{digest}".encode()).digest()


def merkle_root(leaves: Sequence[bytes]) -> str:
    """The root over leaves in their order (RFC 6962, section 2.1)."""
    if not leaves:
        return hashlib.sha256(b"").hexdigest()
    level = list(leaves)
    while len(level) > 1:
        paired = [_node(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = paired + level[len(level) - len(level) % 2 :]
    return level[0].hex()


def merkle_proof(leaves: Sequence[bytes], at: int) -> list[tuple[str, str]]:
    """The neighbours from a leaf up to the root, each with the side on which it stands."""
    level, proof = list(leaves), []
    while len(level) > 1:
        beside = at ^ 1
        if beside < len(level):
            proof.append(("left" if beside < at else "right", level[beside].hex()))
        paired = [_node(level[one], level[one + 1]) for one in range(0, len(level) - 1, 2)]
        level = paired + level[len(level) - len(level) % 2 :]
        at //= 2
    return proof


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
