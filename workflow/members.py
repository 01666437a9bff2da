"""Whom a policy's words stand for on a case: offices, units, and roles that the case fills."""

import datetime
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.authority import Authority, authorities_for
from accounts.models import Office, Unit
from approvals.exclusions import bar
from approvals.matter import Matter
from approvals.models import SignOffPolicy
from approvals.policies import Group, groups_of
from approvals.policy_checks import UNIT
from approvals.seats import Member, Place

from .models import Case

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

ASSISTANTS = {
    "health": "asisten-1",
    "education": "asisten-1",
    "social": "asisten-1",
    "village": "asisten-1",
    "food": "asisten-2",
    "agriculture": "asisten-2",
    "cooperatives_sme": "asisten-2",
    "trade": "asisten-2",
    "tourism": "asisten-2",
}
ASSISTANT_FOR_THE_REST = "asisten-3"


def head_of(unit_id: int) -> Office:
    """The office that heads a unit."""
    return Office.objects.select_related("superior").get(unit_id=unit_id, is_head=True)


def _laboratory(case: Case) -> Office:
    return head_of(case.innovation.laboratory_id or case.innovation.owning_unit_id)


def _units_involved(case: Case) -> Sequence[Unit]:
    """The owning unit and the units where the initiators work."""
    innovation = case.innovation
    people = [innovation.initiator, *(p.user for p in innovation.participants.all())]
    units = [innovation.owning_unit, *(p.home_unit for p in people if p.home_unit)]
    return list(dict.fromkeys(units))


@dataclass(frozen=True)
class Role:
    """A word of a policy that each case fills in its own way; `find` says with whom.

    known_after: the stage that finds it out; a policy of an earlier one cannot use the role.
    """

    label: "_StrPromise"
    find: Callable[[Case], Member | Sequence[Member]]
    known_after: str = ""


# A policy names a role as "@role"; one row each.
ROLES: dict[str, Role] = {
    "initiator": Role(gettext_lazy("the initiator"), lambda case: case.innovation.proposer),
    "owning_unit_head": Role(
        gettext_lazy("the head of the owning unit"),
        lambda case: head_of(case.innovation.owning_unit_id),
    ),
    "laboratory_head": Role(
        gettext_lazy("the head of the unit that runs the trial, or of the owning unit"), _laboratory
    ),
    "assistant": Role(
        gettext_lazy("the assistant of the regional secretary for the field"),
        lambda case: Office.objects.get(
            code=ASSISTANTS.get(case.innovation.affair, ASSISTANT_FOR_THE_REST)
        ),
    ),
    "owner": Role(
        gettext_lazy("the owner whom the commitment names"),
        lambda case: case.innovation.commitment.owner_office,
        known_after="commitment",
    ),
    "units_involved": Role(
        gettext_lazy("each unit involved: the owning one and those of the initiators"),
        _units_involved,
    ),
}


class Roster:
    """Who stands behind a policy's words on a day; what was asked once is remembered.

    For one case as for a rehearsal over hundreds: offices, units, and who may act for an office.
    """

    def __init__(self, on: datetime.date) -> None:
        self.on = on
        self._members: dict[tuple[int, str], list[Member]] = {}
        self._authorities: dict[int, list[Authority]] = {}

    def look_up(self, words: Collection[str], case: Case) -> None:
        """Find what several words stand for, and who may act for it, in few queries."""
        codes = [w for w in words if not w.startswith(("@", UNIT)) and (0, w) not in self._members]
        if codes:
            for office in Office.objects.select_related("superior").filter(code__in=codes):
                self._members[0, office.code] = [office]
        members = [member for word in words for member in self.named(word, case)]
        self.authorities([one for one in members if isinstance(one, Office)], self.on)

    def named(self, word: str, case: Case) -> list[Member]:
        """What `named` says; an office or unit is the same for every case."""
        key = (case.pk if word.startswith("@") else 0, word)
        if key not in self._members:
            self._members[key] = named(word, case)
        return self._members[key]

    def authorities(
        self, offices: Iterable[Office], on: datetime.date
    ) -> dict[int, list[Authority]]:
        """What `authorities_for` says of the roster's day."""
        assert on == self.on
        offices = list(offices)
        new = [office for office in offices if office.pk not in self._authorities]
        if new:
            found = authorities_for(new, on)
            self._authorities |= {office.pk: found.get(office.pk, []) for office in new}
        return {office.pk: self._authorities[office.pk] for office in offices}


