"""Where a case can stand, and the stage bar that shows where it stands on the journey."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from .flows.institutionalisation import Institutionalisation
from .flows.monitoring import Monitoring
from .models import Case
from .nodes import Ending, Stage
from .nodes.stage import stage_nodes

# The bar shows the way; revision is a loop on it, not a station.
SIDE_TRACKS = {"revision"}


@cache
def stages_by_name() -> Mapping[str, Stage]:
    """Every human stage of both flows, in the order of the journey."""
    nodes = [*stage_nodes(Institutionalisation), *stage_nodes(Monitoring)]
    return {node.name: node for node in nodes}


def stage_labels() -> dict[str, str]:
    """The name of every human stage of both flows, in the reader's language."""
    return {name: str(node.task_title) for name, node in stages_by_name().items()}


def is_own_work(stage: str) -> bool:
    """Whether the stage is work of the initiator's or owner's own, and no approval."""
    return stages_by_name()[stage].own_work


def binds_again(stage: str) -> bool:
    """Whether a signature at a stage may count when a case comes to it another time.

    One's own work is done anew, and a period of monitoring is no other period.
    """
    node = stages_by_name()[stage]
    return node.flow_class is not Monitoring and not node.own_work


def comes_before(stage: str, other: str) -> bool:
    """Whether a stage lies before another one on the journey; what is no stage does not."""
    order = list(stages_by_name())
    return stage in order and order.index(stage) < order.index(other)


def comes_surely_after(stage: str, other: str) -> bool:
    """Whether every case that enters a stage has been through another one; a loop promises none."""
    return stage not in SIDE_TRACKS and comes_before(other, stage)


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
