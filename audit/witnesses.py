"""Which checkpoint covers an entry, and who outside has taken it or one that came later."""

from collections.abc import Iterable

from .anchors import NAMES, label
from .checkpoints import named_heads
from .models import Checkpoint, Entry, Receipt

# An act may take longer than the checkpoints that are made meanwhile.
CANDIDATES = 5


def checkpoint_over(entry: Entry) -> Checkpoint | None:
    """The checkpoint that names the head up to this entry or further; None while there is none."""
    later = Checkpoint.objects.filter(micros__gte=entry.micros).order_by("number")
    for checkpoint in later[:CANDIDATES]:
        head = named_heads(checkpoint.statement).get(entry.chain)
        if head is not None and head.sequence >= entry.sequence:
            return checkpoint
    return None


def receipts_over(number: int) -> list[Receipt]:
    """Of each anchor the first receipt that covers this checkpoint: a later one names it too."""
    found = []
    for name in NAMES:
        later = Receipt.objects.filter(anchor=name, checkpoint__number__gte=number)
        if receipt := later.order_by("checkpoint__number").select_related("checkpoint").first():
            found.append(receipt)
    return found


def named(receipts: Iterable[Receipt]) -> list[tuple[str, Receipt]]:
    """Receipts with what people call their anchors."""
    return [(label(receipt.anchor), receipt) for receipt in receipts]
