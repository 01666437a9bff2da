"""A word before a seat is due, and one when it is overdue; each once."""

import datetime
from collections.abc import Iterable

from django.db import transaction

from accounts.acting import acting_as
from accounts.models import User
from accounts.offices import holders_of, today
from approvals.deadlines import working_days_after
from approvals.models import Seat

from .announcements import announce
from .models import Case

AHEAD = 1


def remind() -> int:
    """Tell whoever holds the seats due on the next working day, or since yesterday; says how many.

    Runs hourly; the same seat and due date make the same message, so a repeat tells nobody twice.
    """
    soon = working_days_after(today(), AHEAD)
    yesterday = today() - datetime.timedelta(days=1)
    with transaction.atomic(), acting_as(User.objects.system()):
        told = _tell("due_soon", _open(due__gt=today(), due__lte=soon))
        return told + _tell("overdue", _open(due=yesterday))


def _open(**due: datetime.date) -> list[Seat]:
    seats = Seat.objects.filter(state=Seat.State.OPEN, **due)
    return list(seats.select_related("office", "person"))


def _tell(event: str, seats: Iterable[Seat]) -> int:
    seats = list(seats)
    speaking = holders_of([seat.office for seat in seats if seat.office], today())
    cases = Case.objects.select_related("innovation").in_bulk({seat.process_id for seat in seats})
    told = 0
    for seat in seats:
        appointment = speaking.get(seat.office_id) if seat.office_id else None
        recipient = appointment.user if appointment else seat.person
        if recipient is None or seat.due is None:
            continue
        told += 1
        announce(
            cases[seat.process_id],
            event,
            [recipient],
            occurrence=f"{event}:{seat.pk}:{seat.due.isoformat()}",
            stage=seat.stage,
            office=seat.holder_label,
            due=seat.due.isoformat(),
            seat=seat.pk,
        )
    return told
