"""The proof in an evidence pack: from its manifest and its chains up to one signed checkpoint."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet

from .checkpoints import Heads, heads_at, leaves_of, make_checkpoint
from .hashing import canonical, merkle_proof
from .kinds import Kind
from .ledger import SYSTEM
from .models import Checkpoint, Entry

FORMAT = "payung-proof-1"
COLUMNS = (
    "version",
    "chain",
    "sequence",
    "kind",
    "capacity",
    "micros",
    "payload_hash",
    "previous",
    "hash",
)


def sealed_entry(digest: str) -> Entry:
    """The entry that names the manifest with this hash."""
    found = Entry.objects.filter(chain=SYSTEM, kind=Kind.EXPORT, payload__contains=digest)
    return found.order_by("sequence")[0]


def covering_checkpoint(occasion: str) -> Checkpoint:
    """A checkpoint that covers all that is committed; raises NoKey and Rewritten."""
    made = make_checkpoint(occasion)
    # Where nothing is new, the last one covers it.
    return made or Checkpoint.objects.order_by("-number")[0]


def proof(checkpoint: Checkpoint, sealed: Entry, chains: Iterable[str]) -> dict[str, Any]:
    """The checkpoint, the way of each chain's head to its root, and the entry of the manifest.

    Of the system's chain it shows the contents of that entry alone: the others are nobody's
    business, and their hashes are enough.
    """
    heads = heads_at(checkpoint)
    ordered, leaves = sorted(heads), leaves_of(heads)
    until = heads[SYSTEM].sequence
    shown = _between(SYSTEM, sealed.sequence, until)
    return {
        "format": FORMAT,
        "checkpoint": {
            "statement": checkpoint.statement,
            "signature": checkpoint.signature,
            "receipts": [
                {"anchor": receipt.anchor, "at": receipt.at, "answer": receipt.answer}
                for receipt in checkpoint.receipts.all()
            ],
        },
        "heads": {
            chain: {
                "sequence": heads[chain].sequence,
                "hash": heads[chain].digest,
                "path": merkle_proof(leaves, ordered.index(chain)),
            }
            for chain in sorted({SYSTEM, *chains})
        },
        "export": [entry_data(entry, told=entry.pk == sealed.pk) for entry in shown],
    }


def segment(chain: str, heads: Heads) -> Iterator[str]:
    """A chain from its first entry to its head, as the pieces of a JSON text."""
    yield f'{{"chain":{canonical(chain)},"entries":[\n'
    between = ""
    for entry in _between(chain, 1, heads[chain].sequence).iterator(chunk_size=500):
        yield between + canonical(entry_data(entry))
        between = ",\n"
    yield "\n]}\n"


def entry_data(entry: Entry, *, told: bool = True) -> dict[str, Any]:
    """An entry's columns, all that its hash is made of, and its content where it is told."""
    columns = {name: getattr(entry, name) for name in COLUMNS}
    return columns | {"actor": entry.actor_id, "payload": entry.payload if told else None}


def _between(chain: str, first: int, last: int) -> QuerySet[Entry]:
    return Entry.objects.filter(chain=chain, sequence__range=(first, last)).order_by("sequence")
