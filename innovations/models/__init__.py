"""The innovation, its people and evidence, and what its first stages record."""

from .documents import (
    Document,
    Draft,
    DraftFile,
    Evidence,
    EvidenceKind,
    FILE_NAME_LENGTH,
    StoredFile,
    TITLE_LENGTH,
)
from .innovation import (
    Innovation,
    NAME_LENGTH,
    Participant,
)
from .stages import (
    Assessment,
    AssessmentScore,
    ChecklistAnswer,
    Trial,
)

__all__ = [
    "Assessment",
    "AssessmentScore",
    "ChecklistAnswer",
    "Document",
    "Draft",
    "DraftFile",
    "Evidence",
    "EvidenceKind",
    "FILE_NAME_LENGTH",
    "Innovation",
    "NAME_LENGTH",
    "Participant",
    "StoredFile",
    "TITLE_LENGTH",
    "Trial",
]
