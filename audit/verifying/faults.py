"""What a verification may find."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Found(TextChoices):
    """The kinds of faults; names for programs, never changed, and what they mean."""

    TRIGGER = "trigger", _("A trigger is missing, switched off or another one")
    ENTRY_EDITED = "entry_edited", _("An entry was changed: its hash is another")
    PAYLOAD_EDITED = "payload_edited", _("The content of an entry was changed")
    PAYLOAD_REMOVED = "payload_removed", _("The content of an entry is gone without an erasure")
    ENTRY_MISSING = "entry_missing", _("Entries are missing from a chain")
    ENTRY_INSERTED = "entry_inserted", _("An entry was inserted: its place was taken")
    ENTRY_REORDERED = "entry_reordered", _("An entry stands behind a later one of its chain")
    CHAIN_BROKEN = "chain_broken", _("An entry does not follow from the one before it")
    CHAIN_REWRITTEN = "chain_rewritten", _("A chain says otherwise than a signed checkpoint")
    CHAIN_TRUNCATED = "chain_truncated", _("A chain is shorter than a signed checkpoint says")
    CHECKPOINT_MISSING = "checkpoint_missing", _("A checkpoint is missing")
    CHECKPOINT_EDITED = "checkpoint_edited", _("A checkpoint is not what its statement says")
    CHECKPOINT_LINK = "checkpoint_link", _("A checkpoint does not follow from the one before it")
    CHECKPOINT_SIGNATURE = "checkpoint_signature", _("The signature of a checkpoint is not valid")
    CHECKPOINT_KEY = "checkpoint_key", _("A checkpoint was signed with a key that is not ours")
    CHECKPOINT_ROOT = "checkpoint_root", _("The Merkle root is not that of the chains")
    CHECKPOINT_ANCHOR = "checkpoint_anchor", _("What an anchor outside holds is another checkpoint")
    RECEIPT = "receipt", _("An anchor does not hold what it took")
    JOURNAL_EDITED = "journal_edited", _("The content of a row change was changed")
    JOURNAL_REMOVED = "journal_removed", _("The content of a row change is gone without an erasure")
    JOURNAL_REWRITTEN = "journal_rewritten", _("Row changes are not those of a signed checkpoint")
    JOURNAL_BEGINNING = "journal_beginning", _("The first changes of a row are missing")
    ROW_CHANGED = "row_changed", _("A row was changed past the journal")
    ROW_MISSING = "row_missing", _("A row was removed past the journal")
    ROW_INSERTED = "row_inserted", _("A row was made past the journal")
    VERSION_CHANGED = "version_changed", _("A version in a row's history was changed")
    VERSION_MISSING = "version_missing", _("A version in a row's history was removed")
    VERSION_INSERTED = "version_inserted", _("A version in a row's history was made up")
    ROW_UNVERSIONED = "row_unversioned", _("A row is not what its last version says")
    VERSION_UNENTERED = "version_unentered", _("A version of a row stands in no entry")
    ENTRY_UNFOUNDED = "entry_unfounded", _("An entry names a version that is not there")
    FILE_MISSING = "file_missing", _("A stored file is missing")
    FILE_CHANGED = "file_changed", _("A stored file was changed")
    SIGNATURE = "signature", _("The signature of an instrument is not valid")
    INSTRUMENT = "instrument", _("An instrument is not the one that was issued")
    ERASURE = "erasure", _("An erasure has no entry with its basis")


@dataclass(frozen=True)
class Fault:
    """One fault: where it is, what was expected there, and what was found."""

    kind: Found
    table: str
    row: str
    expected: str = ""
    found: str = ""

    def as_data(self) -> dict[str, Any]:
        """The fault as `verify_audit --json` prints it."""
        return asdict(self) | {"kind": self.kind.value}
