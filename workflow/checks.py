"""Start-up checks: every human stage says who may act, and the graph knows every stage's policy."""

import json
from pathlib import Path
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from innovations.stage_forms import StageForm

POLICIES = Path(__file__).parent / "data" / "policies.json"


def default_policies() -> dict[str, dict[str, Any]]:
    """The sign-off policies that a new installation starts with, by stage."""
    return json.loads(POLICIES.read_text())


@register()
def every_stage_declares_who_may_act(**_: Any) -> list[CheckMessage]:
    """A stage without a policy would wait for nobody (VF8b)."""
    from .flows.institutionalisation import Institutionalisation
    from .flows.monitoring import Monitoring
    from .nodes.stage import stage_nodes

    declared = default_policies()
    faults: list[CheckMessage] = []
    for flow_class in (Institutionalisation, Monitoring):
        for node in stage_nodes(flow_class):
            if not declared.get(node.name, {}).get("groups"):
                faults.append(_fault(f"{flow_class.__name__}.{node.name} declares nobody", "E001"))
            if node.form and not _is_stage_form(node.form):
                faults.append(_fault(f"{node.form} is no StageForm", "E002"))
    return faults


def _fault(text: str, number: str) -> CheckMessage:
    return Error(text, hint="See docs/extending.md.", id=f"workflow.{number}")


def _is_stage_form(path: str) -> bool:
    try:
        return issubclass(import_string(path), StageForm)
    except ImportError as missing:
        raise ImproperlyConfigured(f"{path} cannot be imported") from missing


@register()
def every_condition_knows_its_fact(**_: Any) -> list[CheckMessage]:
    """A condition on a fact that no case is asked for would never be met."""
    from approvals.conditions import FACTS as LANGUAGE
    from approvals.conditions import Kind

    from .facts import FACTS

    faults = [
        _fault(f"approvals.conditions and workflow.facts do not both know {name!r}", "E003")
        for name in sorted(set(LANGUAGE) ^ set(FACTS))
    ]
    return faults + [
        _fault(f"the fact {name!r} is a choice but offers none, or the reverse", "E004")
        for name in sorted(set(LANGUAGE) & set(FACTS))
        if (LANGUAGE[name].kind is Kind.CHOICE) == (FACTS[name].choices is dict)
    ]
