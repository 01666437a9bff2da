"""Finding somebody else for a seat that nobody can sign, and saying so where there is nobody."""

import datetime
import logging
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import acting_as, verb
from accounts.authority import authorities_for
from accounts.models import Appointment, Delegation, Office, User
from accounts.offices import today
from accounts.texts import clean_text
from approvals.exclusions import ALWAYS, bar
from approvals.models import Seat, SignOffPolicy
from approvals.reach import Gap, gaps
from approvals.refusals import NotAllowed, Refused
from approvals.seats import move_seat, rearrange, seats_of_stage
from approvals.secretariat import is_secretary
from approvals.standing import Standing

from .desk import Desk, desk_of, stage_policy
from .facts import matter_of
from .locking import brief_transaction, lock_case
from .members import eligible_member
from .models import Case
from .seating import tell_holders
from .stalls import tell_if_stalled

logger = logging.getLogger(__name__)

REASON_LENGTH = 2_000
STILL_ASKED = (Seat.State.OPEN, Seat.State.WAITING)
# What happened to an office's holders in so many days is looked at again.
DAYS = datetime.timedelta(days=2)


@verb
def fill_or_tell(
    actor: User, case: Case, seats: Sequence[Seat], policy: SignOffPolicy
) -> list[Gap]:
    """Ask the office above where whoever holds a seat may not sign it; else tell the secretariat.

    Works on the open stage of a locked case; returns what is still out of reach.
    """
    standing = Standing(matter_of(case), seats, today())
    moved = _reopened(actor, standing)
    for gap in gaps(policy, seats, standing):
        moved += _moved_up(actor, gap, standing)
    standing = Standing(standing.matter, seats, standing.on)
    _turn_again(actor, case, policy, standing, moved)
    return tell_if_stalled(case, seats[0].task, policy, standing)


def _reopened(actor: User, standing: Standing) -> list[Seat]:
    """Seats that one person left and that somebody else can sign as they are."""
    left = [seat for seat in standing.seats if seat.state == Seat.State.RECUSED]
    reopened = [seat for seat in left if standing.eligible(seat)]
    for seat in reopened:
        who = seat.office or seat.unit or seat.person
        assert who is not None
        move_seat(actor, seat, who, because=seat.moved_because)
    return reopened


def _moved_up(actor: User, gap: Gap, standing: Standing) -> list[Seat]:
    """Seats of a gap that the office above can take, no more than are missing."""
    moved: list[Seat] = []
    for seat in gap.seats:
        if len(moved) == gap.missing or seat.office is None:
            continue
        above = eligible_member(seat.office, seat.policy, standing.matter, standing.on)
        if not isinstance(above, Office) or above == seat.office:
            continue
        if not standing.sits_twice(above, seat):
            because = _("Nobody at %(office)s may sign this.") % {"office": seat.office}
            move_seat(actor, seat, above, because=because)
            moved.append(seat)
    return moved


def _turn_again(
    actor: User, case: Case, policy: SignOffPolicy, standing: Standing, moved: Sequence[Seat]
) -> None:
    if moved:
        rearrange(actor, standing.seats, policy, standing.matter)
        opened = [seat for seat in moved if seat.state == Seat.State.OPEN]
        tell_holders(case, opened, standing)


@verb
def name_replacement(actor: User, code: str, seat_id: int, office: Office, *, reason: str) -> None:
    """Let the secretariat ask another office where a stage lacks somebody; the reason stays.

    Raises NotFound, NotAllowed, Busy, Refused where the stage lacks nobody there, ValidationError
    with a sentence where that office may not sign either.
    """
    desk = desk_of(code, seat_id)
    matter = desk.standing.matter
    if not is_secretary(actor) or bar(matter, ALWAYS, actor.pk):
        raise NotAllowed(_("Only the innovation secretariat names a replacement."))
    said = clean_text(reason, max_length=REASON_LENGTH, field=_("Reason"))
    if not said:
        raise ValidationError(
            {"reason": _("Reason: say in a sentence why somebody else is asked.")}
        )
    found = gaps(desk.policy, desk.standing.seats, desk.standing)
    if desk.seat not in [seat for gap in found for seat in gap.seats]:
        raise Refused(_("Nobody is missing at this seat; it cannot be given to somebody else."))
    move_seat(actor, desk.seat, office, because=said)
    standing = Standing(matter, desk.standing.seats, desk.standing.on)
    _check_eligible(desk, office, standing)
    _turn_again(actor, desk.case, desk.policy, standing, [desk.seat])
    tell_if_stalled(desk.case, desk.seat.task, desk.policy, standing)


