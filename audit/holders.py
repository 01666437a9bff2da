"""Who held which office and acted for whom, as it was recorded at a moment.

What was entered into the register later does not count, not even with an earlier date: nobody
could act on it then.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from accounts.authority import Authority, authorities_from
from accounts.clock import day_of
from accounts.models import Appointment, Delegation, Office, User
from accounts.offices import ranked

from .names import Names, as_row, newest, versions

Authorities = dict[int, list[Authority]]


class Holders:
    """The register of offices at a moment, for the day on which it lies; a few queries a question.

    Its rows lead to people, offices and units as they were then.
    """

    def __init__(self, names: Names) -> None:
        self.names = names
        self.on = day_of(names.at)
        self._known: Authorities = {}

    def authorities(
        self, offices: Iterable[Office], on: datetime.date | None = None
    ) -> Authorities:
        """Who could act for each office: the holder first, then delegates."""
        return self._authorities({office.pk for office in offices})

    def speaker(self, office: Office) -> Authority | None:
        """Who spoke for an office."""
        rights = self.authorities([office])[office.pk]
        return next((right for right in rights if right.delegation is None), None)

    def authorities_of(self, person: User) -> list[Authority]:
        """Everything a person could act for."""
        if not person.is_active:
            return []
        own = {one.office_id for one in self._appointed(Q(user=person.pk))}
        given = self._given(Q(delegate=person.pk))
        rights = self._authorities(own | {one.principal.office_id for one in given})
        return [one for them in rights.values() for one in them if one.person.pk == person.pk]

    def offices_of(self, units: Iterable[int]) -> list[Office]:
        """The offices that these units had."""
        wanted = list(units)
        in_units = Q(unit__in=wanted)
        return self._recorded(Office, in_units, in_units)

    def people_of(self, units: Iterable[int]) -> set[int]:
        """Everybody whose unit, by place of work or by office, was one of these."""
        wanted = list(units)
        at_home = Q(home_unit__in=wanted)
        offices = [office.pk for office in self.offices_of(wanted)]
        in_offices = self._appointed(Q(office__in=offices))
        found = {person.pk for person in self._recorded(User, at_home, at_home)}
        return found | {one.user_id for one in in_offices if one.user.is_active}

    def units_of(self, person: User) -> set[int]:
        """The units of a person, by place of work or by office."""
        held = self._appointed(Q(user=person.pk)) if person.is_active else []
        units = {one.office.unit_id for one in held}
        return units | {person.home_unit_id} if person.home_unit_id else units

    def _authorities(self, offices: set[int]) -> Authorities:
        """Each office is looked up once."""
        if missing := offices - self._known.keys():
            self._known.update(self._looked_up(missing))
        return {office: self._known[office] for office in offices}

    def _looked_up(self, offices: set[int]) -> Authorities:
        standing: dict[int, list[Appointment]] = {office: [] for office in offices}
        for one in ranked(self._appointed(Q(office__in=offices))):
            standing[one.office_id].append(one)
        appointed = [one.pk for them in standing.values() for one in them]
        given = self._given(Q(principal__in=appointed))
        delegates = [one.delegate_id for one in given]
        held = self._appointed(Q(user__in=delegates)) if delegates else []
        return authorities_from(standing, given, held)

    def _appointed(self, wanted: Q) -> list[Appointment]:
        """The appointments that ran on the day."""
        running = Q(start__lte=self.on) & (Q(end__isnull=True) | Q(end__gte=self.on))
        return self._recorded(Appointment, wanted, running)

    def _given(self, wanted: Q) -> list[Delegation]:
        """The letters that ran at the moment, the first one first."""
        running = Q(start__lte=self.on, end__gte=self.on, revoked_at__isnull=True)
        letters = self._recorded(Delegation, wanted, running)
        self.names.refer([one.principal for one in letters])
        self._with_units(one.principal.office for one in letters)
        letters.sort(key=lambda one: (one.start, one.pk))
        return [one for one in letters if one.delegate.is_active]

    def _recorded(self, model: Any, wanted: Q, holding: Q) -> list[Any]:
        """The rows of which `holding` was true, among those of which `wanted` was true once."""
        key = model._meta.pk.attname
        rows = versions(model).filter(wanted).order_by().values(key)
        last = newest(versions(model).filter(**{f"{key}__in": rows}), key, self.names.at)
        found = versions(model).filter(holding, history_id__in=last)
        recorded = [as_row(model, row) for row in found.exclude(history_type="-")]
        self.names.refer(recorded)
        if model is Appointment:
            self._with_units(one.office for one in recorded)
        return recorded

    def _with_units(self, offices: Iterable[Office]) -> None:
        self.names.refer(list({office.pk: office for office in offices}.values()))