def named(member: str, case: Case) -> list[Member]:
    """The offices, units or people that a policy's word stands for on this case."""
    if member.startswith("@"):
        found = ROLES[member[1:]].find(case)
        return list(found) if isinstance(found, Sequence) else [found]
    return [by_code(member)]


def by_code(member: str) -> Office | Unit:
    """The office or unit that a policy names by its code."""
    if member.startswith(UNIT):
        return Unit.objects.get(code=member.removeprefix(UNIT))
    return Office.objects.select_related("superior").get(code=member)


def places_of(
    case: Case,
    policy: SignOffPolicy,
    matter: Matter,
    on: datetime.date,
    roster: Roster | None = None,
) -> list[list[Place]]:
    """Each group's places, in order; one who stands in a group twice sits there once."""
    roster, groups = roster or Roster(on), groups_of(policy)
    roster.look_up([word for group in groups for word in group.members], case)
    return [_of_group(group, case, policy, matter, roster) for group in groups]


def _of_group(
    group: Group, case: Case, policy: SignOffPolicy, matter: Matter, roster: Roster
) -> list[Place]:
    places: dict[Member, Place] = {}
    for member in group.members:
        for first in roster.named(member, case):
            who = eligible_member(first, policy, matter, roster.on, roster)
            # A quorum needs as many places as it has members, so that one can be given away.
            if who in places and group.counts_heads:
                who = first
            places.setdefault(who, Place(member, who))
    return list(places.values())


def eligible_member(
    member: Member,
    policy: SignOffPolicy,
    matter: Matter,
    on: datetime.date,
    roster: Roster | None = None,
) -> Member:
    """The member; for an office whose holder may not sign here, the nearest above that has one.

    Where nobody above may sign either, it stays with the member: the stage says that it lacks
    somebody, and the secretariat is told.
    """
    if not isinstance(member, Office):
        return member
    roster = roster or Roster(on)
    office, asked = member, {member.pk}
    while _is_barred(office, policy, matter, roster, vacant=office.pk != member.pk):
        above = office.superior
        if above is None or above.pk in asked:
            return member
        office = above
        asked.add(office.pk)
    return office


def _is_barred(
    office: Office, policy: SignOffPolicy, matter: Matter, roster: Roster, *, vacant: bool
) -> bool:
    """Whether the one who speaks for the office may not sign here, for themself or a principal.

    `vacant` is the answer where nobody speaks for it.
    """
    rights = roster.authorities([office], roster.on)[office.pk]
    if not rights:
        return vacant
    people = [rights[0].person.pk, *rights[0].principals]
    return any(bar(matter, policy.exclusions, person) for person in people)


def check_known(members: Iterable[str]) -> None:
    """Refuse a policy's words that stand for nobody; a sentence each."""
    members = set(members)
    units = {m.removeprefix(UNIT) for m in members if m.startswith(UNIT)}
    offices = {m for m in members if not m.startswith(("@", UNIT))}
    unknown = {m for m in members if m.startswith("@") and m[1:] not in ROLES}
    known = set(Office.objects.filter(code__in=offices).values_list("code", flat=True))
    unknown |= offices - known
    known = set(Unit.objects.filter(code__in=units).values_list("code", flat=True))
    unknown |= {f"{UNIT}{code}" for code in units - known}
    if unknown:
        sentence = _("“%(name)s” is no office, unit or role here. Choose one of the list.")
        raise ValidationError([sentence % {"name": name} for name in sorted(unknown)])
