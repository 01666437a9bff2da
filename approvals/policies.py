"""The language of sign-off policies: groups in order, each with a rule over its members' votes.

A policy kind is one row of `RULES`. Its function reads the votes of one group and says what they
amount to; None means that signatures are still missing. Who is asked at all is a matter of
`conditions.py`, who never signs of `exclusions.py`.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from .conditions import Condition, holds
from .matter import Matter
from .models import Outcome, SignOffPolicy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Vote = str | None
APPROVE = Outcome.APPROVE.value
MILDEST_FIRST = (Outcome.RETURN.value, Outcome.SEND_BACK.value, Outcome.REJECT.value)
# Neither for nor against.
RECUSE = Outcome.RECUSE.value
APART = (Outcome.ABSTAIN.value, RECUSE)


@dataclass(frozen=True)
class Group:
    """Some seats and the rule that says when they suffice."""

    rule: str
    members: tuple[str, ...]
    need: int = 0
    # The group is asked only where the case meets all of these.
    when: tuple[Condition, ...] = ()
    # The last word on an act that may bind organisation, personnel or budget.
    definitive: bool = False

    @property
    def one_by_one(self) -> bool:
        """Seats open in their order, each after the one before has signed."""
        return RULES[self.rule].one_by_one

    @property
    def counts_heads(self) -> bool:
        """The group wants distinct people, whatever offices they hold."""
        return RULES[self.rule].counts_heads

    @property
    def shares(self) -> bool:
        """One answer is enough: who takes the work up keeps the others from doing it twice."""
        return RULES[self.rule].shares

    def applies(self, matter: Matter) -> bool:
        """Whether the group is asked on this case, as its facts are now."""
        return self.unmet(matter) is None

    def unmet(self, matter: Matter) -> Condition | None:
        """The first condition that the case does not meet, as its facts are now."""
        return next((one for one in self.when if not holds(one, matter)), None)

    def result(self, votes: Sequence[Vote]) -> Vote:
        """What the votes of this group's seats amount to, or None while open."""
        return RULES[self.rule].result(self, votes)


@dataclass(frozen=True)
class Rule:
    """A kind of policy: what the votes of a group amount to, and how people choose and read it."""

    result: Callable[[Group, Sequence[Vote]], Vote]
    label: "_StrPromise"
    # Whom the group asks, without a full stop; may name `members` and `need`.
    sentence: "_StrPromise"
    counts_heads: bool = False
    one_by_one: bool = False
    shares: bool = False
    # The editor asks how many signatures are enough.
    numbered: bool = False


# Earlier signers who are asked again because what they signed has changed.
RECONFIRMATION = Group("all", ())


def _negatives(votes: Sequence[Vote]) -> list[str]:
    return [vote for vote in votes if vote in MILDEST_FIRST]


def all_of(group: Group, votes: Sequence[Vote]) -> Vote:
    """Every member approves; the first other answer decides."""
    if negative := _negatives(votes):
        return negative[0]
    return APPROVE if votes and all(vote == APPROVE for vote in votes) else None


def any_of(group: Group, votes: Sequence[Vote]) -> Vote:
    """The first answer decides."""
    return next((vote for vote in votes if vote is not None and vote not in APART), None)


def n_of_m(group: Group, votes: Sequence[Vote]) -> Vote:
    """`need` approvals suffice; once they are out of reach, the commonest other answer decides.

    Between equally common answers the mildest wins: return, send back, reject. A seat whose holder
    stepped back can still be given to somebody else, so it keeps the approvals in reach.
    """
    approvals = votes.count(APPROVE)
    if approvals >= group.need:
        return APPROVE
    counted = Counter(_negatives(votes))
    may_come = votes.count(None) + votes.count(RECUSE)
    if approvals + may_come >= group.need or not counted:
        return None
    return max(MILDEST_FIRST, key=lambda vote: counted[vote])


RULES: dict[str, Rule] = {
    "all": Rule(all_of, _("All of them"), _("all of: %(members)s")),
    "any": Rule(any_of, _("One of them, whoever is first"), _("one of: %(members)s"), shares=True),
    "n_of_m": Rule(
        n_of_m,
        _("Some of them, each a different person"),
        _("%(need)s of these, different people: %(members)s"),
        counts_heads=True,
        numbered=True,
    ),
    "ordered": Rule(
        all_of,
        _("All of them, one after the other"),
        _("one after the other: %(members)s"),
        one_by_one=True,
    ),
    "one_per_unit": Rule(
        all_of,
        _("One person of each unit"),
        _("each of these, different people: %(members)s"),
        counts_heads=True,
    ),
}


def groups_of(policy: SignOffPolicy) -> list[Group]:
    """The groups of a stored policy, in order."""
    return [
        Group(
            rule=group["rule"],
            members=tuple(group["members"]),
            need=group.get("need", 0),
            when=tuple(group.get("when", ())),
            definitive=group.get("definitive", False),
        )
        for group in policy.groups
    ]
