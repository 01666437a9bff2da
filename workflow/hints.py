"""What the system knows of a person's nearness to cases, for any number of them at once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.offices import appointments_on, today
from approvals.models import SignOff
from innovations.models import Innovation, Participant

from .models import Case
from .stages import stage_labels

MOST_NAMED = 3


@dataclass(frozen=True)
class _Known:
    """What is looked up once for all cases; people and units by their numbers."""

    person: User
    people: Mapping[int, set[int]]
    shared: Sequence[tuple[Innovation, set[int]]]
    units: Mapping[int, set[int]]
    signed: Mapping[int, set[str]]


def hints_for(person: User, cases: Iterable[Case]) -> dict[int, list[str]]:
    """For each case, by its number: how the person is near to it, in sentences. Five queries."""
    cases = list(cases)
    known = _Known(
        person,
        people=_people_of(cases),
        shared=_innovations_of(person),
        units=_units_of([person, *(case.innovation.initiator for case in cases)]),
        signed=_stages_signed(person, cases),
    )
    return {case.pk: list(_of_case(case, known)) for case in cases}


def _of_case(case: Case, known: _Known) -> Iterator[str]:
    innovation = case.innovation
    others = [
        other
        for other, people in known.shared
        if other.pk != innovation.pk and people & known.people[innovation.pk]
    ]
    for other in others[:MOST_NAMED]:
        yield _("You and one of its initiators are both on “%(name)s”.") % {"name": other.name}
    if known.units[known.person.pk] & known.units[innovation.initiator_id]:
        initiator = innovation.initiator.get_short_name()
        yield _("You work in the same unit as the initiator, %(person)s.") % {"person": initiator}
    labels = stage_labels()
    for stage in sorted(known.signed.get(case.pk, ())):
        yield _("You signed its stage “%(stage)s”.") % {"stage": labels.get(stage, stage)}


def _people_of(cases: Sequence[Case]) -> dict[int, set[int]]:
    """The initiators of each case's innovation."""
    found = {case.innovation_id: {case.innovation.initiator_id} for case in cases}
    for innovation, user in _participants(found):
        found[innovation].add(user)
    return found


def _participants(innovations: Iterable[int]) -> list[tuple[int, int]]:
    taking_part = Participant.objects.filter(innovation__in=list(innovations)).order_by()
    return list(taking_part.values_list("innovation", "user"))


def _innovations_of(person: User) -> list[tuple[Innovation, set[int]]]:
    """What the person has initiated or taken part in, with everybody on it."""
    mine = Innovation.objects.filter(Q(initiator=person) | Q(participants__user=person))
    found = {one.pk: (one, {one.initiator_id}) for one in mine.distinct()}
    for innovation, user in _participants(found):
        found[innovation][1].add(user)
    return list(found.values())


def _units_of(people: Sequence[User]) -> dict[int, set[int]]:
    """Where each works, by place of work and by office."""
    found = {one.pk: {one.home_unit_id} if one.home_unit_id else set() for one in people}
    held = appointments_on(today()).filter(user__in=found)
    for user, unit in held.order_by().values_list("user", "office__unit"):
        found[user].add(unit)
    return found


def _stages_signed(person: User, cases: Sequence[Case]) -> dict[int, set[str]]:
    signed = SignOff.objects.filter(seat__process__in=cases, person=person, lapse__isnull=True)
    found: dict[int, set[str]] = {}
    for case, stage in signed.order_by().values_list("seat__process", "seat__stage"):
        found.setdefault(case, set()).add(stage)
    return found
