"""A word before a seat is due, one when it is overdue, and one to the office above; each once."""

import datetime
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.acting import acting_as
from accounts.models import Appointment, Office, User
from accounts.offices import holders_of, today
from approvals.calendar import DAY, WorkingCalendar, current_calendar
from approvals.deadlines import unit_of
from approvals.due_stories import standing_still
from approvals.models import DueNotice, Seat
from approvals.secretariat import secretaries

from .announcements import announce
from .explaining import standing_at
from .models import Case

logger = logging.getLogger(__name__)

AHEAD = 1
# So many seats are looked at together.
BATCH = 500
Kind = DueNotice.Kind


@dataclass(frozen=True)
class Ladder:
    """Which office is above which, and who speaks for each today."""

    offices: dict[int, Office]
    speaking: dict[int, Appointment]

    def above(self, seat: Seat, signers: Sequence[User]) -> tuple[Office | None, list[User]]:
        """The nearest office above that none of the signers holds, or else the secretariat."""
        office, asked = self._first(seat), {seat.office_id}
        while office and office.superior_id and office.superior_id not in asked:
            office = self.offices[office.superior_id]
            asked.add(office.pk)
            appointment = self.speaking.get(office.pk)
            if appointment and appointment.user not in signers:
                return office, [appointment.user]
        return None, secretaries()

    def _first(self, seat: Seat) -> Office | None:
        """The seat's office; for whoever holds an office of a unit, the one that heads it."""
        if seat.office_id:
            return self.offices.get(seat.office_id)
        heads = (one for one in self.offices.values() if one.is_head)
        return next((one for one in heads if one.unit_id == seat.unit_id), None)


def remind() -> int:
    """Tell of every seat that is due soon, overdue, or long overdue; says how many were told of.

    Runs hourly. What was told is noted for each seat and due date, so that a repeat tells nobody
    twice; whoever's clock stands still is not reminded.
    """
    calendar = current_calendar()
    offices = Office.objects.in_bulk()
    ladder = Ladder(offices, holders_of(offices.values(), today()))
    with acting_as(User.objects.system()):
        return sum(_tell_all(kind, due, holds, ladder) for kind, due, holds in _occasions(calendar))


Condition = Callable[[Seat], bool]


def _occasions(calendar: WorkingCalendar) -> Iterator[tuple[Kind, Q, Condition]]:
    """Each kind of reminder: which due dates may call for it, and which seats do.

    The days differ from unit to unit, so the database makes the first choice and the calendar
    the second.
    """
    now = today()
    soon = {
        unit: calendar.working_days_after(now, AHEAD, unit)
        for unit in (None, *calendar.rules.units)
    }
    yield (
        Kind.SOON,
        Q(due__gt=now, due__lte=max(soon.values())),
        lambda seat: _due(seat) <= calendar.working_days_after(now, AHEAD, unit_of(seat)),
    )
    yield Kind.OVERDUE, Q(due__lt=now), lambda seat: True
    patience = settings.ESCALATE_AFTER_WORKING_DAYS
    yield (
        Kind.ESCALATED,
        Q(due__lt=now - patience * DAY),
        lambda seat: (
            calendar.working_days_between(_due(seat), now - DAY, unit_of(seat)) >= patience
        ),
    )


def _due(seat: Seat) -> datetime.date:
    assert seat.due is not None
    return seat.due


def _tell_all(kind: Kind, due: Q, holds: Condition, ladder: Ladder) -> int:
    wanted = _untold(kind).filter(due)
    return sum(_tell_safely(kind, wanted, pk, ladder) for pk in _numbers(wanted, holds))


def _numbers(seats: QuerySet[Seat], holds: Condition) -> Iterator[int]:
    last = 0
    while found := list(seats.filter(pk__gt=last)[:BATCH]):
        yield from (seat.pk for seat in found if holds(seat))
        last = found[-1].pk


def _tell_safely(kind: Kind, wanted: QuerySet[Seat], pk: int, ladder: Ladder) -> bool:
    """Tell of one seat, in its own transaction, if it still calls for it."""
    try:
        with transaction.atomic():
            seat = wanted.filter(pk=pk).first()
            return seat is not None and _tell(kind, seat, ladder)
    except Exception:
        # One broken case must not keep the others from being told of.
        logger.exception("seat %s: %s was not told", pk, kind)
        return False


def _untold(kind: Kind) -> QuerySet[Seat]:
    told = DueNotice.objects.filter(seat=OuterRef("pk"), kind=kind, due=OuterRef("due"))
    open_seats = Seat.objects.filter(~standing_still(), ~Exists(told), state=Seat.State.OPEN)
    return open_seats.select_related("office", "unit", "person").order_by("pk")


def _tell(kind: Kind, seat: Seat, ladder: Ladder) -> bool:
    """Tell whom the occasion concerns and note it; False where there is nobody to tell."""
    case = Case.objects.select_related("innovation").get(pk=seat.process_id)
    standing = standing_at(case, seat.task_id)
    signers = standing.eligible(next(one for one in standing.seats if one.pk == seat.pk))
    office, recipients = None, signers
    if kind == Kind.ESCALATED:
        office, recipients = ladder.above(seat, signers)
    if not recipients:
        return False
    _announce(case, kind.value, recipients, seat)
    if kind == Kind.ESCALATED:
        above = office.title if office else recipients[0].get_short_name()
        _announce(case, "was_escalated", signers, seat, above=above)
    # Of two that tell at once, one finds the notice there; the messages have keys of their own.
    notice = DueNotice(seat=seat, kind=kind, due=_due(seat), office=office)
    DueNotice.objects.bulk_create([notice], ignore_conflicts=True)
    return True


def _announce(case: Case, event: str, recipients: list[User], seat: Seat, **more: str) -> None:
    announce(
        case,
        event,
        recipients,
        occurrence=f"{event}:{seat.pk}:{_due(seat).isoformat()}",
        stage=seat.stage,
        office=seat.holder_label,
        due=_due(seat).isoformat(),
        seat=seat.pk,
        **more,
    )
