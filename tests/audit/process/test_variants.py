"""Equal ways are one variant, and ways back are counted."""

import pytest

from audit.process.durations import working_days
from audit.process.scope import Scope
from audit.process.variants import sent_back, variants

from .factories import REJECTED, REVISED, travelled

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def found():
    return variants(Scope(), working_days(Scope()))


def test_cases_with_the_same_stages_are_one_variant_and_the_commonest_comes_first():
    travelled(*REVISED, code="INV-A")
    travelled(*REJECTED, code="INV-B", stays=2)
    travelled(*REJECTED, code="INV-C", stays=4)
    first, second = found()
    assert first.path == ("completeness", "rejected")
    assert (first.cases, first.running, first.example) == (2, 0, "INV-B")
    assert dict(first.cycle.days) == {2: 1, 4: 1}
    assert second.path == ("completeness", "revision", "completeness", "verification")
    assert (second.cases, second.running) == (1, 1)


def test_ways_to_the_initiator_and_back_are_counted_for_every_case():
    travelled(*REVISED, code="INV-A")
    travelled(*REVISED, code="INV-B")
    assert sent_back(found()) == {
        ("completeness", "revision"): 2,
        ("revision", "completeness"): 2,
    }


def test_case_without_any_step_is_a_variant_of_its_own():
    travelled(code="INV-A")
    assert [(one.path, one.cases) for one in found()] == [((), 1)]
