"""What the ledger says of an instrument: where its case stood, and who outside can confirm it."""

from legal_basis.evidence import Evidence, Position, Witness
from legal_basis.models import Instrument

from .anchors import label
from .kinds import Kind
from .models import Checkpoint, Entry
from .witnesses import checkpoint_over, receipts_over


def position_of(code: str) -> Position | None:
    """The last entry of a case."""
    last = Entry.objects.filter(chain=code).order_by("-sequence").first()
    return _position(last) if last else None


def evidence_of(instrument: Instrument, printed: Position | None) -> Evidence | None:
    """The entry by which it was issued, or the last before the ledger knew of such entries."""
    chain = Entry.objects.filter(chain=instrument.subject_code)
    named = f'"instrument":{instrument.pk},'
    issued = chain.filter(kind=Kind.ISSUE, payload__contains=named).order_by("sequence").first()
    entry = issued or chain.order_by("-sequence").first()
    if entry is None:
        return None
    checkpoint = checkpoint_over(entry)
    return Evidence(
        position=_position(entry),
        printed=printed,
        printed_holds=printed is not None and _holds(printed),
        checkpoint=checkpoint.number if checkpoint else None,
        signed_at=checkpoint.at if checkpoint else None,
        witnesses=_witnesses(checkpoint) if checkpoint else [],
    )


def _holds(printed: Position) -> bool:
    found = Entry.objects.filter(chain=printed.chain, sequence=printed.sequence)
    return found.filter(hash=printed.digest).exists()


def _witnesses(checkpoint: Checkpoint) -> list[Witness]:
    return [
        Witness(receipt.anchor, label(receipt.anchor), receipt.at)
        for receipt in receipts_over(checkpoint.number)
    ]


def _position(entry: Entry) -> Position:
    return Position(entry.chain, entry.sequence, entry.hash)
