"""The checkpoints: signature, order, root, and whether the chains still hold what they say."""

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import connection

from ..checkpoints import FULL_EVERY, Head, checkpoint_hash, heads_at, named_heads, statement_of
from ..hashing import NOTHING
from ..keys import endorsement, is_signed
from ..kinds import Kind
from ..models import Checkpoint, Entry
from .faults import Fault, Found
from .scope import Scope
from .trees import HeadTree

TABLE = "audit_checkpoint"
ENTRIES = "audit_entry"
# A pair for each head that is asked for.
AT_ONCE = 400


def check_checkpoints(scope: Scope) -> Iterator[Fault]:
    """Faults of the checkpoints, and of chains that are not what was signed."""
    checkpoints = _Checkpoints(scope)
    yield from checkpoints.keys_faults
    # What went before is vouched for by the checkpoint from which the check starts.
    first = checkpoints.last.number if checkpoints.last else 1
    rows = Checkpoint.objects.filter(number__gte=first).order_by("number")
    total = scope.counts.get("checkpoints", 0) + rows.count()
    for checkpoint in rows.iterator(chunk_size=200):
        yield from checkpoints.check(checkpoint)
        scope.done("checkpoints", 1, of=total)
    yield from checkpoints.left()


class _Checkpoints:
    """The heads as they grew, and what of them the chains do not hold."""

    def __init__(self, scope: Scope) -> None:
        self.last = scope.since
        self.heads: dict[str, Head] = heads_at(scope.since)
        self.tree, self.complete = HeadTree(), True
        self.tree.put(self.heads)
        self.short: dict[str, int] = {}
        self.other: dict[str, Fault] = {}
        self.keys, self.keys_faults = _known_keys()
        self._compare(self.heads)

    def check(self, checkpoint: Checkpoint) -> Iterator[Fault]:
        """Faults of the next checkpoint."""
        heads = named_heads(checkpoint.statement)
        yield from _own_faults(checkpoint, heads, self.keys)
        if self.last is None or self.last.pk != checkpoint.pk:
            yield from self._place(checkpoint)
            self.heads |= heads
            self.tree.put(heads)
            self._compare(heads)
        yield from self._whole(checkpoint)
        self.last = checkpoint

    def _place(self, checkpoint: Checkpoint) -> Iterator[Fault]:
        number = self.last.number if self.last else 0
        before = checkpoint_hash(self.last) if self.last else NOTHING
        for missing in range(number + 1, checkpoint.number):
            yield Fault(Found.CHECKPOINT_MISSING, TABLE, str(missing), str(missing))
        if checkpoint.number > number + 1:
            # What grew there is unknown until a statement names every chain.
            self.complete = False
        elif checkpoint.previous != before:
            name = str(checkpoint.number)
            yield Fault(Found.CHECKPOINT_LINK, TABLE, name, before, checkpoint.previous)

    def _whole(self, checkpoint: Checkpoint) -> Iterator[Fault]:
        """What the statement says of all chains together, against the chains that were named."""
        self.complete = self.complete or (checkpoint.number - 1) % FULL_EVERY == 0
        entries = sum(head.sequence for head in self.heads.values())
        expected = f"{len(self.heads)} {entries} {self.tree.root}"
        statement = checkpoint.statement
        found = " ".join(line_of(statement, name) for name in ("heads", "entries", "root"))
        if self.complete and expected != found:
            yield Fault(Found.CHECKPOINT_ROOT, TABLE, str(checkpoint.number), expected, found)

    def _compare(self, heads: Mapping[str, Head]) -> None:
        there = _entries_at(heads)
        for chain, head in heads.items():
            found = there.get((chain, head.sequence))
            if found is None:
                self.short[chain] = max(head.sequence, self.short.get(chain, 0))
            elif found != head.digest and chain not in self.other:
                name = f"{chain} {head.sequence}"
                self.other[chain] = Fault(Found.CHAIN_REWRITTEN, ENTRIES, name, head.digest, found)

    def left(self) -> Iterator[Fault]:
        """The chains that are not what was signed; a gap inside of one is told of elsewhere."""
        yield from self.other.values()
        for chain, sequence in self.short.items():
            last = Entry.objects.filter(chain=chain).order_by("-sequence")
            there = last.values_list("sequence", flat=True).first() or 0
            if there < sequence:
                yield Fault(Found.CHAIN_TRUNCATED, ENTRIES, chain, str(sequence), str(there))


def _own_faults(
    checkpoint: Checkpoint, heads: Mapping[str, Head], keys: set[str]
) -> Iterator[Fault]:
    """What is wrong with a checkpoint by itself."""
    name, statement = str(checkpoint.number), checkpoint.statement
    made = statement_of(checkpoint, heads)
    if made != statement:
        expected, found = _first_difference(statement, made)
        yield Fault(Found.CHECKPOINT_EDITED, TABLE, name, expected, found)
    key = line_of(statement, "key")
    if not is_signed(statement, checkpoint.signature, key):
        yield Fault(Found.CHECKPOINT_SIGNATURE, TABLE, name, key, checkpoint.signature)
    if key not in keys:
        yield Fault(Found.CHECKPOINT_KEY, TABLE, name, ", ".join(sorted(keys)), key)


def _first_difference(statement: str, made: str) -> tuple[str, str]:
    pairs = zip(statement.splitlines(), made.splitlines(), strict=False)
    return next((pair for pair in pairs if pair[0] != pair[1]), (statement, made))


def line_of(statement: str, wanted: str) -> str:
    """What a statement says under a name."""
    lines = (line.partition(": ") for line in statement.splitlines())
    return next((value for name, _, value in lines if name == wanted), "")


def _entries_at(heads: Mapping[str, Head]) -> dict[tuple[str, int], str]:
    """The hashes that stand at these places of the chains."""
    found: dict[tuple[str, int], str] = {}
    places = ((chain, head.sequence) for chain, head in heads.items())
    while asked := list(islice(places, AT_ONCE)):
        marks = ", ".join(["(%s, %s)"] * len(asked))
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT chain, sequence, hash FROM audit_entry "  # noqa: S608 - marks alone
                f"WHERE (chain, sequence) IN (VALUES {marks})",
                [value for place in asked for value in place],
            )
            found |= {(chain, place): digest for chain, place, digest in cursor.fetchall()}
    return found


def _known_keys() -> tuple[set[str], list[Fault]]:
    """The public keys kept apart from the database, and what is wrong with their entries."""
    entered: set[str] = set()
    faults = []
    for entry in Entry.objects.filter(kind=Kind.KEY, payload__isnull=False).order_by("pk"):
        content = json.loads(entry.payload or "{}")
        key, old = content.get("key", ""), content.get("follows", "")
        vouched = not old or is_signed(endorsement(key, old), content.get("endorsed", ""), old)
        if vouched and (not old or old in entered):
            entered.add(key)
        else:
            faults.append(Fault(Found.CHECKPOINT_KEY, ENTRIES, str(entry), old, key))
    folder = Path(settings.AUDIT_KEY_DIR) / "public"
    kept = {path.stem for path in folder.glob("*.pem")}
    return (entered & kept if kept else entered), faults
