"""What a person holds, who acts for them, and for whom they act: now, later, and before."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from .authority import MANDATES, limits_of, on_behalf_of
from .models import Appointment, Delegation, User
from .offices import speaker, standing_on

BEFORE = 20


@dataclass
class Letter:
    """A delegation on a day: ended, over, coming, resting while another speaks, or at work."""

    delegation: Delegation
    state: str

    @property
    def capacity(self) -> str:
        """On whose behalf: `a.n. Kepala Dinas`."""
        return on_behalf_of(self.delegation.principal)

    @property
    def limits(self) -> list[str]:
        """What the letter is limited to, in words; empty for everything."""
        return limits_of(self.delegation)


@dataclass
class Held:
    """An appointment of the person, who speaks in its place today, and who acts for it."""

    appointment: Appointment
    state: str
    instead: Appointment | None
    delegates: list[Letter] = field(default_factory=list)
    may_hand_on: bool = False


@dataclass
class Overview:
    """Everything that a person's own page shows."""

    held: list[Held]
    received: list[Letter]
    before: list[Appointment]
    given_before: list[Delegation]

    @property
    def may_hand_on(self) -> bool:
        """Whether there is an office whose authority the person could hand on."""
        return any(one.may_hand_on for one in self.held)


def overview_of(user: User, on: datetime.date) -> Overview:
    """What the person holds, gives and receives, in five queries at any size."""
    lasting = Q(end__isnull=True) | Q(end__gte=on)
    own = user.appointments.select_related("office__unit", "letter", "user")
    held = list(own.filter(lasting).order_by("start", "pk"))
    letters = Delegation.objects.select_related(
        "delegate", "letter", "principal__user", "principal__office"
    ).order_by("start", "pk")
    given = list(letters.filter(principal__user=user))
    received = list(letters.filter(delegate=user, revoked_at=None, end__gte=on))
    offices = [one.office for one in held] + [one.principal.office for one in received]
    speaking = {pk: speaker(them) for pk, them in standing_on(offices, on).items()}
    return Overview(
        held=[_held(one, speaking[one.office_id], given, on) for one in held],
        received=[
            Letter(one, state_of(one, speaking[one.principal.office_id], on)) for one in received
        ],
        before=list(own.exclude(lasting)[:BEFORE]),
        given_before=[one for one in reversed(given) if _over(one, on)][:BEFORE],
    )


def state_of(delegation: Delegation, speaking: Appointment | None, on: datetime.date) -> str:
    """How a delegation stands on a day, where that appointment speaks for the office."""
    if delegation.revoked_at:
        return "ended"
    if delegation.end < on:
        return "over"
    if delegation.start > on:
        return "coming"
    return "at_work" if speaking and speaking.pk == delegation.principal_id else "resting"


def can_be_handed_on(user: User, on: datetime.date) -> Iterable[Appointment]:
    """The appointments of a person that are not over, and no mandates."""
    lasting = Q(end__isnull=True) | Q(end__gte=on)
    own = user.appointments.filter(lasting).exclude(capacity__in=MANDATES)
    return own.select_related("office", "user").order_by("start", "pk")


def _held(
    appointment: Appointment,
    speaking: Appointment | None,
    given: Iterable[Delegation],
    on: datetime.date,
) -> Held:
    coming = appointment.start > on
    speaks = speaking is not None and speaking.pk == appointment.pk
    return Held(
        appointment,
        state="coming" if coming else "speaks" if speaks else "resting",
        instead=None if coming or speaks else speaking,
        delegates=[
            Letter(one, state_of(one, speaking, on))
            for one in given
            if one.principal_id == appointment.pk and not _over(one, on)
        ],
        may_hand_on=appointment.capacity not in MANDATES,
    )


def _over(delegation: Delegation, on: datetime.date) -> bool:
    return delegation.revoked_at is not None or delegation.end < on
