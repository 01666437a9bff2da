"""What the votes of a group amount to."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.models import Outcome, SignOffPolicy
from approvals.policies import RULES, Group, groups_of
from tests.approvals.factories import group, matter

A, R, B, J = "approve", "return", "send_back", "reject"
# Stepped back, and abstained: neither for nor against.
S, N = "recuse", "abstain"
VOTES = st.sampled_from([None, A, R, B, J, S])
NEGATIVE = {R, B, J}

pytestmark = pytest.mark.unit


def group_of(rule, size, need=0):
    return Group(rule, tuple(f"panel-{n}" for n in range(size)), need)


@st.composite
def quorums(draw):
    votes = draw(st.lists(VOTES, min_size=1, max_size=7))
    return group_of("n_of_m", len(votes), draw(st.integers(1, len(votes)))), votes


@pytest.mark.parametrize(
    ("rule", "need", "votes", "result"),
    [
        ("all", 0, [None], None),
        ("all", 0, [A], A),
        ("all", 0, [A, None], None),
        ("all", 0, [None, A], None),
        ("all", 0, [A, A], A),
        ("all", 0, [A, R], R),
        ("all", 0, [None, J], J),
        ("all", 0, [R, J], R),
        ("all", 0, [], None),
        ("ordered", 0, [None, None], None),
        ("ordered", 0, [A, None], None),
        ("ordered", 0, [A, A], A),
        ("ordered", 0, [A, B, None], B),
        ("any", 0, [None, None], None),
        ("any", 0, [None, A], A),
        ("any", 0, [J, None], J),
        ("any", 0, [], None),
        ("any", 0, [S, None], None),
        ("any", 0, [S, N, A], A),
        ("any", 0, [S, S], None),
        ("all", 0, [S], None),
        ("all", 0, [S, A], None),
        ("all", 0, [S, J], J),
        ("all", 0, [A, N], None),
        ("ordered", 0, [S, None], None),
        ("one_per_unit", 0, [A, None], None),
        ("one_per_unit", 0, [A, A], A),
        ("one_per_unit", 0, [None, R], R),
        ("n_of_m", 3, [None] * 5, None),
        ("n_of_m", 3, [A, None, A, None, None], None),
        ("n_of_m", 3, [A, None, A, A, None], A),
        ("n_of_m", 3, [A, A, A, R, J], A),
        ("n_of_m", 3, [A, R, R, None, None], None),
        ("n_of_m", 3, [A, A, J, J, None], None),
        ("n_of_m", 3, [R, R, R, None, None], R),
        ("n_of_m", 3, [J, R, J, None, None], J),
        ("n_of_m", 3, [J, R, A, A, J], J),
        ("n_of_m", 3, [J, R, J, R, A], R),
        ("n_of_m", 3, [J, B, J, B, None], B),
        ("n_of_m", 3, [J, B, R, None, None], R),
        ("n_of_m", 1, [R, None], None),
        ("n_of_m", 1, [R, A], A),
        ("n_of_m", 2, [R, None], R),
        # Whoever stepped back can be replaced.
        ("n_of_m", 2, [S, R, None], None),
        ("n_of_m", 2, [S, S, R], None),
        ("n_of_m", 2, [S, A, A], A),
        ("n_of_m", 2, [S, R, J], R),
        ("n_of_m", 2, [N, R, None], R),
        ("n_of_m", 2, [N, N, None], None),
    ],
)
def test_votes_amount_to_a_result(rule, need, votes, result):
    assert group_of(rule, len(votes), need).result(votes) == result


@given(st.sampled_from(sorted(RULES)), st.lists(VOTES, max_size=7), st.data())
def test_group_never_approves_with_fewer_approvals_than_needed(rule, votes, data):
    need = data.draw(st.integers(1, max(len(votes), 1)))
    needed = {"any": 1, "n_of_m": need}.get(rule, max(len(votes), 1))
    if votes.count(A) < needed:
        assert group_of(rule, len(votes), need).result(votes) != A


@given(st.sampled_from(sorted(RULES)), st.lists(VOTES, min_size=1, max_size=7), st.data())
def test_group_answers_only_what_somebody_voted(rule, votes, data):
    quorum = group_of(rule, len(votes), data.draw(st.integers(1, len(votes))))
    assert quorum.result(votes) in {None, *votes}


@given(quorums())
def test_quorum_decides_as_soon_as_and_only_when_it_is_decided(case):
    quorum, votes = case
    enough = votes.count(A) >= quorum.need
    reachable = votes.count(A) + votes.count(None) + votes.count(S) >= quorum.need
    result = quorum.result(votes)
    assert (result == A) == enough
    assert (result is None) == (reachable and not enough)
    assert (result in NEGATIVE) == (not reachable)


@given(quorums(), st.data())
def test_quorum_does_not_depend_on_the_order_of_its_votes(case, data):
    quorum, votes = case
    assert quorum.result(data.draw(st.permutations(votes))) == quorum.result(votes)


@given(quorums(), st.data())
def test_quorum_that_approved_stays_approved(case, data):
    quorum, votes = case
    later = [vote or data.draw(VOTES) for vote in votes]
    if quorum.result(votes) == A:
        assert quorum.result(later) == A


@given(quorums())
def test_quorum_out_of_reach_takes_the_commonest_answer(case):
    quorum, votes = case
    result = quorum.result(votes)
    counted = Counter(vote for vote in votes if vote in NEGATIVE)
    if result in NEGATIVE:
        assert counted[result] == max(counted.values())


@pytest.mark.parametrize(
    ("rule", "one_by_one", "counts_heads", "shares"),
    [
        ("all", False, False, False),
        ("any", False, False, True),
        ("n_of_m", False, True, False),
        ("ordered", True, False, False),
        ("one_per_unit", False, True, False),
    ],
)
def test_rule_says_how_its_seats_open_and_count(rule, one_by_one, counts_heads, shares):
    plain = group_of(rule, 2)
    found = (plain.one_by_one, plain.counts_heads, plain.shares)
    assert found == (one_by_one, counts_heads, shares)


def test_stored_groups_are_read_in_order():
    when = [{"fact": "amount", "at_least": "5"}]
    stored = [group("n_of_m", 2, need=1), group("all", 1, when=when, definitive=True)]
    assert groups_of(SignOffPolicy(groups=stored)) == [
        Group("n_of_m", ("jabatan-0", "jabatan-1"), 1),
        Group("all", ("jabatan-0",), 0, when=tuple(when), definitive=True),
    ]


AMOUNT, PILLAR = {"fact": "amount", "at_least": "100"}, {"fact": "pillar", "any_of": ["food"]}


@pytest.mark.parametrize(
    ("facts", "unmet"),
    [
        ({"amount": 100, "pillar": {"food"}}, None),
        ({"amount": 99, "pillar": {"food"}}, AMOUNT),
        ({"amount": 100, "pillar": {"health"}}, PILLAR),
        ({"amount": 99, "pillar": {"health"}}, AMOUNT),
        ({}, AMOUNT),
    ],
)
def test_group_is_asked_where_every_condition_is_met(facts, unmet):
    conditional = Group("all", ("sekda",), when=(AMOUNT, PILLAR))
    assert conditional.unmet(matter(facts=facts)) == unmet
    assert conditional.applies(matter(facts=facts)) is (unmet is None)


def test_group_without_conditions_is_always_asked():
    assert Group("all", ("sekda",)).applies(matter())


def test_outcomes_fit_their_column():
    assert max(len(outcome) for outcome in Outcome.values) <= 10
