from collections import Counter
from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from approvals.models import Outcome, SignOffPolicy
from approvals.policies import (
    RULES,
    Group,
    adopt_policy,
    check,
    current_versions,
    groups_of,
)
from tests.approvals.factories import PolicyFactory, group

A, R, B, J = "approve", "return", "send_back", "reject"
VOTES = st.sampled_from([None, A, R, B, J])
NEGATIVE = {R, B, J}
DIALS: dict[str, Any] = {"groups": [group("all", 1)], "working_days": 60}


def group_of(rule, size, need=0):
    return Group(rule, tuple(f"panel-{n}" for n in range(size)), need)


@st.composite
def quorums(draw):
    votes = draw(st.lists(VOTES, min_size=1, max_size=7))
    return group_of("n_of_m", len(votes), draw(st.integers(1, len(votes)))), votes


@pytest.mark.unit
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
    ],
)
def test_votes_amount_to_a_result(rule, need, votes, result):
    assert group_of(rule, len(votes), need).result(votes) == result


@pytest.mark.unit
@given(st.sampled_from(sorted(RULES)), st.lists(VOTES, max_size=7), st.data())
def test_group_never_approves_with_fewer_approvals_than_needed(rule, votes, data):
    need = data.draw(st.integers(1, max(len(votes), 1)))
    needed = {"all": max(len(votes), 1), "ordered": max(len(votes), 1), "any": 1, "n_of_m": need}
    if votes.count(A) < needed[rule] and (rule != "n_of_m" or votes):
        assert group_of(rule, len(votes), need).result(votes) != A


@pytest.mark.unit
@given(st.sampled_from(sorted(RULES)), st.lists(VOTES, min_size=1, max_size=7), st.data())
def test_group_answers_only_what_somebody_voted(rule, votes, data):
    quorum = group_of(rule, len(votes), data.draw(st.integers(1, len(votes))))
    assert quorum.result(votes) in {None, *votes}


@pytest.mark.unit
@given(quorums())
def test_quorum_decides_as_soon_as_and_only_when_it_is_decided(case):
    quorum, votes = case
    enough = votes.count(A) >= quorum.need
    reachable = votes.count(A) + votes.count(None) >= quorum.need
    result = quorum.result(votes)
    assert (result == A) == enough
    assert (result is None) == (reachable and not enough)
    assert (result in NEGATIVE) == (not reachable)


@pytest.mark.unit
@given(quorums(), st.data())
def test_quorum_does_not_depend_on_the_order_of_its_votes(case, data):
    quorum, votes = case
    assert quorum.result(data.draw(st.permutations(votes))) == quorum.result(votes)


@pytest.mark.unit
@given(quorums(), st.data())
def test_quorum_that_approved_stays_approved(case, data):
    quorum, votes = case
    later = [vote or data.draw(VOTES) for vote in votes]
    if quorum.result(votes) == A:
        assert quorum.result(later) == A


@pytest.mark.unit
@given(quorums())
def test_quorum_out_of_reach_takes_the_commonest_answer(case):
    quorum, votes = case
    result = quorum.result(votes)
    counted = Counter(vote for vote in votes if vote in NEGATIVE)
    if result in NEGATIVE:
        assert counted[result] == max(counted.values())


@pytest.mark.unit
@pytest.mark.parametrize(
    ("rule", "one_by_one", "counts_heads"),
    [
        ("all", False, False),
        ("any", False, False),
        ("n_of_m", False, True),
        ("ordered", True, False),
    ],
)
def test_rule_says_how_its_seats_open_and_count(rule, one_by_one, counts_heads):
    plain = group_of(rule, 2)
    assert (plain.one_by_one, plain.counts_heads) == (one_by_one, counts_heads)


@pytest.mark.unit
def test_stored_groups_are_read_in_order():
    policy = SignOffPolicy(groups=[group("n_of_m", 2, need=1), group("all", 1)])
    assert groups_of(policy) == [
        Group("n_of_m", ("jabatan-0", "jabatan-1"), 1),
        Group("all", ("jabatan-0",), 0),
    ]


@pytest.mark.unit
@pytest.mark.parametrize("rule", sorted(RULES))
def test_policy_that_can_be_met_is_accepted(rule):
    check("verification", [group(rule, 2, need=2), group("all", 1)], ["initiator"])


