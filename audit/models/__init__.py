"""What proves, and what an auditor works with."""

from .auditing import EvidencePack, EvidenceRequest, Finding, FollowUp, Sample, SavedSearch
from .checkpoints import Checkpoint, Receipt
from .entries import Entry, Erasure
from .journal import JournalRow

__all__ = [
    "Checkpoint",
    "Entry",
    "Erasure",
    "EvidencePack",
    "EvidenceRequest",
    "Finding",
    "FollowUp",
    "JournalRow",
    "Receipt",
    "Sample",
    "SavedSearch",
]
