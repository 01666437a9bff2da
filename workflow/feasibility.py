"""Can a policy ever be met at its stage? Faults forbid it; warnings say who is missing today."""

import datetime
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from approvals.conditions import FACTS as LANGUAGE
from approvals.conditions import Condition
from approvals.matter import SIGNER, Matter
from approvals.models import Outcome, Seat, SignOff, SignOffPolicy
from approvals.policies import APPROVE, groups_of
from approvals.policy_checks import UNIT, Dials, Fault, faults_of
from approvals.reach import gaps, most_filled
from approvals.seats import Place, new_seat, numbered
from approvals.standing import Standing

from .content import section_titles
from .facts import FACTS
from .members import ROLES, by_code, check_known
from .policy_words import BETWEEN, Names
from .stages import comes_before, comes_surely_after, is_own_work, stages_by_name

Group = Mapping[str, Any]


def faults_at(stage: str, dials: Dials, names: Names) -> list[Fault]:
    """Everything for which a version may not come into use at a stage."""
    faults = faults_of(stage, dials, own_work=is_own_work(stage))
    if faults:
        return faults
    for number, group in enumerate(dials.groups, start=1):
        sentences = _unknown(group["members"])
        sentences = sentences or [
            *_roles_too_early(stage, group["members"], names),
            *_no_such_choice(group.get("when", ()), names),
            *_no_office_left(group, names),
        ]
        faults += [Fault(sentence, number) for sentence in sentences]
    return [
        *faults,
        *_form_unfilled(stage, dials),
        *_sections(stage, dials),
        *_signers(stage, dials),
    ]


def _unknown(members: Collection[str]) -> list[str]:
    try:
        check_known(members)
    except ValidationError as error:
        return error.messages
    return []


def _roles_too_early(stage: str, members: Collection[str], names: Names) -> Iterator[str]:
    for member in members:
        role = ROLES.get(member.removeprefix("@")) if member.startswith("@") else None
        if role and role.known_after and not comes_surely_after(stage, role.known_after):
            sentence = _("%(who)s is known only after the stage “%(stage)s”. Choose somebody else.")
            yield sentence % {
                "who": names.member(member),
                "stage": names.stages[role.known_after],
            }


def _no_such_choice(conditions: Sequence[Condition], names: Names) -> Iterator[str]:
    for condition in conditions:
        fact = condition["fact"]
        for value in condition.get("any_of", ()):
            if value not in names.choices(fact):
                sentence = _("condition on %(fact)s: “%(value)s” is not in the list.")
                yield sentence % {"fact": LANGUAGE[fact].label, "value": value}


def _no_office_left(group: Group, names: Names) -> Iterator[str]:
    """Members for whom no office could ever sign, where the group cannot do without them."""
    able = {
        place: _offices_behind(member, names)
        for place, member in enumerate(group["members"])
        if not member.startswith("@")
    }
    rule = groups_of(SignOffPolicy(groups=[group]))[0]
    filled = most_filled(able) if rule.counts_heads else {place for place in able if able[place]}
    left = [place for place in able if place not in filled]
    votes = [None if place in left else APPROVE for place in range(len(group["members"]))]
    if rule.result(votes) == APPROVE:
        return
    for place in left:
        sentence = (
            _("%(member)s: the unit has no office that could sign; it can never be met.")
            if not able[place]
            else _(
                "%(member)s: the same office signs in this group already, and the group wants "
                "different people; it can never be met."
            )
        )
        yield sentence % {"member": names.member(group["members"][place])}


def _offices_behind(member: str, names: Names) -> list[int]:
    """The offices that can sign for a word, by their place in the list of all."""
    return [
        number
        for number, (code, _title, unit, _name) in enumerate(names.office_rows)
        if member in (code, f"{UNIT}{unit}")
    ]


def _form_unfilled(stage: str, dials: Dials) -> list[Fault]:
    """A stage whose form is filled in by some groups must always ask one of them."""
    node = stages_by_name()[stage]
    if not node.form or node.fills is None:
        return []
    fillers = [n for n in node.fills if n < len(dials.groups)]
    if any(not dials.groups[number].get("when") for number in fillers):
        return []
    sentence = _("it fills in the form of this stage and must always be asked: give no condition.")
    return [Fault(sentence, number + 1) for number in fillers]


