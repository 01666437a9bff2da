"""Samples that anybody draws again."""

import hashlib

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.acting import acting_as
from approvals.refusals import NotAllowed
from audit.kinds import Kind
from audit.models import Entry, Sample
from audit.sampling import draw_again, draw_sample, drawn, hash_of
from tests.audit.factories import inspector, sees_everything
from tests.notifications.factories import CaseFactory, UserFactory, system

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def cases():
    with acting_as(system()):
        return CaseFactory.create_batch(6)


def draw(actor, size, **how):
    with transaction.atomic():
        return draw_sample(actor, size, **how)


def by_hand(codes, seed, size):
    """The rule as the page states it, in other words."""
    ranked = {hashlib.sha256(f"{seed}\n{code}".encode()).hexdigest(): code for code in codes}
    return [ranked[digest] for digest in sorted(ranked)][:size]


def test_sample_follows_the_rule_that_the_page_states(cases):
    codes = sorted(case.code for case in cases)

    sample = draw(inspector(), 3, seed="belitung")

    assert sample.codes == by_hand(codes, "belitung", 3)
    assert (sample.size, sample.population) == (3, 6)
    assert sample.population_hash == hashlib.sha256("\n".join(codes).encode()).hexdigest()


def test_draw_is_an_entry_of_the_ledger(cases):
    who = inspector()
    sample = draw(who, 2)

    entry = Entry.objects.get(kind=Kind.SAMPLE)
    assert entry.actor == who
    assert sample.seed in entry.payload
    assert all(code in entry.payload for code in sample.codes)


def test_same_draw_gives_the_same_cases_after_others_have_come(cases):
    sample = draw(inspector(), 4)
    with acting_as(system()):
        CaseFactory.create_batch(3)

    again = draw_again(Sample.objects.get())

    assert (again.population, again.population_hash) == (6, sample.population_hash)
    assert again.codes == sample.codes


def test_another_seed_draws_others():
    codes = [f"INV-2026-{number:04d}" for number in range(200)]
    assert drawn(codes, "a", 20) != drawn(codes, "b", 20)
    assert drawn(codes, "a", 20) == drawn(list(reversed(codes)), "a", 20)
    assert hash_of(codes) != hash_of(list(reversed(codes)))


def test_seed_is_made_where_none_is_given(cases):
    who = inspector()
    first, second = draw(who, 1), draw(who, 1)
    assert len(first.seed) == len(second.seed) == 32
    assert first.seed != second.seed


def test_population_is_what_the_question_finds(cases):
    wanted = cases[2]
    sample = draw(inspector(), 1, query=f"case={wanted.code}&cursor=1.1")
    assert (sample.codes, sample.population) == ([wanted.code], 1)
    assert sample.query == f"case={wanted.code}"


@pytest.mark.parametrize(
    ("size", "query"), [(0, ""), (7, ""), (-1, ""), (1, "case=tidak-ada"), (1, "since=x")]
)
def test_draw_that_cannot_be_is_refused(cases, size, query):
    with pytest.raises(ValidationError):
        draw(inspector(), size, query=query)
    assert not Sample.objects.exists()


@pytest.mark.parametrize("who", [sees_everything, UserFactory])
def test_only_the_inspectorate_draws(cases, who):
    person = who()
    with pytest.raises(NotAllowed):
        draw(person, 1)
