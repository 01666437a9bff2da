"""The graph, its stored names, and who may act at each stage."""

import pytest
from django.core.management import call_command
from viewflow.workflow import flow
from viewflow.workflow.fields import (
    get_flow_ref,
    get_task_ref,
    import_flow_by_ref,
    import_task_by_ref,
)
from viewflow.workflow.models import Process, Task

from approvals.models import Outcome, SignOffPolicy
from approvals.policy_checks import check
from tests.regency import NEEDS_A_TRIAL, case_at
from workflow import checks, members
from workflow.diagram import svg_of
from workflow.flows.institutionalisation import Institutionalisation
from workflow.flows.monitoring import Monitoring
from workflow.installing import dials_from
from workflow.nodes import Ending
from workflow.nodes.stage import stage_nodes
from workflow.stages import comes_before, is_own_work, stage_bar

# Stored in the database with every case and task: a change here needs a data migration.
STORED = {
    Institutionalisation: {
        *("start", "completeness", "verification", "trial", "alignment", "commitment"),
        *("reservation", "drafting", "release", "initialling", "signing", "numbering", "issuing"),
        *("publication", "institutionalised", "revision"),
        *("after_completeness", "after_verification", "after_trial", "after_alignment"),
        *("after_commitment", "after_drafting", "after_initialling", "after_signing"),
        *("after_revision", "done", "rejected", "stopped", "withdrawn"),
        *("further", "given_up"),
    },
    Monitoring: {
        *("start", "opening", "period_due", "report", "evaluation", "after_evaluation"),
        *("decision", "after_decision", "retired"),
    },
}
REFERENCES = {
    Institutionalisation: "workflow/flows.institutionalisation.Institutionalisation",
    Monitoring: "workflow/flows.monitoring.Monitoring",
}


@pytest.mark.unit
@pytest.mark.parametrize("flow_class", STORED)
def test_stored_names_of_the_nodes_never_change_silently(flow_class):
    assert {node.name for node in flow_class.instance.nodes()} == STORED[flow_class]


@pytest.mark.unit
@pytest.mark.parametrize("flow_class", STORED)
def test_stored_references_lead_back_to_their_nodes(flow_class):
    assert get_flow_ref(flow_class) == REFERENCES[flow_class]
    assert import_flow_by_ref(REFERENCES[flow_class]) is flow_class
    for node in flow_class.instance.nodes():
        assert import_task_by_ref(get_task_ref(node)) is node


@pytest.mark.unit
@pytest.mark.parametrize("flow_class", STORED)
def test_every_way_ends(flow_class):
    nodes = list(flow_class.instance.nodes())
    dead_ends = [
        node.name for node in nodes if not isinstance(node, flow.End) and not list(node._outgoing())
    ]
    unreached = [
        node.name
        for node in nodes
        if not isinstance(node, flow.StartHandle) and not list(node._incoming())
    ]
    assert (dead_ends, unreached) == ([], [])


@pytest.mark.unit
def test_every_end_gives_the_innovation_a_state():
    ends = [node for f in STORED for node in f.instance.nodes() if isinstance(node, flow.End)]
    assert all(isinstance(node, Ending) and node.status for node in ends)


@pytest.mark.unit
def test_every_human_stage_declares_who_may_act():
    assert checks.every_stage_declares_who_may_act() == []
    stages = {node.name for f in STORED for node in stage_nodes(f)}
    assert set(checks.default_policies()) == stages


@pytest.mark.unit
def test_stage_without_a_policy_is_reported(monkeypatch, tmp_path):
    (tmp_path / "policies.json").write_text("{}")
    monkeypatch.setattr(checks, "POLICIES", tmp_path / "policies.json")
    found = checks.every_stage_declares_who_may_act()
    assert {fault.id for fault in found} == {"workflow.E001"}
    assert len(found) == sum(len(stage_nodes(f)) for f in STORED)


@pytest.mark.unit
def test_every_role_of_the_policies_is_known():
    named = {
        member
        for policy in checks.default_policies().values()
        for group in policy["groups"]
        for member in group["members"]
    }
    roles = {member[1:] for member in named if member.startswith("@")}
    assert roles <= set(members.ROLES)


@pytest.mark.unit
@pytest.mark.parametrize("stage", checks.default_policies())
def test_policy_that_comes_with_the_installation_can_be_met(stage):
    dials = dials_from(checks.default_policies()[stage])
    check(stage, dials, own_work=is_own_work(stage))


@pytest.mark.unit
def test_stages_know_their_order_on_the_journey():
    assert comes_before("completeness", "signing")
    assert not comes_before("signing", "completeness")
    assert not comes_before("alignment", "alignment")
    assert not comes_before("rejected", "completeness")
    assert comes_before("publication", "report")


@pytest.mark.unit
def test_every_stage_answers_with_known_outcomes():
    for node in (node for f in STORED for node in stage_nodes(f)):
        assert set(node.outcomes) <= set(Outcome.values)
        assert Outcome.APPROVE in node.outcomes


@pytest.mark.integration
@pytest.mark.usefixtures("regency", "db")
def test_references_of_a_real_case_load():
    case_at("done", NEEDS_A_TRIAL)

    for process in Process.objects.all():
        assert process.flow_class in STORED
    for task in Task.objects.select_related("process"):
        assert task.flow_task.name in STORED[task.flow_task.flow_class]


@pytest.mark.integration
@pytest.mark.usefixtures("regency", "db")
def test_running_case_keeps_the_policies_it_started_with():
    case = case_at("completeness")
    newest = dict(SignOffPolicy.objects.order_by("version").values_list("stage", "version"))

    assert case.policy_versions == newest


@pytest.mark.integration
@pytest.mark.usefixtures("regency", "db")
def test_stage_bar_says_what_is_done_skipped_and_now():
    states = {line["name"]: line["state"] for line in stage_bar(case_at("commitment"))}

    assert states["verification"] == "done"
    assert states["trial"] == "skipped"
    assert states["commitment"] == "now"
    assert states["publication"] == "todo"


@pytest.mark.integration
@pytest.mark.usefixtures("regency", "db")
def test_diagram_marks_where_the_case_is():
    picture = svg_of(case_at("verification"))

    assert picture.lstrip().startswith("<svg") or "<svg" in picture[:400]


@pytest.mark.integration
@pytest.mark.django_db
def test_start_up_finds_nothing_wrong(settings):
    # The suite travels in time, and hands its checkpoints to nobody.
    settings.AUDIT_ANCHORS = ["file"]
    call_command("check", "--fail-level", "WARNING")
