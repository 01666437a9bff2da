"""How the language of policies is said, and which of its words can never be met."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from approvals.conditions import COMPARISON_LABELS, COMPARISONS, FACTS, Kind, contradict
from approvals.policies import RULES
from approvals.policy_checks import Dials, Fault, faults_of

pytestmark = [pytest.mark.unit, pytest.mark.usefixtures("english")]

ALWAYS = ["initiator", "co_initiator", "conflict"]


def dials(*groups: dict[str, Any], exclusions: list[str] = ALWAYS) -> Dials:
    return Dials(groups=list(groups), working_days=5, exclusions=exclusions, covers=["identity"])


def group(rule: str, *members: str, **more: Any) -> dict[str, Any]:
    return {"rule": rule, "members": list(members), **more}


def said(*groups: dict[str, Any]) -> list[str]:
    return [str(fault) for fault in faults_of("trial", dials(*groups))]


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("name", RULES)
def test_every_rule_has_a_label_and_a_sentence_for_its_members(name, language):
    with translation.override(language):
        assert str(RULES[name].label)
        assert "sekda" in str(RULES[name].sentence) % {"members": "sekda", "need": 3}


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("name", FACTS)
def test_every_comparison_of_a_fact_has_a_sentence_with_its_value(name, language):
    with translation.override(language):
        for comparison, sentence in FACTS[name].sentences.items():
            assert "nilai" in str(sentence) % {"value": "nilai"}
            assert comparison in COMPARISONS
            assert str(COMPARISON_LABELS[comparison])


@pytest.mark.parametrize("fact", FACTS.values(), ids=list(FACTS))
def test_choices_are_compared_as_sets_and_numbers_as_numbers(fact):
    assert ("any_of" in fact.comparisons) == (fact.kind is Kind.CHOICE)


@pytest.mark.parametrize(
    ("conditions", "never"),
    [
        ([], False),
        ([{"fact": "amount", "at_least": "5"}], False),
        ([{"fact": "amount", "at_least": "5"}, {"fact": "amount", "below": "6"}], False),
        ([{"fact": "amount", "at_least": "5"}, {"fact": "amount", "below": "5"}], True),
        ([{"fact": "amount", "at_least": "5"}, {"fact": "fiscal_years", "below": 2}], False),
        (
            [
                {"fact": "initiator_type", "any_of": ["agency", "community"]},
                {"fact": "initiator_type", "any_of": ["community"]},
            ],
            False,
        ),
        (
            [
                {"fact": "initiator_type", "any_of": ["agency"]},
                {"fact": "initiator_type", "any_of": ["community"]},
            ],
            True,
        ),
        (
            [{"fact": "pillar", "any_of": ["health"]}, {"fact": "pillar", "any_of": ["food"]}],
            False,
        ),
    ],
)
def test_conditions_that_no_case_can_meet_contradict_each_other(conditions, never):
    assert contradict(conditions) is never


def test_group_with_such_conditions_is_refused():
    when = [{"fact": "amount", "at_least": "9"}, {"fact": "amount", "below": "8"}]

    assert said(group("all", "sekda"), group("all", "bupati", when=when)) == [
        "group 2: its conditions exclude each other: it would never be asked."
    ]


@pytest.mark.parametrize(
    ("needing", "possible"),
    [
        (group("all", "@initiator"), False),
        (group("any", "@initiator"), False),
        (group("all", "@initiator", "sekda"), False),
        (group("ordered", "sekda", "@initiator"), False),
        (group("n_of_m", "@initiator", "sekda", need=2), False),
        (group("n_of_m", "@initiator", "sekda", need=1), True),
        (group("any", "@initiator", "sekda"), True),
        (group("all", "sekda"), True),
    ],
)
def test_group_that_needs_the_excluded_initiator_is_refused(needing, possible):
    sentence = "group 1: it needs the initiator, whom the policy excludes: it can never be met."

    assert said(needing) == ([] if possible else [sentence])


def test_work_of_the_initiators_own_may_ask_the_initiator():
    own = dials(group("all", "@initiator"), exclusions=[])

    assert faults_of("revision", own, own_work=True) == []


def test_fault_of_the_whole_policy_names_no_group():
    assert str(Fault("a policy needs at least one group.")) == "a policy needs at least one group."
    assert str(Fault("an office is named twice.", 3)) == "group 3: an office is named twice."


def test_ceiling_and_days_out_of_bounds_are_told_together():
    wrong = Dials([group("all", "sekda")], 251, ALWAYS, ["identity"], batch_ceiling=Decimal(0))

    assert [str(fault) for fault in faults_of("trial", wrong)] == [
        "working days: write a number from 1 to 250.",
        "approved in batch up to: write an amount above zero, or leave it empty.",
    ]
