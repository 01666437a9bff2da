"""Whoever reads a list of waiting work, with all that they may act for on the day."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q, QuerySet

from accounts.authority import Authority, authorities_of
from accounts.models import Appointment, Unit, User
from accounts.offices import today
from approvals.models import Seat
from innovations.models import ConflictDeclaration

from .models import Case

DEFINITIVE = Appointment.Capacity.DEFINITIVE
OWN, ACTING, DELEGATED, BY_UNIT, BY_NAME = "own", "acting", "delegated", "unit", "name"


@dataclass(frozen=True)
class Reader:
    """A person, and the rights on which this person may answer seats today."""

    person: User
    rights: tuple[Authority, ...]
    on: datetime.date

    @cached_property
    def offices(self) -> dict[int, list[Authority]]:
        """The rights by the office that they are to."""
        return _grouped((right.office.pk, right) for right in self.rights)

    @cached_property
    def units(self) -> dict[int, list[Authority]]:
        """The rights by the unit of their office: they reach the seats of that unit too."""
        return _grouped((right.office.unit_id, right) for right in self.rights)

    @cached_property
    def barred(self) -> list[int]:
        """The running cases that the person may not judge: their own, those stepped back from."""
        running = Case.objects.filter(finished__isnull=True).order_by().values_list("pk", flat=True)
        left = ConflictDeclaration.objects.filter(
            person=self.person, kind=ConflictDeclaration.Kind.RECUSE
        )
        return list(
            running.filter(innovation__initiator=self.person).union(
                running.filter(innovation__caretaker=self.person),
                running.filter(innovation__participants__user=self.person),
                running.filter(innovation__in=left.values("innovation")),
            )
        )

    def right_to(self, seat: Seat) -> Authority | None:
        """The first of the rights that reaches a seat's office or unit at its stage."""
        rights = self.offices.get(seat.office_id or 0) or self.units.get(seat.unit_id or 0, [])
        return next((right for right in rights if _reaches(right, seat.stage)), None)

    def is_asked(self, seat: Seat) -> bool:
        """Whether the seat waits for this person: by name, office, unit or delegation."""
        return seat.person_id == self.person.pk or self.right_to(seat) is not None

    def units_around(self) -> QuerySet[Unit]:
        """The units that the person belongs to or leads, with those directly below the led ones."""
        own = [right.office for right in self.rights if right.delegation is None]
        belongs = {self.person.home_unit_id, *(office.unit_id for office in own)} - {None}
        led = [office.unit_id for office in own if office.is_head]
        return Unit.objects.filter(Q(pk__in=belongs) | Q(parent__in=led)).order_by()


def reader_of(person: User) -> Reader:
    """The person with today's rights."""
    on = today()
    rights = tuple(authorities_of(person, on))
    # The menu of the page names the person's unit, which the office there has brought along.
    at_home = (one.office.unit for one in rights if one.office.unit_id == person.home_unit_id)
    if unit := next(at_home, None):
        person.home_unit = unit
    return Reader(person, rights, on)


def kind_of(right: Authority) -> str:
    """What kind of right it is: the person's own office, one acted for, or a delegated one."""
    if right.delegation is not None:
        return DELEGATED
    return OWN if right.appointment.capacity == DEFINITIVE else ACTING


def _reaches(right: Authority, stage: str) -> bool:
    letter = right.delegation
    return letter is None or not letter.stages or stage in letter.stages


def _grouped(pairs: Iterable[tuple[int, Authority]]) -> dict[int, list[Authority]]:
    found: dict[int, list[Authority]] = {}
    for key, right in pairs:
        found.setdefault(key, []).append(right)
    return found
