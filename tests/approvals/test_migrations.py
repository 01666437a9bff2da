"""The new language of policies and seats, on a database that has cases under the old one."""

import pytest

from tests.house.migrating import at

pytestmark = [pytest.mark.integration, pytest.mark.nightly]
OLD = [("approvals", "0002_calendar")]
ROWS = "tests.approvals.old_rows"
STAGES = ("initialling", "report", "revision", "verification")
PROPOSAL = ["identity", "design", "people", "evidence"]


def test_running_cases_survive_the_new_language_of_policies_and_the_way_back(spare_database):
    at(spare_database, OLD, f"{ROWS}.plant")

    new = at(spare_database, [], f"{ROWS}.read_new")
    assert new["seats"] == [
        [stage, position, state]
        for stage in STAGES
        for position, state in ((0, "signed"), (1, "open"))
    ]
    assert new["answers"] == [[stage, position, 1, True] for stage in STAGES for position in (0, 1)]
    assert new["hashes"] == [{}] * 4
    policies = new["policies"]
    assert {stage: policies[stage]["covers"] for stage in policies} == {
        "verification": [*PROPOSAL, "checklist"],
        "initialling": ["alignment", "commitment", "instrument"],
        "revision": PROPOSAL,
        "report": ["alignment", "monitoring"],
    }
    always = ["initiator", "co_initiator", "conflict"]
    assert {stage: policies[stage]["exclusions"] for stage in policies} == {
        "verification": always,
        "initialling": always,
        "revision": [],
        "report": [],
    }
    assert [stage for stage in policies if policies[stage]["declares_conflict"]] == ["verification"]
    assert {policy["status"] for policy in policies.values()} == {"active"}
    assert [policy["decided"] for policy in policies.values()] == [[None, None]] * 4

    old = at(spare_database, OLD, f"{ROWS}.read_old")
    assert (old["seats"], old["signed"]) == (new["seats"], new["signed"])
    assert at(spare_database, [], f"{ROWS}.read_new") == new
