"""What the pages on policies show: stages with their versions, who made them, who uses them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.db.models.fields.json import KT

from approvals.models import SignOffPolicy
from approvals.policy_versions import current_versions

from .flows.institutionalisation import Institutionalisation
from .flows.monitoring import Monitoring
from .models import Case
from .nodes.stage import stage_nodes
from .policy_words import Names, group_sentences
from .stages import stages_by_name

Status = SignOffPolicy.Status


@dataclass(frozen=True)
class StageLine:
    """A stage in the list: who signs it now, and how many proposals wait."""

    name: str
    label: str
    version: int
    sentences: list[str]
    proposals: list[SignOffPolicy]


def stage_lines(names: Names) -> list[tuple[str, list[StageLine]]]:
    """Every stage of each journey, in its order, under the name of the journey."""
    current = current_versions()
    stored: dict[str, list[SignOffPolicy]] = {}
    for policy in SignOffPolicy.objects.select_related("proposed_by"):
        stored.setdefault(policy.stage, []).append(policy)
    return [
        (
            str(flow.process_title),
            [
                _line(node.name, stored.get(node.name, []), current, names)
                for node in stage_nodes(flow)
            ],
        )
        for flow in (Institutionalisation, Monitoring)
    ]


def _line(
    stage: str, policies: Iterable[SignOffPolicy], current: Mapping[str, int], names: Names
) -> StageLine:
    policies = list(policies)
    version = current.get(stage, 0)
    used = next((one for one in policies if one.version == version), None)
    return StageLine(
        stage,
        names.stages[stage],
        version,
        group_sentences(used.groups, names) if used else [],
        [one for one in policies if one.status == Status.PROPOSED],
    )


@dataclass(frozen=True)
class VersionLine:
    """A version with its story, and how many running cases go by it."""

    policy: SignOffPolicy
    written: datetime | None
    in_use: bool
    running: int

    @property
    def state(self) -> str:
        """`active`, `proposed`, `refused`, or `earlier` for what was in use once."""
        return (
            "earlier"
            if self.policy.status == Status.ACTIVE and not self.in_use
            else (self.policy.status)
        )


def version_lines(stage: str) -> list[VersionLine]:
    """All versions of a stage's policy, the newest first."""
    policies = list(
        SignOffPolicy.objects.filter(stage=stage).select_related("proposed_by", "decided_by")
    )
    history: Any = SignOffPolicy.history
    first = history.filter(id__in=[one.pk for one in policies], history_type="+")
    written = dict(first.values_list("id", "history_date"))
    current, running = current_versions().get(stage), _running(stage)
    return [
        VersionLine(one, written.get(one.pk), one.version == current, running.get(one.version, 0))
        for one in policies
    ]


def _running(stage: str) -> dict[int, int]:
    """How many running cases of the stage's flow go by each version."""
    cases = Case.objects.filter(finished=None, flow_class=stages_by_name()[stage].flow_class)
    versions = cases.annotate(used=KT(f"policy_versions__{stage}")).order_by()
    counted = versions.values("used").annotate(number=Count("pk"))
    return {int(row["used"]): row["number"] for row in counted if row["used"] is not None}
