"""What stands in the editor of a policy, as it was typed: read, rearranged, and never lost."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.http import QueryDict

from accounts.texts import format_money, storable
from approvals.conditions import FACTS as LANGUAGE
from approvals.conditions import Condition, Kind, comparison_of
from approvals.policies import RULES
from approvals.policy_checks import MOST_GROUPS, Dials

MOST_CONDITIONS = 10


@dataclass
class ConditionEntry:
    """A condition: its fact is chosen when it is added, the rest is typed."""

    fact: str
    comparison: str = ""
    value: str = ""
    values: list[str] = field(default_factory=list)


@dataclass
class GroupEntry:
    """A group, its members in order."""

    rule: str = "all"
    members: list[str] = field(default_factory=list)
    need: str = ""
    definitive: bool = False
    when: list[ConditionEntry] = field(default_factory=list)


@dataclass
class Entries:
    """The whole editor."""

    groups: list[GroupEntry]
    exclusions: list[str]
    covers: list[str]
    working_days: str
    declares_conflict: bool = False
    batch_ceiling: str = ""
    reason: str = ""


def entries_of(dials: Dials) -> Entries:
    """A version as it stands in the editor before anything is typed."""
    return Entries(
        groups=[_group_of(group) for group in dials.groups],
        exclusions=list(dials.exclusions),
        covers=list(dials.covers),
        working_days=str(dials.working_days),
        declares_conflict=dials.declares_conflict,
        batch_ceiling="" if dials.batch_ceiling is None else format_money(dials.batch_ceiling),
    )


def _group_of(group: dict[str, Any]) -> GroupEntry:
    return GroupEntry(
        rule=group["rule"],
        members=list(group["members"]),
        need=str(group.get("need", "")),
        definitive=group.get("definitive", False),
        when=[_condition_of(condition) for condition in group.get("when", ())],
    )


def _condition_of(condition: Condition) -> ConditionEntry:
    comparison = comparison_of(condition)
    value = condition[comparison]
    if isinstance(value, list):
        return ConditionEntry(condition["fact"], comparison, values=list(value))
    money = LANGUAGE[condition["fact"]].kind is Kind.MONEY
    return ConditionEntry(
        condition["fact"], comparison, format_money(Decimal(value)) if money else str(value)
    )


def entries_from(posted: QueryDict) -> Entries:
    """What the editor sent; somebody chosen but not added yet is added."""
    count = _count(posted, "groups", MOST_GROUPS)
    return Entries(
        groups=[_group_from(posted, f"g{number}") for number in range(count)],
        exclusions=posted.getlist("exclusions"),
        covers=posted.getlist("covers"),
        working_days=posted.get("working_days", ""),
        declares_conflict="declares_conflict" in posted,
        batch_ceiling=posted.get("batch_ceiling", ""),
        reason=posted.get("reason", ""),
    )


def _group_from(posted: QueryDict, prefix: str) -> GroupEntry:
    rule = posted.get(f"{prefix}-rule", "")
    group = GroupEntry(
        rule=rule if rule in RULES else "all",
        members=[storable(word) for word in posted.getlist(f"{prefix}-members")],
        need=posted.get(f"{prefix}-need", ""),
        definitive=f"{prefix}-definitive" in posted,
        when=[
            _condition_from(posted, f"{prefix}-c{number}")
            for number in range(_count(posted, f"{prefix}-conditions", MOST_CONDITIONS))
        ],
    )
    group.when = [condition for condition in group.when if condition.fact in LANGUAGE]
    added = storable(posted.get(f"{prefix}-add_member", ""))
    if added and added not in group.members:
        group.members.append(added)
    if (fact := posted.get(f"{prefix}-add_fact", "")) in LANGUAGE:
        group.when.append(ConditionEntry(fact))
    return group


def _condition_from(posted: QueryDict, prefix: str) -> ConditionEntry:
    return ConditionEntry(
        fact=posted.get(f"{prefix}-fact", ""),
        comparison=posted.get(f"{prefix}-comparison", ""),
        value=posted.get(f"{prefix}-value", ""),
        values=[value for value in posted.getlist(f"{prefix}-value") if value],
    )


def posted_of(entries: Entries) -> Iterator[tuple[str, str]]:
    """The fields that would send these entries again, for a page that only passes them on."""
    yield "groups", str(len(entries.groups))
    for number, group in enumerate(entries.groups):
        yield from _posted_group(group, f"g{number}")
    yield from (("exclusions", name) for name in entries.exclusions)
    yield from (("covers", key) for key in entries.covers)
    for name in ("working_days", "batch_ceiling", "reason"):
        yield name, getattr(entries, name)
    if entries.declares_conflict:
        yield "declares_conflict", "on"


def _posted_group(group: GroupEntry, prefix: str) -> Iterator[tuple[str, str]]:
    yield f"{prefix}-rule", group.rule
    yield from ((f"{prefix}-members", word) for word in group.members)
    yield f"{prefix}-need", group.need
    if group.definitive:
        yield f"{prefix}-definitive", "on"
    yield f"{prefix}-conditions", str(len(group.when))
    for place, condition in enumerate(group.when):
        yield f"{prefix}-c{place}-fact", condition.fact
        yield f"{prefix}-c{place}-comparison", condition.comparison
        for value in condition.values or [condition.value]:
            yield f"{prefix}-c{place}-value", value


def _count(posted: QueryDict, name: str, most: int) -> int:
    text = posted.get(name, "")
    # One more than fits, so that too many are refused in a sentence and not cut in silence.
    return min(int(text), most + 1) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def rearrange(entries: Entries, wish: str) -> str:
    """Do what a button of the editor asks; returns the place in it that it is about.

    A wish is `add`, or the number of a group with `up`, `down` or `remove`, or with `members` or
    `when`, the number of a row and what to do with it: `1:members:0:up`. Others change nothing.
    """
    number, _colon, rest = wish.partition(":")
    if wish == "add":
        if len(entries.groups) < MOST_GROUPS:
            entries.groups.append(GroupEntry())
        return f"group-{len(entries.groups)}"
    group = _at(entries.groups, number)
    if group is None:
        return ""
    name, row_follows, row = rest.partition(":")
    if not row_follows:
        return f"group-{_move(entries.groups, int(number), name) + 1}"
    rows: list[Any] = {"members": group.members, "when": group.when}.get(name, [])
    place, _colon, what = row.partition(":")
    if _at(rows, place) is not None:
        _move(rows, int(place), what)
    return f"{name}-{int(number) + 1}"


def _at(rows: Sequence[Any], number: str) -> Any:
    if not (number.isascii() and number.isdigit() and len(number) < 4):
        return None
    return rows[int(number)] if int(number) < len(rows) else None


def _move(rows: list[Any], place: int, what: str) -> int:
    """Move or remove a row; returns where it is now, or what stands in its place."""
    if what == "remove":
        rows.pop(place)
        return min(place, max(len(rows) - 1, 0))
    to = place + {"up": -1, "down": 1}.get(what, 0)
    if not 0 <= to < len(rows):
        return place
    rows.insert(to, rows.pop(place))
    return to
