"""Letting the clock of a stage stand still, for a reason, and letting it run again."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from viewflow.workflow.models import Task

from accounts.acting import verb
from accounts.models import User
from accounts.offices import today

from .calendar import current_calendar
from .deadlines import local_day, move_due, unit_of
from .exclusions import ALWAYS, bar
from .models import ClockPause, Seat
from .refusals import NotAllowed, Refused
from .secretariat import is_secretary
from .standing import Standing

Kind = ClockPause.Kind


def open_seats_of(standing: Standing) -> list[Seat]:
    """The seats of a stage that wait for an answer."""
    return [seat for seat in standing.seats if seat.state == Seat.State.OPEN]


def running_pause(task: Task) -> ClockPause | None:
    """The pause in which the stage's clock stands still now."""
    return ClockPause.objects.filter(task=task, ended_at=None).select_related("started_by").first()


def may_pause(person: User, standing: Standing) -> bool:
    """Whether this person could sign one of a stage's open seats, or looks after the case."""
    seats = open_seats_of(standing)
    if any(standing.could_sign(seat, person).allowed for seat in seats):
        return True
    return not bar(standing.matter, ALWAYS, person.pk) and is_secretary(person)


@verb
def pause_clock(actor: User, standing: Standing, *, kind: str, note: str = "") -> ClockPause:
    """Let the clock of a stage stand still from now on. Caller holds the case's lock.

    Asking again for what one has asked already changes nothing. Raises NotAllowed for whoever
    neither could sign an open seat of the stage nor sits in the secretariat, ValidationError for a
    reason that says nothing, and Refused when somebody else has stopped the clock before.
    """
    check_right(actor, standing)
    note, task = _checked(kind, note), standing.seats[0].task
    if running := running_pause(task):
        if running.started_by_id == actor.pk:
            return running
        raise Refused(
            _("%(person)s has stopped this clock already: %(reason)s.")
            % {"person": running.started_by, "reason": running.reason}
        )
    return let_stand(task, actor, kind, note)


def let_stand(task: Task, actor: User, kind: str, note: str) -> ClockPause:
    """Let the clock of a stage stand still; the caller has checked the right to do so."""
    return ClockPause.objects.create(
        process_id=task.process_id, task=task, kind=kind, note=note, started_by=actor
    )


@verb
def resume_clock(actor: User, standing: Standing) -> ClockPause:
    """Let the clock run again; due dates move by the working days that passed meanwhile.

    Asking again changes nothing. Raises NotAllowed like `pause_clock`, and Refused when the clock
    was not standing still.
    """
    check_right(actor, standing)
    task = standing.seats[0].task
    pause = running_pause(task)
    if pause is None:
        return _resumed_already(actor, task)
    set_going(actor, standing, pause)
    return pause


def set_going(actor: User, standing: Standing, pause: ClockPause) -> None:
    """End a pause and move the due dates; the caller has checked the right to do so."""
    pause.ended_at, pause.ended_by = timezone.now(), actor
    pause.save()
    _move_by(pause, open_seats_of(standing))


def _resumed_already(actor: User, task: Task) -> ClockPause:
    last = ClockPause.objects.filter(task=task).last()
    if last is None or last.ended_by_id != actor.pk:
        raise Refused(_("The clock of this stage is running."))
    return last


def check_right(actor: User, standing: Standing) -> None:
    """Raise NotAllowed for whoever may not touch the clock of a stage."""
    if not may_pause(actor, standing):
        raise NotAllowed(
            _(
                "Only whoever is asked to sign this stage, or the innovation secretariat, "
                "stops its clock and lets it run again."
            )
        )


def _checked(kind: str, note: str) -> str:
    if kind not in Kind.values:
        raise ValidationError({"kind": _("Reason: choose one of the reasons.")})
    note = note.strip()
    if kind == Kind.OTHER and not note:
        raise ValidationError({"note": _("Say in a sentence what it waits for.")})
    longest = ClockPause._meta.get_field("note").max_length
    if longest and len(note) > longest:
        sentence = _("%(count)s characters are too many; %(limit)s fit.")
        raise ValidationError({"note": sentence % {"count": len(note), "limit": longest}})
    return note


def _move_by(pause: ClockPause, seats: Iterable[Seat]) -> None:
    calendar = current_calendar()
    for seat in seats:
        if seat.due is None or seat.opened_at is None:
            continue
        stopped = local_day(max(pause.started_at, seat.opened_at))
        stood = calendar.working_days_between(stopped, today(), unit_of(seat))
        move_due(seat, calendar.working_days_after(seat.due, stood, unit_of(seat)), pause=pause)
