"""A case as its policies see it: what no policy asks costs nothing, and nothing is asked twice."""

import pytest

from approvals.matter import Matter
from tests.approvals.factories import ProcessFactory, SignOffFactory, matter

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def test_people_and_facts_are_looked_up_when_first_asked_and_once(django_assert_num_queries):
    signed = SignOffFactory(seat__stage="trial")
    found = matter(signed.seat.process, facts={"amount": 5}, initiator=signed.person)
    with django_assert_num_queries(1):
        for _ in range(3):
            assert found.people("signer:trial") == {signed.person_id}
            assert found.people("initiator") == {signed.person_id}
            assert found.people("drafter") == frozenset()
            assert (found.fact("amount"), found.fact("pillar")) == (5, None)


def test_facts_are_looked_up_anew_after_the_content_has_changed_and_people_are_not():
    asked = []
    found = Matter(
        ProcessFactory().pk,
        facts={"amount": lambda: asked.append("amount") or len(asked)},
        people={"initiator": lambda: asked.append("initiator") or []},
    )
    for _ in range(2):
        found.fact("amount"), found.people("initiator")
    assert asked == ["amount", "initiator"]
    found.forget_facts()
    assert found.fact("amount") == 3
    assert found.people("initiator") == frozenset()
    assert asked == ["amount", "initiator", "amount"]


def test_stage_that_has_no_name_is_called_by_its_key():
    found = matter(labels={"trial": "Trial"})
    assert [found.label(stage) for stage in ("trial", "gone")] == ["Trial", "gone"]
