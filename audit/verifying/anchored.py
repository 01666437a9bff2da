"""What left the machine: the anchors' copies beside the checkpoints of the database."""

from collections.abc import Iterator
from itertools import islice

from django.conf import settings

from ..anchors import file, timestamp
from ..hashing import sha256
from ..models import Checkpoint, Receipt
from .faults import Fault, Found
from .scope import Scope

CHECKPOINTS, RECEIPTS = Checkpoint._meta.db_table, Receipt._meta.db_table
AT_ONCE = 500


def check_anchors(scope: Scope) -> Iterator[Fault]:
    """Checkpoints that an anchor holds otherwise, and receipts that prove nothing."""
    held: set[int] = set()
    if "file" in settings.AUDIT_ANCHORS or file.folder().is_dir():
        yield from _copies(scope, held)
        yield from _not_held(held)
    yield from _stamps(scope)


def _copies(scope: Scope, held: set[int]) -> Iterator[Fault]:
    copies = file.kept()
    while batch := list(islice(copies, AT_ONCE)):
        copied = [(_number(copy.statement), copy) for copy in batch]
        wanted = [number for number, _copy in copied]
        there = {one.number: one for one in Checkpoint.objects.filter(number__in=wanted)}
        for number, copy in copied:
            held.add(number)
            found = there.get(number)
            if found is None or found.statement != copy.statement:
                statement = found.statement if found else ""
                yield Fault(
                    Found.CHECKPOINT_ANCHOR,
                    CHECKPOINTS,
                    str(number),
                    sha256(copy.statement),
                    sha256(statement) if statement else "",
                )
        scope.done("anchored", len(batch))


def _number(statement: str) -> int:
    lines = (line.partition(": ") for line in statement.splitlines())
    told = next((value for name, _, value in lines if name == "number"), "")
    return int(told) if told.isdigit() else 0


def _not_held(held: set[int]) -> Iterator[Fault]:
    receipts = Receipt.objects.filter(anchor="file").select_related("checkpoint")
    for receipt in receipts.defer("checkpoint__statement").iterator(chunk_size=AT_ONCE):
        if receipt.checkpoint.number not in held:
            yield Fault(
                Found.RECEIPT, RECEIPTS, str(receipt.pk), str(receipt.checkpoint.number), ""
            )


def _stamps(scope: Scope) -> Iterator[Fault]:
    receipts = Receipt.objects.filter(anchor="timestamp").select_related("checkpoint")
    for receipt in receipts.iterator(chunk_size=100):
        if not timestamp.stamp_in(receipt.checkpoint.statement, receipt.answer).intact:
            name = str(receipt.checkpoint.number)
            yield Fault(Found.RECEIPT, RECEIPTS, str(receipt.pk), name, receipt.answer[:60])
        scope.done("stamps", 1)
