"""Separation of duties as data: who never signs, and the sentences that say so."""

import pytest
from django.utils import translation

from approvals.exclusions import (
    ALWAYS,
    EXCLUSIONS,
    bar,
    is_known,
    label_of,
    own_sentence,
    principal_sentence,
)
from approvals.matter import Matter

pytestmark = [pytest.mark.unit, pytest.mark.usefixtures("english")]


def about(**people):
    return Matter(
        1,
        facts={},
        people={name: lambda keys=keys: keys for name, keys in people.items()},
        labels=lambda: {"trial": "Trial"},
    )


@pytest.mark.parametrize(
    ("exclusions", "barred"),
    [
        ([], ""),
        (["initiator"], ""),
        (["initiator", "conflict"], "conflict"),
        (["conflict", "drafter"], "conflict"),
        (["drafter", "conflict"], "drafter"),
    ],
)
def test_first_exclusion_that_holds_keeps_a_person_away(exclusions, barred):
    people = about(initiator=[1], conflict=[2], drafter=[2, 3])
    assert bar(people, exclusions, 2) == barred


@pytest.mark.parametrize("name", [*EXCLUSIONS, "signer:trial"])
@pytest.mark.parametrize("language", ["en", "id"])
def test_every_exclusion_has_its_sentences(name, language):
    with translation.override(language):
        told = {
            label_of(name, {"trial": "Trial"}.get),
            own_sentence(about(), name),
            principal_sentence(about(), name, "Siti Rahayu"),
        }
    assert len(told) == 3
    assert not any("%(" in sentence for sentence in told)
    assert sum("Siti Rahayu" in sentence for sentence in told) == 1


def test_exclusion_of_an_earlier_stage_names_the_stage():
    assert label_of("signer:trial", {"trial": "Trial"}.get) == "who signed the stage “Trial”"
    assert label_of("signer:trial") == "who signed the stage “trial”"
    assert own_sentence(about(), "signer:trial") == (
        "You signed the stage “Trial”; this stage wants somebody else."
    )


@pytest.mark.parametrize(
    ("name", "known"),
    [
        *((name, True) for name in EXCLUSIONS),
        ("signer:trial", True),
        ("signer:", False),
        ("signer", False),
        ("", False),
        ("weekday", False),
    ],
)
def test_language_knows_its_exclusions(name, known):
    assert is_known(name) is known


def test_what_no_policy_may_leave_out_is_known():
    assert set(ALWAYS) <= set(EXCLUSIONS)