@pytest.mark.unit
@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("groups", "sentence"),
    [
        ([], "verification: a policy needs at least one group."),
        (None, "verification: a policy needs at least one group."),
        ({"rule": "all"}, "verification: a policy needs at least one group."),
        (["all"], "verification, 1: write the group as a rule with its members."),
        ([{"rule": "all"}], "verification, 1: name the offices in a list."),
        (
            [{"rule": "all", "members": "panel-1"}],
            "verification, 1: name the offices in a list.",
        ),
        ([{"rule": "all", "members": [7]}], "verification, 1: name the offices in a list."),
        ([group("all", 0)], "verification, 1: name at least one office."),
        (
            [group("all", 1), group("most", 1)],
            "verification, 2: unknown rule; use one of all, any, n_of_m, ordered.",
        ),
        (
            [{"rule": "all", "members": ["panel-1", "panel-1"]}],
            "verification, 1: an office is named twice.",
        ),
        ([group("n_of_m", 2, need=3)], "verification, 1: 3 of 2 can never be met."),
        ([group("n_of_m", 2)], "verification, 1: 0 of 2 can never be met."),
        ([group("n_of_m", 2, need=-1)], "verification, 1: -1 of 2 can never be met."),
        ([group("n_of_m", 2, need="2")], "verification, 1: 2 of 2 can never be met."),
    ],
)
def test_policy_that_can_never_be_met_is_refused(groups, sentence):
    with pytest.raises(ValidationError) as refusal:
        check("verification", groups, [])
    assert refusal.value.messages == [sentence]


@pytest.mark.unit
@pytest.mark.usefixtures("english")
def test_policy_is_refused_with_all_its_faults():
    with pytest.raises(ValidationError) as refusal:
        check("trial", [group("most", 0), group("n_of_m", 1, need=2)], ["weekday", "initiator"])
    assert refusal.value.messages == [
        "trial, 1: name at least one office.",
        "trial, 1: unknown rule; use one of all, any, n_of_m, ordered.",
        "trial, 2: 2 of 1 can never be met.",
        "trial: unknown exclusion “weekday”.",
    ]


@pytest.mark.integration
@pytest.mark.django_db
@time_machine.travel("2026-03-10T01:00:00Z", tick=False)
def test_policy_is_adopted_from_today_on(system):
    policy = adopt_policy(system, "trial", groups=[group("all", 1)], working_days=60)
    assert (policy.version, policy.valid_from) == (1, date(2026, 3, 10))
    assert (policy.groups, policy.working_days) == ([group("all", 1)], 60)
    assert policy.exclusions == ["initiator", "co_initiator"]
    assert policy.history.get().history_user == system
    assert str(policy) == "trial v1"


@pytest.mark.integration
@pytest.mark.django_db
@pytest.mark.parametrize(
    "changed",
    [{"groups": [group("any", 2)]}, {"working_days": 30}, {"exclusions": ["initiator"]}],
    ids=lambda changed: next(iter(changed)),
)
def test_changed_policy_is_a_new_version_and_the_old_one_stays(changed, system):
    first = adopt_policy(system, "trial", **DIALS)
    second = adopt_policy(system, "trial", **(DIALS | changed))
    assert (first.version, second.version) == (1, 2)
    assert SignOffPolicy.objects.get(pk=first.pk).groups == DIALS["groups"]


@pytest.mark.integration
@pytest.mark.django_db
def test_same_policy_again_changes_nothing(system):
    first = adopt_policy(system, "trial", **DIALS)
    assert adopt_policy(system, "trial", **DIALS) == first
    assert SignOffPolicy.objects.get().history.count() == 1


@pytest.mark.integration
@pytest.mark.django_db
def test_older_policy_can_return_as_a_new_version(system):
    for working_days, version in ((60, 1), (30, 2), (60, 3)):
        policy = adopt_policy(system, "trial", **(DIALS | {"working_days": working_days}))
        assert policy.version == version


@pytest.mark.integration
@pytest.mark.django_db
def test_impossible_policy_is_not_adopted(system):
    with pytest.raises(ValidationError):
        adopt_policy(system, "trial", groups=[], working_days=60)
    assert not SignOffPolicy.objects.exists()


@pytest.mark.integration
@pytest.mark.django_db
@time_machine.travel("2026-03-10T01:00:00Z", tick=False)
def test_new_case_starts_with_the_newest_versions_that_run():
    PolicyFactory(stage="trial", version=1, valid_from=date(2026, 1, 1))
    PolicyFactory(stage="trial", version=2, valid_from=date(2026, 3, 10))
    PolicyFactory(stage="trial", version=3, valid_from=date(2026, 3, 11))
    PolicyFactory(stage="signing", version=1, valid_from=date(2025, 1, 1))
    PolicyFactory(stage="report", version=1, valid_from=date(2027, 1, 1))
    assert current_versions() == {"trial": 2, "signing": 1}


@pytest.mark.integration
@pytest.mark.django_db
def test_current_versions_cost_one_query(django_assert_num_queries):
    PolicyFactory.create_batch(3, stage="trial")
    with django_assert_num_queries(1):
        assert len(current_versions()) == 1


@pytest.mark.unit
def test_outcomes_fit_their_column():
    assert max(len(outcome) for outcome in Outcome.values) <= 10
