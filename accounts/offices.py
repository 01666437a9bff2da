"""Which office a person holds, in which capacity, on a date."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from .acting import verb
from .files.uploads import CheckedUpload
from .letters import attach, check_number
from .models import Appointment, Office, User
from .rights import check_may_appoint

Capacity = Appointment.Capacity
DEFINITIVE = Capacity.DEFINITIVE


def today() -> datetime.date:
    """The day it is in the regency (`TIME_ZONE`), whatever UTC says."""
    return timezone.localdate(timezone=timezone.get_default_timezone())


def appointments_on(on: datetime.date) -> QuerySet[Appointment]:
    """Every appointment of an active person that runs on that day."""
    return _running(on).filter(user__is_active=True)


def _running(on: datetime.date) -> QuerySet[Appointment]:
    return _on(on).select_related("user", "office", "office__unit")


def _on(on: datetime.date) -> QuerySet[Appointment]:
    return Appointment.objects.filter(Q(end__isnull=True) | Q(end__gte=on), start__lte=on)


def standing_on(
    offices: Iterable[Office], on: datetime.date, *, beside: User | None = None
) -> dict[int, list[Appointment]]:
    """Everybody appointed to each office on that day, by its number: who ranks first comes first.

    Among them those who are inactive: they do not speak, but others still stand in for them.
    `beside` adds the offices that this person is appointed to.
    """
    found: dict[int, list[Appointment]] = {office.pk: [] for office in offices}
    wanted = Q(office__in=list(found))
    if beside is not None:
        wanted |= Q(office__in=_on(on).filter(user=beside).order_by().values("office"))
    if found or beside:
        for appointment in ranked(_running(on).filter(wanted)):
            found.setdefault(appointment.office_id, []).append(appointment)
    return found


def standing_between(
    office: Office, first: datetime.date, last: datetime.date
) -> QuerySet[Appointment]:
    """Every appointment to the office that shares a day with that span."""
    return Appointment.objects.filter(
        Q(end__isnull=True) | Q(end__gte=first), office=office, start__lte=last
    )


def ranked(appointments: Iterable[Appointment]) -> list[Appointment]:
    """Those appointed to offices on one day, whoever speaks before another first."""
    return sorted(appointments, key=_precedence)


def speaker(standing: Iterable[Appointment]) -> Appointment | None:
    """Who speaks among those appointed to one office on one day, in their order."""
    return next((one for one in standing if one.user.is_active), None)


def holders_of(offices: Iterable[Office], on: datetime.date) -> dict[int, Appointment]:
    """Who speaks for each office on that day: a substitute before the definitive holder."""
    standing = standing_on(offices, on).items()
    return {office: speaking for office, them in standing if (speaking := speaker(them))}


def holder_of(office: Office, on: datetime.date) -> Appointment | None:
    """Who speaks for `office` on that day, or nobody (the post is vacant and nobody acts)."""
    return holders_of([office], on).get(office.pk)


def offices_held(user: User, on: datetime.date) -> list[Appointment]:
    """The appointments in which `user` may act on that day.

    A definitive holder steps back for a substitute.
    """
    own = list(appointments_on(on).filter(user=user))
    speaking = holders_of([appointment.office for appointment in own], on)
    return [a for a in own if speaking[a.office_id].pk == a.pk]


def _precedence(appointment: Appointment) -> tuple[int, int, int]:
    return (
        {Capacity.DAILY_ACTING: 0, DEFINITIVE: 2}.get(Capacity(appointment.capacity), 1),
        -appointment.start.toordinal(),
        -appointment.pk,
    )


@verb
def appoint(
    actor: User,
    user: User,
    office: Office,
    *,
    start: datetime.date,
    basis_number: str,
    basis_date: datetime.date,
    capacity: str = DEFINITIVE,
    end: datetime.date | None = None,
    letter: CheckedUpload | None = None,
) -> Appointment:
    """Record that `user` holds `office`; two of one kind of capacity never overlap.

    Raises PermissionDenied for whoever is no administrator, ValidationError with a sentence when
    the days cross or the post is taken.
    """
    check_may_appoint(actor)
    appointment = Appointment(
        user=user,
        office=office,
        capacity=capacity,
        start=start,
        end=end,
        basis_number=basis_number,
        basis_date=basis_date,
    )
    check_number(appointment)
    _check_person(appointment)
    _check_days(appointment)
    _check_free(appointment)
    attach(appointment, letter)
    appointment.save()
    return appointment


@verb
def end_appointment(actor: User, appointment: Appointment, *, last_day: datetime.date) -> None:
    """Let an appointment end; the open work of the office moves by itself to who holds it next.

    Raises PermissionDenied for whoever is no administrator, ValidationError with a sentence when
    the days cross, or when it would become longer by this.
    """
    check_may_appoint(actor)
    _refuse_crossing(appointment.start, last_day)
    if appointment.end is not None and last_day > appointment.end:
        sentence = _("It ends earlier already. A longer one needs another letter: appoint anew.")
        raise ValidationError({"end": sentence})
    appointment.end = last_day
    appointment.save()


def _check_person(appointment: Appointment) -> None:
    if not appointment.user.is_active:
        sentence = _("The account of %(person)s is not active. Choose somebody else.")
        raise ValidationError({"user": sentence % {"person": appointment.user}})


def _check_days(appointment: Appointment) -> None:
    start, end, capacity = appointment.start, appointment.end, appointment.capacity
    if end is None:
        if capacity != DEFINITIVE:
            raise ValidationError({"end": _("An acting appointment needs a last day.")})
        return
    _refuse_crossing(start, end)
    days = settings.PLH_MAX_DAYS
    if capacity == Capacity.DAILY_ACTING and (end - start).days >= days:
        sentence = _(
            "A Plh. stands in for %(days)s days at most. Choose an earlier last day; another "
            "letter may extend it."
        )
        raise ValidationError({"end": sentence % {"days": days}})


def _refuse_crossing(first: datetime.date, last: datetime.date) -> None:
    if last < first:
        raise ValidationError({"end": _("The last day lies before the first. Check both dates.")})


def _check_free(appointment: Appointment) -> None:
    """The post is free in those days, and the person does not hold it anyway."""
    office = appointment.office
    # Two who appoint to one office at once wait for each other here.
    Office.objects.select_for_update().get(pk=office.pk)
    rivals = Q(capacity__in=_rivals(appointment.capacity)) | Q(user=appointment.user)
    last = appointment.end or datetime.date.max
    taken = standing_between(office, appointment.start, last).filter(rivals)
    if other := taken.select_related("user").first():
        sentence = _("%(person)s holds %(office)s in those days. End that appointment first.")
        raise ValidationError({"start": sentence % {"person": other.user, "office": office.title}})


def _rivals(capacity: str) -> list[str]:
    """A Plh. stands in for days, even for a Pj.; the longer substitutes exclude each other."""
    for alone in (DEFINITIVE, Capacity.DAILY_ACTING):
        if capacity == alone:
            return [capacity]
    return [Capacity.ACTING, Capacity.INTERIM, Capacity.TEMPORARY]
