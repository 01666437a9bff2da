"""Closing the account of somebody who leaves, and opening it again: nobody is ever deleted."""

import datetime

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from .acting import verb
from .delegations import revoke
from .models import Appointment, Delegation, User
from .offices import end_appointment
from .rights import ADMINISTRATORS, check_may_appoint, dismiss_administrator

A_DAY = datetime.timedelta(days=1)


def lasting_appointments(person: User, on: datetime.date) -> list[Appointment]:
    """What a person holds on a day or will, the longest held first."""
    lasting = Q(end__isnull=True) | Q(end__gte=on)
    found = person.appointments.filter(lasting).select_related("user", "office", "office__unit")
    return list(found.order_by("start", "pk"))


def check_may_leave(actor: User, person: User) -> None:
    """Raise PermissionDenied for others than administrators, ValidationError for who must stay."""
    check_may_appoint(actor)
    _check_human(person)
    if person.pk == actor.pk:
        raise ValidationError(_("Nobody closes their own account. Ask another administrator."))
    others = User.objects.filter(groups__name=ADMINISTRATORS, is_active=True).exclude(pk=person.pk)
    if person.groups.filter(name=ADMINISTRATORS).exists() and not others.exists():
        raise ValidationError(
            _("%(person)s is the last administrator. Let another one be named first.")
            % {"person": person}
        )


@verb
def close_account(actor: User, person: User, *, on: datetime.date) -> None:
    """End what a person holds, gives and receives, and close the account; the record stays.

    The last day of an office is the day before `on`, so that somebody else can hold it from that
    day. Raises what `check_may_leave` raises.
    """
    check_may_leave(actor, person)
    for letter in Delegation.objects.filter(
        Q(delegate=person) | Q(principal__user=person), revoked_at=None, end__gte=on
    ).select_related("principal"):
        revoke(actor, letter, _("%(person)s has left.") % {"person": person})
    for appointment in lasting_appointments(person, on):
        last_day = max(appointment.start, on - A_DAY)
        if appointment.end is None or appointment.end > last_day:
            end_appointment(actor, appointment, last_day=last_day)
    dismiss_administrator(actor, person)
    person.is_active = False
    person.save()


@verb
def reopen_account(actor: User, person: User) -> None:
    """Let somebody who came back log in again; offices are given by new letters."""
    check_may_appoint(actor)
    _check_human(person)
    person.is_active = True
    person.save(update_fields=["is_active"])


def _check_human(person: User) -> None:
    if person.username == User.SYSTEM:
        raise ValidationError(_("The system's own account stays as it is."))
