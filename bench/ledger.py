"""How long the chains take to verify, beside plain SHA-256 over the same rows; prints figures."""

import hashlib
import json
import os
import resource
import time
from collections.abc import Callable, Iterator

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from accounts.acting import acting_as  # noqa: E402
from accounts.models import User  # noqa: E402
from audit import triggers  # noqa: E402
from audit.hashing import NOTHING, canonical, entry_hash, sha256  # noqa: E402
from audit.kinds import Kind  # noqa: E402
from audit.models import Entry  # noqa: E402
from audit.verifying.chains import ENTRIES, check_chains  # noqa: E402
from audit.verifying.scope import Scope, one_moment, rows_of  # noqa: E402
from bench.rows import renew_statistics  # noqa: E402

QUICK = bool(os.environ.get("QUICK"))
COUNT, CHAINS, TIMES = (40_000, 1_000, 3) if QUICK else (1_000_000, 25_000, 3)
AT_ONCE = 10_000
# As long as what a sign-off leaves behind.
NOTE = "Sesuai dengan naskah yang diajukan dan dapat diteruskan. " * 6


def fill() -> None:
    """Chains that grow side by side, as cases do."""
    actor = User.objects.system()
    heads: dict[str, tuple[int, str]] = {}
    triggers.remove(connection)
    for start in range(0, COUNT, AT_ONCE):
        with transaction.atomic(), acting_as(actor):
            Entry.objects.bulk_create(_entries(range(start, start + AT_ONCE), actor.pk, heads))
    triggers.install(connection)
    renew_statistics()


def _entries(numbers: range, actor: int, heads: dict[str, tuple[int, str]]) -> Iterator[Entry]:
    for number in numbers:
        chain = f"UKUR-{number % CHAINS:05}"
        last, previous = heads.get(chain, (0, NOTHING))
        payload = canonical({"row": ["approvals.SignOff", number, "+", number], "note": NOTE})
        told = (1, chain, last + 1, Kind.SIGN_OFF.value, actor, "Kepala Bagian Hukum", number)
        digest = entry_hash(*told, sha256(payload), previous)
        heads[chain] = (last + 1, digest)
        yield Entry(
            version=1,
            chain=chain,
            sequence=last + 1,
            kind=told[3],
            actor_id=actor,
            capacity=told[5],
            micros=number,
            payload=payload,
            payload_hash=sha256(payload),
            previous=previous,
            hash=digest,
        )


def plain() -> None:
    """SHA-256 over the same rows in the same order, and nothing else."""
    digest = hashlib.sha256()
    for batch in rows_of(ENTRIES, [0]):
        for row in batch:
            digest.update("\n".join(map(str, row)).encode())


def verified() -> None:
    """What verify_audit does with the entries."""
    assert list(check_chains(Scope())) == []


def seconds(act: Callable[[], None]) -> float:
    """The best of several runs."""
    taken = []
    for _run in range(TIMES):
        begun = time.perf_counter()
        with one_moment():
            act()
        taken.append(time.perf_counter() - begun)
    return min(taken)


def main() -> None:
    """Fill, measure, print one line."""
    fill()
    verifying, alone = seconds(verified), seconds(plain)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    figures = {
        "ledger_entries": COUNT,
        "ledger_verify_s": round(verifying, 2),
        "ledger_plain_s": round(alone, 2),
        "ledger_ratio": round(verifying / alone, 2),
        "ledger_memory_mb": memory,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
