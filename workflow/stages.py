"""Where a case can stand, and the stage bar that shows where it stands on the journey."""

from typing import Any

from .flows.institutionalisation import Institutionalisation
from .flows.monitoring import Monitoring
from .models import Case
from .nodes import Ending, Stage
from .nodes.stage import stage_nodes

# The bar shows the way; revision is a loop on it, not a station.
SIDE_TRACKS = {"revision"}


def place_labels() -> dict[str, str]:
    """The name of every stage and every end of both flows, in the reader's language."""
    nodes = [*vars(Institutionalisation).values(), *vars(Monitoring).values()]
    return {node.name: str(node.task_title) for node in nodes if isinstance(node, Stage | Ending)}


def stage_bar(case: Case) -> list[dict[str, Any]]:
    """Each station with its state: done, now, todo or skipped."""
    nodes = [n for n in stage_nodes(Institutionalisation) if n.name not in SIDE_TRACKS]
    names = [node.name for node in nodes]
    off_the_way = case.stage in SIDE_TRACKS or (case.finished and case.stage != "done")
    where = case.asked_by if off_the_way else case.stage
    reached = names.index(where) if where in names else len(names)
    return [
        {"name": node.name, "label": node.task_title, "state": _state(case, index - reached, node)}
        for index, node in enumerate(nodes)
    ]


def _state(case: Case, ahead: int, node: Stage) -> str:
    if node.name == "trial" and case.innovation.already_running:
        return "skipped"
    if ahead < 0:
        return "done"
    if ahead == 0:
        return "stopped" if case.finished else "now"
    return "todo"
