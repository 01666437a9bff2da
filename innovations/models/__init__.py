"""The innovation, its people and evidence, and what its first stages record."""

from .documents import (
    FILE_NAME_LENGTH,
    TITLE_LENGTH,
    Document,
    Draft,
    DraftFile,
    Evidence,
    EvidenceKind,
    StoredFile,
)
from .innovation import (
    NAME_LENGTH,
    Innovation,
    Participant,
)
from .stages import (
    Assessment,
    AssessmentScore,
    ChecklistAnswer,
    Trial,
)

__all__ = [
    "FILE_NAME_LENGTH",
    "NAME_LENGTH",
    "TITLE_LENGTH",
    "Assessment",
    "AssessmentScore",
    "ChecklistAnswer",
    "Document",
    "Draft",
    "DraftFile",
    "Evidence",
    "EvidenceKind",
    "Innovation",
    "Participant",
    "StoredFile",
    "Trial",
]
