"""Pillars and money, what was promised for an innovation, and what came of it."""

from .alignment import Alignment, Indicator, PillarLink, Target
from .commitment import Commitment, CommitmentLine, StaffLine, TechnologyLine
from .master import (
    Ceiling,
    FundingSource,
    NomenclatureVersion,
    Pillar,
    Programme,
    SubActivity,
)
from .monitoring import (
    Achievement,
    ActionItem,
    MonitoringDecision,
    MonitoringEvaluation,
    MonitoringPeriod,
    MonitoringReport,
)

__all__ = [
    "Achievement",
    "ActionItem",
    "Alignment",
    "Ceiling",
    "Commitment",
    "CommitmentLine",
    "FundingSource",
    "Indicator",
    "MonitoringDecision",
    "MonitoringEvaluation",
    "MonitoringPeriod",
    "MonitoringReport",
    "NomenclatureVersion",
    "Pillar",
    "PillarLink",
    "Programme",
    "StaffLine",
    "SubActivity",
    "Target",
    "TechnologyLine",
]
