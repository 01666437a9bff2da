"""What would make a policy impossible or unsafe, in sentences."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from . import conditions
from .exclusions import ALWAYS, is_known, label_of
from .matter import SIGNER
from .policies import RULES, Group

LONGEST_TERM = 250
MOST_GROUPS = 12
UNIT = "unit:"
INITIATOR = "@initiator"


@dataclass(frozen=True)
class Dials:
    """What a policy version sets for its stage."""

    groups: list[dict[str, Any]]
    working_days: int
    exclusions: list[str]
    covers: list[str]
    declares_conflict: bool = False
    batch_ceiling: Decimal | None = None


@dataclass(frozen=True)
class Fault:
    """What is wrong, in a sentence, and with which group (counted from one) if it is about one."""

    sentence: str
    group: int = 0

    def __str__(self) -> str:
        if not self.group:
            return self.sentence
        place = _("group %(number)s") % {"number": self.group}
        return f"{place}: {self.sentence}"


def check(stage: str, dials: Dials, *, own_work: bool = False) -> None:
    """Refuse a policy that could never be met or lets people sign for themselves.

    `own_work`: the stage is work of the initiator's own (a revision), not an approval. Raises
    ValidationError with a sentence for each fault.
    """
    if faults := faults_of(stage, dials, own_work=own_work):
        raise ValidationError([f"{stage}: {fault}" for fault in faults])


def faults_of(stage: str, dials: Dials, *, own_work: bool = False) -> list[Fault]:
    """What would make a policy of the stage impossible or unsafe; empty where nothing does."""
    faults = [*_groups_faults(dials.groups), *_never_met(dials)]
    sentences = _exclusion_faults(stage, dials, own_work=own_work)
    if not 1 <= dials.working_days <= LONGEST_TERM:
        sentence = _("working days: write a number from 1 to %(most)s.")
        sentences.append(sentence % {"most": LONGEST_TERM})
    if dials.batch_ceiling is not None and not 0 < dials.batch_ceiling <= conditions.MOST:
        sentences.append(
            _("approved in batch up to: write an amount above zero, or leave it empty.")
        )
    return faults + [Fault(sentence) for sentence in sentences]


def _groups_faults(groups: Any) -> list[Fault]:
    if not isinstance(groups, list) or not groups:
        return [Fault(_("a policy needs at least one group."))]
    if len(groups) > MOST_GROUPS:
        return [Fault(_("%(count)s groups are too many; %(most)s fit.") % _counts(groups))]
    faults = [
        Fault(fault, number)
        for number, group in enumerate(groups, start=1)
        for fault in _group_faults(group)
    ]
    if not faults and all(group.get("when") for group in groups):
        sentence = _(
            "every group has a condition: a case that meets none would be signed by nobody."
        )
        faults.append(Fault(sentence))
    return faults


def _counts(groups: list[Any]) -> dict[str, int]:
    return {"count": len(groups), "most": MOST_GROUPS}


def _group_faults(group: Any) -> list[str]:
    if not isinstance(group, dict):
        return [_("write the group as a rule with its members.")]
    members = group.get("members")
    if not isinstance(members, list) or not all(isinstance(member, str) for member in members):
        return [_("name the offices in a list.")]
    faults = [] if members else [_("name at least one office.")]
    if group.get("rule") not in list(RULES):
        faults.append(_("unknown rule; use one of %(rules)s.") % {"rules": ", ".join(RULES)})
    if len(set(members)) != len(members):
        faults.append(_("an office is named twice."))
    when = group.get("when", [])
    if not isinstance(when, list):
        return [*faults, _("write the conditions as a list.")]
    for condition in when:
        faults += conditions.faults_of(condition)
    if not faults and conditions.contradict(when):
        faults.append(_("its conditions exclude each other: it would never be asked."))
    return faults + _number_faults(group, members) + _unit_faults(group, members)


def _number_faults(group: dict[str, Any], members: Collection[str]) -> list[str]:
    need = group.get("need", 0)
    if group.get("rule") != "n_of_m" or need in range(1, len(members) + 1):
        return []
    sentence = _("%(need)s of %(count)s can never be met.")
    return [sentence % {"need": need, "count": len(members)}]


def _unit_faults(group: dict[str, Any], members: Collection[str]) -> list[str]:
    """`one_per_unit` asks units (or roles that stand for units); the other rules may as well."""
    if group.get("rule") != "one_per_unit":
        return []
    offices = [member for member in members if not member.startswith((UNIT, "@"))]
    sentence = _("“one per unit” names units; “%(member)s” is an office.")
    return [sentence % {"member": member} for member in offices]


def _exclusion_faults(stage: str, dials: Dials, *, own_work: bool) -> list[str]:
    faults = [
        _("unknown exclusion “%(name)s”.") % {"name": name}
        for name in sorted(set(dials.exclusions))
        if not is_known(name)
    ]
    if f"{SIGNER}{stage}" in dials.exclusions:
        faults.append(_("who signs this stage cannot be excluded for signing this stage."))
    if not own_work:
        left_out = [name for name in ALWAYS if name not in dials.exclusions]
        sentence = _("%(who)s must stay excluded: nobody signs on their own innovation.")
        faults += [sentence % {"who": label_of(name)} for name in left_out]
    return faults


def _never_met(dials: Dials) -> list[Fault]:
    """Groups that need the initiator, whom the policy excludes."""
    if "initiator" not in dials.exclusions or not isinstance(dials.groups, list):
        return []
    sentence = _("it needs the initiator, whom the policy excludes: it can never be met.")
    return [
        Fault(sentence, number)
        for number, group in enumerate(dials.groups, start=1)
        if isinstance(group, dict) and _needs_initiator(group)
    ]


def _needs_initiator(group: dict[str, Any]) -> bool:
    members, rule = group.get("members"), RULES.get(str(group.get("rule")))
    if rule is None or not isinstance(members, list) or INITIATOR not in members:
        return False
    others = ["approve" if member != INITIATOR else None for member in members]
    need = group.get("need", 0)
    return rule.result(Group(group["rule"], tuple(members), need), others) is None
