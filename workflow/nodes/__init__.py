"""The two kinds of node the flows add to viewflow's own."""

from .ending import Ending
from .stage import Stage

__all__ = ["Ending", "Stage"]