def _sections(stage: str, dials: Dials) -> list[Fault]:
    if not dials.covers:
        return [Fault(_("sections covered: choose at least one, else a signature binds nothing."))]
    hidden = [key for key in dials.covers if key not in stages_by_name()[stage].reads]
    sentence = _("sections covered: the screen of this stage does not show “%(section)s”.")
    titles = section_titles()
    return [Fault(sentence % {"section": titles.get(key, key)}) for key in hidden]


def _signers(stage: str, dials: Dials) -> list[Fault]:
    named = [n.removeprefix(SIGNER) for n in dials.exclusions if n.startswith(SIGNER)]
    sentence = _("exclusions: “%(stage)s” is no stage before this one.")
    return [Fault(sentence % {"stage": one}) for one in named if not comes_before(one, stage)]


def warnings_today(stage: str, dials: Dials, names: Names, on: datetime.date) -> list[Fault]:
    """What would keep cases waiting with the holders of a day; nothing of it forbids the version.

    Roles are left out: each case fills them in its own way, and the rehearsal shows how.
    """
    policy = SignOffPolicy(stage=stage, groups=[_always(group) for group in dials.groups])
    seats = _seats(policy)
    standing = Standing(_nobody_near(), seats, on)
    found = []
    for number, group in enumerate(dials.groups, start=1):
        own = [seat for seat in seats if seat.group == number - 1 and seat.answer is None]
        sentences = [*_vacant(own, standing), *_facts_too_early(stage, group, names)]
        if groups_of(policy)[number - 1].counts_heads:
            sentences += _same_person(own, standing)
        found += [Fault(sentence, number) for sentence in sentences]
    for gap in gaps(policy, seats, standing):
        sentence = _(
            "with today's holders it lacks %(missing)s, and cases would wait for somebody."
        )
        found.append(Fault(sentence % {"missing": gap.missing}, gap.number + 1))
    return sorted(found, key=lambda fault: fault.group)


def _always(group: Group) -> dict[str, Any]:
    return {name: value for name, value in group.items() if name != "when"}


def _seats(policy: SignOffPolicy) -> list[Seat]:
    """A seat for each member; those of roles are taken for signed."""
    seats: list[Seat] = []
    for number, group in enumerate(groups_of(policy)):
        for position, member in enumerate(group.members):
            role = member.startswith("@")
            who = User() if role else by_code(member)
            kept = SignOff(outcome=Outcome.APPROVE) if role else None
            seats.append(new_seat(Place(member, who, kept), policy, number, position))
    return numbered(seats)


def _nobody_near() -> Matter:
    """A case of which nothing is known and to which nobody stands near."""
    return Matter(0, facts={}, people={})


def _vacant(seats: Sequence[Seat], standing: Standing) -> Iterator[str]:
    for seat in seats:
        if not standing.eligible(seat):
            yield (
                _("Nobody holds the office %(office)s today.") % {"office": seat.office}
                if seat.office
                else _("Nobody holds an office of %(unit)s today.") % {"unit": seat.unit}
            )


def _same_person(seats: Sequence[Seat], standing: Standing) -> Iterator[str]:
    """Offices of a group that counts heads which one and the same person alone can sign for."""
    alone: dict[User, list[str]] = {}
    for seat in seats:
        people = standing.eligible(seat)
        if len(people) == 1:
            alone.setdefault(people[0], []).append(seat.holder_label)
    for person, labels in alone.items():
        if len(labels) > 1:
            sentence = _("%(person)s alone signs for %(offices)s, and counts once here.")
            yield sentence % {"person": person, "offices": BETWEEN.join(labels)}


def _facts_too_early(stage: str, group: Group, names: Names) -> Iterator[str]:
    for fact in dict.fromkeys(condition["fact"] for condition in group.get("when", ())):
        known = FACTS[fact].known_from
        if known and comes_before(stage, known):
            sentence = _(
                "%(fact)s is known only from the stage “%(known)s” on: before it has been there, "
                "a case meets no condition on it."
            )
            yield sentence % {"fact": LANGUAGE[fact].label, "known": names.stages[known]}
