from dataclasses import asdict, replace

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from approvals.conditions import FACTS
from approvals.policies import RULES
from approvals.policy_checks import MOST_GROUPS, Dials
from workflow.policy_entries import (
    ConditionEntry,
    Entries,
    GroupEntry,
    entries_from,
    entries_of,
    posted_of,
    rearrange,
)

pytestmark = pytest.mark.unit

TEXT = st.text("abc 123.-@:", max_size=8)
CONDITIONS = st.builds(
    ConditionEntry,
    fact=st.sampled_from(sorted(FACTS)),
    comparison=TEXT,
    value=TEXT,
    values=st.just([]),
)
GROUPS = st.builds(
    GroupEntry,
    rule=st.sampled_from(sorted(RULES)),
    members=st.lists(TEXT, max_size=4, unique=True),
    need=TEXT,
    definitive=st.booleans(),
    when=st.lists(CONDITIONS, max_size=3),
)
ENTRIES = st.builds(
    Entries,
    groups=st.lists(GROUPS, max_size=4),
    exclusions=st.lists(TEXT, max_size=3),
    covers=st.lists(TEXT, max_size=3),
    working_days=TEXT,
    declares_conflict=st.booleans(),
    batch_ceiling=TEXT,
    reason=TEXT,
)
WISHES = st.one_of(
    st.text("012:updownremembrswhadi", max_size=16),
    st.builds(
        "{}:{}:{}:{}".format,
        st.integers(0, 5),
        st.sampled_from(["members", "when"]),
        st.integers(0, 5),
        st.sampled_from(["up", "down", "remove"]),
    ),
    st.builds("{}:{}".format, st.integers(0, 5), st.sampled_from(["up", "down", "remove"])),
)


def post(pairs: list[tuple[str, str]]) -> QueryDict:
    """What a browser would send."""
    found = QueryDict(mutable=True)
    for name, value in pairs:
        found.appendlist(name, value)
    return found


def with_groups(*members: str) -> Entries:
    """An editor with a group for each of these."""
    return Entries([GroupEntry(members=list(names)) for names in members], [], [], "5")


def members(entries: Entries) -> list[str]:
    return ["".join(group.members) for group in entries.groups]


@given(ENTRIES)
def test_entries_survive_being_sent(entries):
    again = entries_from(post(list(posted_of(entries))))

    # A single value is sent as one of a list: which of the two counts is the fact's to say.
    for group in again.groups:
        for condition in group.when:
            assert condition.values == ([condition.value] if condition.value else [])
            condition.values = []
    assert asdict(again) == asdict(entries)


@given(ENTRIES, WISHES)
def test_no_wish_loses_what_was_typed(entries, wish):
    before = asdict(entries)
    rearrange(entries, wish)

    rest = {name: value for name, value in asdict(entries).items() if name != "groups"}
    assert rest == {name: value for name, value in before.items() if name != "groups"}
    if not wish.endswith("remove"):
        kept = [sorted(group["members"]) for group in before["groups"]]
        found = [sorted(group["members"]) for group in asdict(entries)["groups"]]
        assert sorted(kept) == sorted(found[: len(kept)]) or wish == "add"


@pytest.mark.parametrize(
    ("wish", "groups", "place"),
    [
        ("0:up", ["ab", "cd", "ef"], "group-1"),
        ("1:up", ["cd", "ab", "ef"], "group-1"),
        ("1:down", ["ab", "ef", "cd"], "group-3"),
        ("2:down", ["ab", "cd", "ef"], "group-3"),
        ("2:remove", ["ab", "cd"], "group-2"),
        ("0:remove", ["cd", "ef"], "group-1"),
        ("add", ["ab", "cd", "ef", ""], "group-4"),
        ("1:members:0:down", ["ab", "dc", "ef"], "members-2"),
        ("1:members:1:remove", ["ab", "c", "ef"], "members-2"),
        ("1:members:", ["ab", "cd", "ef"], "members-2"),
        ("1:when:0:remove", ["ab", "cd", "ef"], "when-2"),
        ("1:rule:0:remove", ["ab", "cd", "ef"], "rule-2"),
        ("7:remove", ["ab", "cd", "ef"], ""),
        ("-1:remove", ["ab", "cd", "ef"], ""),
        ("²:remove", ["ab", "cd", "ef"], ""),
        ("", ["ab", "cd", "ef"], ""),
    ],
)
def test_buttons_rearrange_groups_and_members(wish, groups, place):
    entries = with_groups("ab", "cd", "ef")

    assert rearrange(entries, wish) == place
    assert members(entries) == groups


def test_last_group_that_fits_is_not_passed():
    entries = with_groups(*["a"] * MOST_GROUPS)

    rearrange(entries, "add")

    assert len(entries.groups) == MOST_GROUPS


def test_whoever_is_chosen_but_not_added_yet_counts():
    entries = entries_from(
        post(
            [
                ("groups", "1"),
                ("g0-members", "sekda"),
                ("g0-add_member", "bupati"),
                ("g0-add_fact", "amount"),
            ]
        )
    )

    assert entries.groups[0].members == ["sekda", "bupati"]
    assert entries.groups[0].when == [ConditionEntry("amount")]


@pytest.mark.parametrize(
    "sent",
    [
        [],
        [("groups", "x")],
        [("groups", "-1")],
        [("groups", "²")],
        [("groups", "9" * 30)],
    ],
)
def test_count_that_is_none_makes_no_group(sent):
    assert entries_from(post(sent)).groups == []


def test_too_many_groups_are_cut_to_one_more_than_fits():
    assert len(entries_from(post([("groups", "500")])).groups) == MOST_GROUPS + 1


def test_what_no_database_can_keep_is_shown_and_not_stored():
    entries = entries_from(post([("groups", "1"), ("g0-members", "a\x00b")]))

    assert entries.groups[0].members == ["a\ufffdb"]


def test_unknown_rule_and_fact_are_left_out():
    sent = [("groups", "1"), ("g0-rule", "most"), ("g0-conditions", "1"), ("g0-c0-fact", "moon")]

    (group,) = entries_from(post(sent)).groups

    assert (group.rule, group.when) == ("all", [])


def test_version_stands_in_the_editor_as_people_write_it():
    group = {
        "rule": "n_of_m",
        "need": 2,
        "members": ["a", "b"],
        "when": [{"fact": "amount", "at_least": "1500000"}, {"fact": "pillar", "any_of": ["x"]}],
    }
    dials = Dials([group], 5, ["initiator"], ["identity"], batch_ceiling=None)

    entries = entries_of(dials)

    assert entries.groups == [
        GroupEntry(
            "n_of_m",
            ["a", "b"],
            "2",
            when=[
                ConditionEntry("amount", "at_least", "1.500.000"),
                ConditionEntry("pillar", "any_of", values=["x"]),
            ],
        )
    ]
    assert (entries.working_days, entries.batch_ceiling) == ("5", "")
    assert replace(entries, groups=[]) == Entries([], ["initiator"], ["identity"], "5")
