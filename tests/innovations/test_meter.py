import pytest
from django.utils import translation

from innovations.drafts import save_draft
from innovations.meter import completeness, steps_of

from .factories import UserFactory, draft_of, drop, typed

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def missing(data, kinds=()):
    return [step.name for step in steps_of(data, kinds) if not step.filled]


def test_completeness_of_an_empty_draft_is_nothing():
    meter = completeness(save_draft(UserFactory(), None, {}))
    assert (meter["filled"], meter["percent"], meter["words"]) == (0, 0, 0)
    assert meter["fields"][0] == {
        "name": "name",
        "label": "Name of the innovation",
        "filled": False,
    }


def test_completeness_of_a_full_draft_is_all():
    meter = completeness(draft_of(UserFactory()))
    assert meter["percent"] == 100
    assert meter["words"] >= meter["words_needed"] == 300


def test_completeness_counts_the_demanded_document():
    owner = UserFactory()
    draft = draft_of(owner, initiator_type="civil_servant")
    before = completeness(draft)
    assert before["total"] - before["filled"] == 1
    assert before["fields"][-1]["label"] == "Written permission of the head of the unit"
    drop(owner, draft, "permission_letter")
    assert completeness(draft)["percent"] == 100


def test_steps_short_design_is_not_filled():
    assert missing(typed(design_description="kata " * 299)) == ["design_description"]


def test_steps_running_innovation_needs_date_and_evidence():
    data = typed(already_running=True)
    assert missing(data) == ["running_since", "running_evidence"]
    data |= {"running_since": "2024-01-01"}
    assert missing(data, ["running_evidence"]) == []


def test_steps_blank_is_not_filled():
    assert missing(typed(problem="  \n ")) == ["problem"]