def _check_eligible(desk: Desk, office: Office, standing: Standing) -> None:
    """Raise ValidationError where nobody at the new office may sign, or who may sits there too."""
    rights = standing.authorities(desk.seat)
    answers = [standing.could_sign(desk.seat, right.person) for right in rights]
    if not rights:
        sentence = _("Nobody holds the office %(office)s today.") % {"office": office}
    elif not any(answer.allowed for answer in answers):
        sentence = answers[0].sentence
    elif standing.sits_twice(office, desk.seat):
        sentence = _("%(office)s is asked in this group already.") % {"office": office}
    else:
        return
    raise ValidationError({"office": _("Office: %(why)s Choose another one.") % {"why": sentence}})


@verb
def pass_on(actor: User, case: Case, left: User, to: User, *, because: str) -> None:
    """Ask one person in place of another at the open stage's seats that name them.

    The case is locked and its people have changed: whoever may no longer sign is replaced too.
    """
    seats = _open_stage(case)
    if not seats:
        return
    policy, standing = stage_policy(case, seats), Standing(matter_of(case), seats, today())
    named = [seat for seat in seats if seat.person_id == left.pk and seat.state in STILL_ASKED]
    for seat in named:
        move_seat(actor, seat, to, because=because)
    _turn_again(actor, case, policy, standing, named)
    fill_or_tell(actor, case, seats, policy)


def look_after_seats() -> int:
    """Look at the seats that nobody may sign, and at those whose holders changed lately.

    Runs hourly; a state of things is told once. Returns how many stages lack somebody.
    """
    system = User.objects.system()
    return sum(_lacks_somebody(system, code) for code in _cases_to_look_at())


def _lacks_somebody(system: User, code: str) -> bool:
    try:
        with brief_transaction(), acting_as(system):
            return bool(look_after(system, code))
    except Exception:
        # One broken case must not keep the others waiting.
        logger.exception("%s: its seats could not be looked after", code)
        return False


@verb
def look_after(actor: User, code: str) -> list[Gap]:
    """Fill what can be filled of a case's open stage; returns what is out of reach."""
    case = lock_case(code)
    seats = _open_stage(case)
    return fill_or_tell(actor, case, seats, stage_policy(case, seats)) if seats else []


def _open_stage(case: Case) -> list[Seat]:
    open_task = Seat.objects.filter(process_id=case.pk, state__in=["open", "recused"])
    task = open_task.filter(task__finished__isnull=True).values("task_id")[:1]
    return seats_of_stage(task)


def _cases_to_look_at() -> list[str]:
    opened = Seat.objects.filter(state=Seat.State.OPEN)
    asked = Q(pk__in=opened.values("office")) | Q(unit__in=opened.values("unit"))
    offices = list(Office.objects.filter(asked))
    held = authorities_for(offices, today())
    vacant = {office.pk for office in offices if not held.get(office.pk)}
    units = {office.unit_id for office in offices if office.pk not in vacant}
    nobody = (
        Q(office__in=vacant | _changed_lately())
        | Q(unit__isnull=False) & ~Q(unit__in=units)
        | Q(person__is_active=False)
    )
    left = Seat.objects.filter(state=Seat.State.RECUSED, task__finished__isnull=True)
    found = left | opened.filter(nobody)
    return sorted(set(found.order_by().values_list("case_code", flat=True)))


def _changed_lately() -> set[int]:
    """Offices whose appointments or letters were written, began or ended in the last days."""
    span = (today() - DAYS, today())
    dated = Q(start__range=span) | Q(end__range=span)
    letters = Delegation.objects.filter(dated | _written_lately(Delegation))
    fresh = dated | _written_lately(Appointment) | Q(delegations__in=letters)
    return set(Appointment.objects.filter(fresh).values_list("office", flat=True))


def _written_lately(model: type[Appointment] | type[Delegation]) -> Q:
    written = model.history.filter(history_date__gte=timezone.now() - DAYS)
    return Q(pk__in=written.values("id"))
