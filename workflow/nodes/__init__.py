"""The two kinds of node the flows add to viewflow's own."""

from .ending import Ending
from .stage import Choice, Stage

__all__ = ["Choice", "Ending", "Stage"]
