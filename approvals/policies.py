"""The language of sign-off policies: groups in order, each with a rule over its members' votes.

A policy kind is one function in `RULES`. It reads the votes of one group and says what they
amount to; None means that signatures are still missing.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.models import User
from accounts.offices import today

from .models import Outcome, SignOffPolicy

Vote = str | None
APPROVE = Outcome.APPROVE.value
MILDEST_FIRST = (Outcome.RETURN.value, Outcome.SEND_BACK.value, Outcome.REJECT.value)
EXCLUSIONS = ("initiator", "co_initiator")


@dataclass(frozen=True)
class Group:
    """Some seats and the rule that says when they suffice."""

    rule: str
    members: tuple[str, ...]
    need: int = 0

    @property
    def one_by_one(self) -> bool:
        """Seats open in their order, each after the one before has signed."""
        return self.rule == "ordered"

    @property
    def counts_heads(self) -> bool:
        """A quorum wants distinct people, whatever offices they hold."""
        return self.rule == "n_of_m"

    def result(self, votes: Sequence[Vote]) -> Vote:
        """What the votes of this group's seats amount to, or None while open."""
        return RULES[self.rule](self, votes)


def _negatives(votes: Sequence[Vote]) -> list[str]:
    return [vote for vote in votes if vote is not None and vote != APPROVE]


def all_of(group: Group, votes: Sequence[Vote]) -> Vote:
    """Every member approves; the first other answer decides."""
    if negative := _negatives(votes):
        return negative[0]
    return APPROVE if votes and all(votes) else None


def any_of(group: Group, votes: Sequence[Vote]) -> Vote:
    """The first answer decides."""
    return next((vote for vote in votes if vote is not None), None)


def n_of_m(group: Group, votes: Sequence[Vote]) -> Vote:
    """`need` approvals suffice; once they are out of reach, the commonest other answer decides.

    Between equally common answers the mildest wins: return, send back, reject.
    """
    approvals = votes.count(APPROVE)
    if approvals >= group.need:
        return APPROVE
    if approvals + votes.count(None) >= group.need:
        return None
    counted = Counter(_negatives(votes))
    return max(MILDEST_FIRST, key=lambda vote: counted[vote])


RULES: dict[str, Callable[[Group, Sequence[Vote]], Vote]] = {
    "all": all_of,
    "any": any_of,
    "n_of_m": n_of_m,
    "ordered": all_of,
}


def groups_of(policy: SignOffPolicy) -> list[Group]:
    """The groups of a stored policy, in order."""
    return [
        Group(group["rule"], tuple(group["members"]), group.get("need", 0))
        for group in policy.groups
    ]


def check(stage: str, groups: Any, exclusions: Collection[str]) -> None:
    """Refuse a policy that could never be met, with a sentence for each fault."""
    faults: list[str] = []
    if not isinstance(groups, list) or not groups:
        faults.append(_("%(stage)s: a policy needs at least one group.") % {"stage": stage})
        groups = []
    for number, group in enumerate(groups, start=1):
        faults += [f"{stage}, {number}: {fault}" for fault in _group_faults(group)]
    for name in sorted(set(exclusions) - set(EXCLUSIONS)):
        sentence = _("%(stage)s: unknown exclusion “%(name)s”.")
        faults.append(sentence % {"stage": stage, "name": name})
    if faults:
        raise ValidationError(faults)


def _group_faults(group: Any) -> list[str]:
    if not isinstance(group, dict):
        return [_("write the group as a rule with its members.")]
    members = group.get("members")
    if not isinstance(members, list) or not all(isinstance(member, str) for member in members):
        return [_("name the offices in a list.")]
    faults = []
    if not members:
        faults.append(_("name at least one office."))
    if group.get("rule") not in RULES:
        faults.append(_("unknown rule; use one of %(rules)s.") % {"rules": ", ".join(RULES)})
    if len(set(members)) != len(members):
        faults.append(_("an office is named twice."))
    need = group.get("need", 0)
    if group.get("rule") == "n_of_m" and need not in range(1, len(members) + 1):
        sentence = _("%(need)s of %(count)s can never be met.")
        faults.append(sentence % {"need": need, "count": len(members)})
    return faults


@verb
def adopt_policy(
    actor: User,
    stage: str,
    *,
    groups: list[dict[str, Any]],
    working_days: int,
    exclusions: Sequence[str] = EXCLUSIONS,
) -> SignOffPolicy:
    """Make a new version of a stage's policy for new cases; the same again changes nothing.

    Raises ValidationError with a sentence for each fault that `check` finds.
    """
    check(stage, groups, exclusions)
    newest = SignOffPolicy.objects.filter(stage=stage).first()
    wanted = {"groups": groups, "working_days": working_days, "exclusions": list(exclusions)}
    if newest and all(getattr(newest, key) == value for key, value in wanted.items()):
        return newest
    return SignOffPolicy.objects.create(
        stage=stage, version=newest.version + 1 if newest else 1, valid_from=today(), **wanted
    )


def current_versions() -> dict[str, int]:
    """The version of every stage's policy that a new case starts with."""
    running = SignOffPolicy.objects.filter(valid_from__lte=today()).order_by("version")
    return dict(running.values_list("stage", "version"))
