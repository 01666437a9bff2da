"""Who may act for an office on a day: its speaking holder, and the delegates of that holder."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from .models import Appointment, Delegation, Office, User
from .offices import appointments_on, speaker, standing_on
from .scopes import listed

MANDATES = (Appointment.Capacity.ACTING, Appointment.Capacity.DAILY_ACTING)


@dataclass(frozen=True)
class Authority:
    """One person's right to act for one office on a day, and what it rests on.

    `appointment` is the person's own, or the delegator's. `principals` are the people this one
    stands in for on that day: what they may not do on a case, neither may this one.
    """

    office: Office
    person: User
    appointment: Appointment
    delegation: Delegation | None = None
    principals: tuple[int, ...] = ()
    own_title: str = ""

    @property
    def capacity(self) -> str:
        """As it is written under a signature: `a.n. Kepala Dinas, Sekretaris Dinas`."""
        if self.delegation is None:
            return self.appointment.title
        own = f", {self.own_title}" if self.own_title else ""
        return f"{on_behalf_of(self.appointment)}{own}"

    @property
    def basis(self) -> str:
        """The number of the letter."""
        return (self.delegation or self.appointment).basis_number

    @property
    def is_mandate(self) -> bool:
        """Plt., Plh. or a personal delegation: UU 30/2014, art. 14.

        A mandate may not bind organisation, personnel or budget as the last signatory.
        """
        return self.delegation is not None or self.appointment.capacity in MANDATES

    def limit(self, *, stage: str, instrument_kind: str, amount: Decimal | None) -> str:
        """Empty within the scope of the letter; else a sentence that names the limit and letter.

        What the case does not have yet ("" for the instrument, None for the money) limits nothing.
        """
        if self.delegation is None:
            return ""
        return _limit(self.delegation, stage, instrument_kind, amount)


def _limit(letter: Delegation, stage: str, kind: str, amount: Decimal | None) -> str:
    if letter.stages and stage not in letter.stages:
        sentence = _("Letter %(letter)s hands on these stages only: %(scope)s.")
        values = {"scope": listed("stages", letter.stages)}
    elif letter.instrument_kinds and kind and kind not in letter.instrument_kinds:
        sentence = _("Letter %(letter)s hands on these kinds of instrument only: %(scope)s.")
        values = {"scope": listed("instrument_kinds", letter.instrument_kinds)}
    elif letter.ceiling is not None and amount is not None and amount > letter.ceiling:
        sentence = _("Letter %(letter)s reaches up to %(ceiling)s; this is about %(amount)s.")
        values = {"ceiling": _rupiah(letter.ceiling), "amount": _rupiah(amount)}
    else:
        return ""
    return sentence % {"letter": letter.basis_number, **values}


def limits_of(letter: Delegation) -> list[str]:
    """What a delegation is limited to, each limit in words."""
    limits = [listed(scope, getattr(letter, scope)) for scope in ("stages", "instrument_kinds")]
    if letter.ceiling is not None:
        limits.append(_("up to %(amount)s") % {"amount": _rupiah(letter.ceiling)})
    return [limit for limit in limits if limit]


def on_behalf_of(appointment: Appointment) -> str:
    """How a delegate's capacity begins: `a.n. Kepala Dinas`."""
    return f"a.n. {appointment.title}"


def _rupiah(amount: Decimal) -> str:
    places = 0 if amount == amount.to_integral_value() else 2
    return "Rp" + number_format(amount, decimal_pos=places, force_grouping=True)


def authorities_for(offices: Iterable[Office], on: datetime.date) -> dict[int, list[Authority]]:
    """Who may act for each office on that day, by its number: the holder first, then delegates."""
    standing = standing_on(offices, on)
    given = _given(on, principal__office__in=standing) if standing else []
    delegates = [one.delegate_id for one in given]
    held = appointments_on(on).filter(user__in=delegates) if delegates else ()
    return authorities_from(standing, given, held)


def authorities_from(
    standing: Mapping[int, Sequence[Appointment]],
    given: Iterable[Delegation],
    held: Iterable[Appointment],
) -> dict[int, list[Authority]]:
    """The same from rows in hand: who stands at each office in order, letters in order.

    `held` are the appointments of the delegates, for their own titles.
    """
    titles = _titles(held)
    found = {office: _holders(appointments) for office, appointments in standing.items()}
    for one in given:
        office = one.principal.office_id
        found[office] += _delegates(one, standing[office], titles)
    return found


def authorities_of(user: User, on: datetime.date) -> list[Authority]:
    """Everything the person may act for on that day: the own offices, then those of others."""
    if not user.is_active:
        return []
    given = _given(on, delegate=user)
    standing = standing_on([one.principal.office for one in given], on, beside=user)
    own = [one for them in standing.values() for one in them if one.user_id == user.pk]
    own.sort(key=lambda one: (one.start, one.pk), reverse=True)
    titles = _titles(own)
    found: list[Authority] = []
    for one in own:
        found += [a for a in _holders(standing[one.office_id]) if a.appointment == one]
    for delegation in given:
        found += _delegates(delegation, standing[delegation.principal.office_id], titles)
    return found


def _given(on: datetime.date, **wanted: Any) -> list[Delegation]:
    """The running letters, the first one first; their people are read only where there are any.

    Most offices have handed nothing on, and writing that long a question costs more than asking it.
    """
    letters = Delegation.objects.running(on).filter(delegate__is_active=True, **wanted)
    found = list(letters.order_by().values_list("pk", flat=True))
    people = ("delegate", "principal__user", "principal__office__unit")
    whole = Delegation.objects.select_related(*people).order_by("start", "pk")
    return list(whole.filter(pk__in=found)) if found else []


def _holders(standing: Sequence[Appointment]) -> list[Authority]:
    """Who speaks for an office: one, or nobody."""
    speaking = speaker(standing)
    if speaking is None:
        return []
    principals = _behind(speaking, standing, without=speaking.user_id)
    return [Authority(speaking.office, speaking.user, speaking, principals=principals)]


def _delegates(
    delegation: Delegation, standing: Sequence[Appointment], titles: Mapping[int, str]
) -> list[Authority]:
    """The delegate, unless another than the delegator speaks for the office."""
    speaking, person = speaker(standing), delegation.delegate
    if speaking is None or speaking.pk != delegation.principal_id:
        return []
    return [
        Authority(
            speaking.office,
            person,
            speaking,
            delegation=delegation,
            principals=(speaking.user_id, *_behind(speaking, standing, without=person.pk)),
            own_title=titles.get(person.pk, ""),
        )
    ]


def _behind(
    speaking: Appointment, standing: Sequence[Appointment], *, without: int
) -> tuple[int, ...]:
    """Whom the speaking holder stands in for: everybody else appointed, who ranks behind."""
    people = dict.fromkeys(one.user_id for one in standing[standing.index(speaking) + 1 :])
    return tuple(pk for pk in people if pk not in (without, speaking.user_id))


def _titles(appointments: Iterable[Appointment]) -> dict[int, str]:
    """The title by which each person is known: the definitive one held longest."""
    definitive = Appointment.Capacity.DEFINITIVE
    found: dict[int, str] = {}
    for one in sorted(appointments, key=lambda a: (a.capacity != definitive, a.start, a.pk)):
        found.setdefault(one.user_id, one.title)
    return found
