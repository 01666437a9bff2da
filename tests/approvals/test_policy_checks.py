"""What would make a policy impossible or unsafe, a sentence each."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from approvals.policies import RULES
from approvals.policy_checks import LONGEST_TERM, MOST_GROUPS, Dials, check
from tests.approvals.factories import EXCLUSIONS, group

pytestmark = [pytest.mark.unit, pytest.mark.usefixtures("english")]
ONE = group("all", 1)
WHEN = [{"fact": "amount", "at_least": "100"}]


def dials(*groups: Any, **more: Any) -> Dials:
    named: dict[str, Any] = {
        "groups": list(groups),
        "working_days": 5,
        "exclusions": list(EXCLUSIONS),
    }
    return Dials(**({"covers": ["identity"]} | named | more))


def faults(found: Dials, *, own_work: bool = False) -> list[str]:
    try:
        check("trial", found, own_work=own_work)
    except ValidationError as refusal:
        return refusal.messages
    return []


@pytest.mark.parametrize("rule", sorted(RULES))
def test_policy_that_can_be_met_is_accepted(rule):
    members = ["unit:dinkes", "@units_involved"]
    assert faults(dials({"rule": rule, "members": members, "need": 2}, ONE)) == []


@pytest.mark.parametrize(
    "more",
    [
        {"exclusions": [*EXCLUSIONS, "drafter", "initiator_unit", "signer:completeness"]},
        {"working_days": 1},
        {"working_days": LONGEST_TERM},
        {"batch_ceiling": Decimal("0.01")},
        {"batch_ceiling": Decimal("9999999999999999.99")},
        {"declares_conflict": True},
    ],
)
def test_dials_within_their_bounds_are_accepted(more):
    assert faults(dials(ONE, **more)) == []


@pytest.mark.parametrize(
    ("groups", "sentence"),
    [
        ([], "a policy needs at least one group."),
        (None, "a policy needs at least one group."),
        ({"rule": "all"}, "a policy needs at least one group."),
        (
            [ONE] * (MOST_GROUPS + 1),
            f"{MOST_GROUPS + 1} groups are too many; {MOST_GROUPS} fit.",
        ),
        (["all"], "group 1: write the group as a rule with its members."),
        ([{"rule": "all"}], "group 1: name the offices in a list."),
        ([{"rule": "all", "members": "panel-1"}], "group 1: name the offices in a list."),
        ([{"rule": "all", "members": [7]}], "group 1: name the offices in a list."),
        ([group("all", 0)], "group 1: name at least one office."),
        (
            [ONE, group("most", 1)],
            "group 2: unknown rule; use one of all, any, n_of_m, ordered, one_per_unit.",
        ),
        (
            [{"rule": ["all"], "members": ["panel-1"]}],
            "group 1: unknown rule; use one of all, any, n_of_m, ordered, one_per_unit.",
        ),
        (
            [{"rule": "all", "members": ["panel-1", "panel-1"]}],
            "group 1: an office is named twice.",
        ),
        ([group("n_of_m", 2, need=3)], "group 1: 3 of 2 can never be met."),
        ([group("n_of_m", 2)], "group 1: 0 of 2 can never be met."),
        ([group("n_of_m", 2, need=-1)], "group 1: -1 of 2 can never be met."),
        ([group("n_of_m", 2, need="2")], "group 1: 2 of 2 can never be met."),
        (
            [{"rule": "one_per_unit", "members": ["unit:dinkes", "sekda"]}],
            "group 1: “one per unit” names units; “sekda” is an office.",
        ),
        ([ONE, group("all", 1, when="rich")], "group 2: write the conditions as a list."),
        (
            [ONE, group("all", 1, when=[{"fact": "weather"}])],
            "group 2: condition: name one of amount, fiscal_years, pillar, initiator_type, "
            "instrument_kind.",
        ),
        (
            [group("all", 1, when=WHEN), group("any", 2, when=WHEN)],
            "every group has a condition: a case that meets none would be signed by nobody.",
        ),
        (
            [{"rule": "all", "members": ["@initiator"]}],
            "group 1: it needs the initiator, whom the policy excludes: it can never be met.",
        ),
    ],
)
def test_policy_that_can_never_be_met_is_refused(groups, sentence):
    assert faults(replace(dials(), groups=groups)) == [f"trial: {sentence}"]


@pytest.mark.parametrize("left_out", EXCLUSIONS)
def test_own_innovation_and_conflict_stay_excluded(left_out):
    who = {
        "initiator": "the initiator",
        "co_initiator": "the co-initiators",
        "conflict": "those who declared a conflict of interest and stepped back",
    }[left_out]
    kept = [name for name in EXCLUSIONS if name != left_out]
    assert faults(dials(ONE, exclusions=kept)) == [
        f"trial: {who} must stay excluded: nobody signs on their own innovation."
    ]


def test_work_of_the_initiators_own_excludes_nobody():
    own = dials({"rule": "all", "members": ["@initiator"]}, exclusions=[])
    assert faults(own, own_work=True) == []
    assert len(faults(own)) == 3


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"exclusions": [*EXCLUSIONS, "weekday"]}, "unknown exclusion “weekday”."),
        ({"exclusions": [*EXCLUSIONS, "signer:"]}, "unknown exclusion “signer:”."),
        (
            {"exclusions": [*EXCLUSIONS, "signer:trial"]},
            "who signs this stage cannot be excluded for signing this stage.",
        ),
        ({"working_days": 0}, f"working days: write a number from 1 to {LONGEST_TERM}."),
        (
            {"working_days": LONGEST_TERM + 1},
            f"working days: write a number from 1 to {LONGEST_TERM}.",
        ),
        (
            {"batch_ceiling": Decimal(0)},
            "approved in batch up to: write an amount above zero, or leave it empty.",
        ),
        (
            {"batch_ceiling": Decimal("10000000000000000")},
            "approved in batch up to: write an amount above zero, or leave it empty.",
        ),
    ],
)
def test_dial_out_of_its_bounds_is_refused(more, sentence):
    assert faults(dials(ONE, **more)) == [f"trial: {sentence}"]


def test_policy_is_refused_with_all_its_faults():
    groups = [group("most", 0), group("n_of_m", 1, need=2)]
    assert faults(dials(*groups, exclusions=["weekday", "initiator"], working_days=0)) == [
        "trial: group 1: name at least one office.",
        "trial: group 1: unknown rule; use one of all, any, n_of_m, ordered, one_per_unit.",
        "trial: group 2: 2 of 1 can never be met.",
        "trial: unknown exclusion “weekday”.",
        "trial: the co-initiators must stay excluded: nobody signs on their own innovation.",
        "trial: those who declared a conflict of interest and stepped back must stay excluded: "
        "nobody signs on their own innovation.",
        f"trial: working days: write a number from 1 to {LONGEST_TERM}.",
    ]
