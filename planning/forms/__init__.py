"""What the stages of planning and monitoring ask of their officials."""

from .alignment import AlignmentForm
from .commitment import CommitmentForm
from .monitoring import DecisionForm, EvaluationForm, ReportForm

__all__ = ["AlignmentForm", "CommitmentForm", "DecisionForm", "EvaluationForm", "ReportForm"]
