"""The innovation, its people and evidence, and what its first stages record."""

from .documents import (
    TITLE_LENGTH,
    Document,
    Draft,
    DraftFile,
    Evidence,
    EvidenceKind,
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
    ConflictDeclaration,
    Trial,
)

__all__ = [
    "NAME_LENGTH",
    "TITLE_LENGTH",
    "Assessment",
    "AssessmentScore",
    "ChecklistAnswer",
    "ConflictDeclaration",
    "Document",
    "Draft",
    "DraftFile",
    "Evidence",
    "EvidenceKind",
    "Innovation",
    "Participant",
    "Trial",
]
