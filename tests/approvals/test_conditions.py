"""Small comparisons with the facts of a case."""

from decimal import Decimal

import pytest

from approvals.conditions import COMPARISONS, FACTS, comparison_of, faults_of, holds
from tests.approvals.factories import matter

pytestmark = [pytest.mark.unit, pytest.mark.usefixtures("english")]


@pytest.mark.parametrize(
    ("condition", "fact", "expected"),
    [
        ({"fact": "amount", "at_least": "100"}, Decimal("99.99"), False),
        ({"fact": "amount", "at_least": "100"}, Decimal(100), True),
        ({"fact": "amount", "below": "100"}, Decimal("99.99"), True),
        ({"fact": "amount", "below": "100"}, Decimal(100), False),
        ({"fact": "amount", "at_least": "0.5"}, Decimal(0), False),
        ({"fact": "fiscal_years", "at_least": 2}, 1, False),
        ({"fact": "fiscal_years", "at_least": 2}, 2, True),
        ({"fact": "pillar", "any_of": ["food", "health"]}, {"health", "economy"}, True),
        ({"fact": "pillar", "any_of": ["food"]}, {"health", "economy"}, False),
        ({"fact": "pillar", "any_of": ["food"]}, set(), False),
        ({"fact": "initiator_type", "any_of": ["community"]}, "community", True),
        ({"fact": "initiator_type", "any_of": ["community"]}, "agency", False),
        # A letter of the name is no member of it.
        ({"fact": "initiator_type", "any_of": ["a"]}, "agency", False),
        ({"fact": "instrument_kind", "any_of": ["regulation"]}, "regulation", True),
    ],
)
def test_condition_compares_a_fact(condition, fact, expected):
    assert holds(condition, matter(facts={condition["fact"]: fact})) is expected


@pytest.mark.parametrize("fact", sorted(FACTS))
@pytest.mark.parametrize("known", [{}, {"named": None}])
def test_fact_that_the_case_does_not_know_yet_meets_no_condition(fact, known):
    for comparison in FACTS[fact].comparisons:
        condition = {"fact": fact, comparison: ["x"] if comparison == "any_of" else "1"}
        about = matter(facts={fact: None} if known else {})
        assert holds(condition, about) is False


def test_every_comparison_of_a_fact_can_be_made():
    assert {c for fact in FACTS.values() for c in fact.comparisons} == set(COMPARISONS)


def test_condition_names_its_comparison():
    assert comparison_of({"below": "5", "fact": "amount"}) == "below"


@pytest.mark.parametrize(
    "condition",
    [
        {"fact": "amount", "at_least": "0.01"},
        {"fact": "amount", "below": "9999999999999999.99"},
        {"fact": "fiscal_years", "at_least": 2},
        {"fact": "pillar", "any_of": ["food"]},
    ],
)
def test_condition_that_can_be_compared_is_accepted(condition):
    assert faults_of(condition) == []


KNOWN = "condition: name one of amount, fiscal_years, pillar, initiator_type, instrument_kind."
MONEY = "condition on committed money (Rp): write a number above zero, of at most 16 digits."
COMPARE = "condition on committed money (Rp): compare it by one of at_least, below."


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        ("amount", KNOWN),
        (None, KNOWN),
        ({}, KNOWN),
        ({"fact": "weather", "any_of": ["rain"]}, KNOWN),
        ({"fact": ["amount"], "at_least": "1"}, KNOWN),
        ({"fact": {"amount": 1}, "at_least": "1"}, KNOWN),
        ({"fact": "amount"}, COMPARE),
        ({"fact": "amount", "any_of": ["1"]}, COMPARE),
        ({"fact": "amount", "at_least": "1", "below": "2"}, COMPARE),
        ({"fact": "amount", "at_least": "0"}, MONEY),
        ({"fact": "amount", "at_least": "-5"}, MONEY),
        ({"fact": "amount", "at_least": "ten"}, MONEY),
        ({"fact": "amount", "at_least": "NaN"}, MONEY),
        ({"fact": "amount", "at_least": "Infinity"}, MONEY),
        ({"fact": "amount", "at_least": "10000000000000000"}, MONEY),
        ({"fact": "amount", "at_least": ["1"]}, MONEY),
        ({"fact": "amount", "at_least": True}, MONEY),
        ({"fact": "amount", "at_least": 1.5}, MONEY),
        ({"fact": "pillar", "any_of": []}, "condition on pillar: choose at least one value."),
        ({"fact": "pillar", "any_of": "food"}, "condition on pillar: choose at least one value."),
        ({"fact": "pillar", "any_of": [1]}, "condition on pillar: choose at least one value."),
        (
            {"fact": "pillar", "at_least": "1"},
            "condition on pillar: compare it by one of any_of.",
        ),
    ],
)
def test_condition_that_says_nothing_is_refused_with_a_sentence(condition, sentence):
    assert faults_of(condition) == [sentence]
