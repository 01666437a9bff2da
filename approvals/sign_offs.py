"""Opening seats, deciding who may sign them, and signing."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from viewflow.workflow.models import Task

from accounts.acting import verb
from accounts.models import Appointment, Office, User
from accounts.offices import holder_of, today

from .deadlines import working_days_after
from .models import Outcome, Remark, Seat, SignOff, SignOffPolicy
from .policies import Group, Vote, groups_of
from .refusals import NotAllowed

Member = Office | User
Speaking = Mapping[int, Appointment]


@dataclass(frozen=True)
class Answer:
    """May this person sign this seat now, in which capacity, and if not, why."""

    allowed: bool
    sentence: str
    appointment: Appointment | None = None


def may_sign(
    seat: Seat, person: User, *, excluded: Mapping[int, str], speaking: Speaking | None = None
) -> Answer:
    """Allowed or not, by the one rule that decides; explanation and enforcement are this function.

    `excluded` names, for this case, who never signs and as what ("initiator", "co_initiator").
    `speaking` is who holds the offices today, where the caller has looked that up for many seats.
    """
    if seat.state == Seat.State.WAITING:
        return Answer(False, _("It is not the turn of %(seat)s yet.") % {"seat": seat.holder_label})
    if seat.state != Seat.State.OPEN:
        return Answer(False, _("This seat is no longer open."))
    relation = excluded.get(person.pk)
    if relation and relation in seat.policy.exclusions:
        return Answer(False, _RELATIONS[relation]())
    if seat.office:
        answer = _office_answer(seat.office, person, speaking)
    else:
        answer = _person_answer(seat, person)
    if answer.allowed and _group(seat).counts_heads and _signed_group(seat, person):
        return Answer(False, _("You have signed in this group already; a quorum counts people."))
    return answer


_RELATIONS = {
    "initiator": lambda: _("You are the initiator: nobody signs on their own innovation."),
    "co_initiator": lambda: _("You are a co-initiator: nobody signs on their own innovation."),
}


def _person_answer(seat: Seat, person: User) -> Answer:
    if seat.person_id == person.pk and person.is_active:
        return Answer(True, "")
    return Answer(False, _("This is for %(person)s.") % {"person": seat.person})


def _office_answer(office: Office, person: User, known: Speaking | None) -> Answer:
    speaking = holder_of(office, today()) if known is None else known.get(office.pk)
    if speaking is None:
        return Answer(False, _("Nobody holds the office %(office)s today.") % {"office": office})
    if speaking.user_id != person.pk:
        return Answer(
            False,
            _("Today %(person)s signs for this seat, as %(capacity)s.")
            % {"person": speaking.user, "capacity": speaking.title},
        )
    return Answer(True, "", speaking)


def _group(seat: Seat) -> Group:
    return groups_of(seat.policy)[seat.group]


def _signed_group(seat: Seat, person: User) -> bool:
    return SignOff.objects.filter(
        person=person, seat__task_id=seat.task_id, seat__group=seat.group
    ).exists()


@verb
def open_seats(
    actor: User,
    task: Task,
    policy: SignOffPolicy,
    members: Sequence[Sequence[Member]],
    *,
    case_code: str,
    case_title: str,
) -> list[Seat]:
    """Create the seats of a stage and open those whose turn it is; returns the open ones.

    `members` holds, for each group of the policy, the offices or people in order. Raises
    ValidationError when they are too few for the policy ever to be satisfied.
    """
    _refuse_too_few(policy, members)
    seats = [
        Seat(
            process_id=task.process_id,
            task=task,
            policy=policy,
            stage=policy.stage,
            office=member if isinstance(member, Office) else None,
            person=member if isinstance(member, User) else None,
            group=group,
            position=position,
            state=Seat.State.WAITING,
            case_code=case_code,
            case_title=case_title,
        )
        for group, in_group in enumerate(members)
        for position, member in enumerate(in_group)
    ]
    opened = _open_next(seats, policy)
    for seat in seats:
        seat.save()
    return opened


def _refuse_too_few(policy: SignOffPolicy, members: Sequence[Sequence[Member]]) -> None:
    groups = groups_of(policy)
    if len(members) != len(groups):
        sentence = _("%(stage)s: the policy has %(count)s groups, but %(given)s were asked.")
        values = {"stage": policy.stage, "count": len(groups), "given": len(members)}
        raise ValidationError(sentence % values)
    for group, asked in zip(groups, members, strict=True):
        if len(asked) < max(group.need, 1):
            sentence = _("%(stage)s: %(need)s must sign, but only %(given)s can be asked.")
            values = {"stage": policy.stage, "need": max(group.need, 1), "given": len(asked)}
            raise ValidationError(sentence % values)


def _open_next(seats: Sequence[Seat], policy: SignOffPolicy) -> list[Seat]:
    """Mark as open the seats whose turn has come; the caller saves them."""
    for number, group in enumerate(groups_of(policy)):
        own = [seat for seat in seats if seat.group == number]
        votes = [_vote(seat) for seat in own]
        if group.result(votes) == Outcome.APPROVE:
            continue
        waiting = [seat for seat in own if seat.state == Seat.State.WAITING]
        if group.one_by_one:
            waiting = [] if any(s.state == Seat.State.OPEN for s in own) else waiting[:1]
        for seat in waiting:
            _open(seat, policy.working_days)
        return waiting
    return []


def _open(seat: Seat, working_days: int) -> None:
    seat.state = Seat.State.OPEN
    seat.opened_at = timezone.now()
    seat.due = working_days_after(today(), working_days)


def _vote(seat: Seat) -> Vote:
    return seat.sign_off.outcome if seat.state == Seat.State.SIGNED else None


@dataclass(frozen=True)
class Signed:
    """What one signature brought about."""

    sign_off: SignOff
    result: Vote
    opened: Sequence[Seat]


@verb
def sign(
    actor: User,
    seat: Seat,
    outcome: str,
    *,
    excluded: Mapping[int, str],
    note: str = "",
    remarks: Sequence[tuple[str, str]] = (),
    content_hash: str,
    answer: Answer | None = None,
    seats: Sequence[Seat] | None = None,
) -> Signed:
    """Sign one seat; says what the stage's signatures amount to now. Caller holds the case's lock.

    `answer` and `seats` are what `may_sign` and `seats_of_stage` said, where the caller has asked
    under this lock. Raises NotAllowed with the sentence of `may_sign`, ValueError when `outcome`
    is no Outcome.
    """
    answer = answer or may_sign(seat, actor, excluded=excluded)
    if not answer.allowed:
        raise NotAllowed(answer.sentence)
    sign_off = SignOff.objects.create(
        seat=seat,
        person=actor,
        capacity=_capacity(answer.appointment, actor),
        basis=answer.appointment.basis_number if answer.appointment else "",
        outcome=Outcome(outcome).value,
        note=note,
        content_hash=content_hash,
    )
    for section, text in remarks:
        Remark.objects.create(sign_off=sign_off, section=section, text=text)
    seat.state = Seat.State.SIGNED
    seat.save(update_fields=["state"])
    return _weigh(seat, sign_off, seats or seats_of_stage(seat.task_id))


def seats_of_stage(task: int | QuerySet[Any, Any]) -> list[Seat]:
    """Every seat of a stage, with what it takes to answer for one of them, in one query."""
    seats = Seat.objects.filter(task__in=[task] if isinstance(task, int) else task)
    return list(
        seats.select_related(
            "task", "policy", "office", "office__unit", "person", "sign_off__person"
        )
    )


def _capacity(appointment: Appointment | None, person: User) -> str:
    return appointment.title if appointment else str(person)


def _weigh(seat: Seat, sign_off: SignOff, seats: Sequence[Seat]) -> Signed:
    result = stage_result(seats, seat.policy)
    own = [other for other in seats if other.group == seat.group]
    if result is not None:
        _close(seats)
        return Signed(sign_off, result, [])
    if _group(seat).result([_vote(other) for other in own]) == Outcome.APPROVE:
        _close(own)
    opened = _open_next(seats, seat.policy)
    for other in opened:
        other.save(update_fields=["state", "opened_at", "due"])
    return Signed(sign_off, None, opened)


def _close(seats: Iterable[Seat]) -> None:
    for seat in seats:
        if seat.state in (Seat.State.OPEN, Seat.State.WAITING):
            seat.state = Seat.State.CLOSED
            seat.save(update_fields=["state"])


def stage_result(seats: Sequence[Seat], policy: SignOffPolicy) -> Vote:
    """What all groups amount to: the first negative answer, approval, or None while open."""
    for number, group in enumerate(groups_of(policy)):
        result = group.result([_vote(seat) for seat in seats if seat.group == number])
        if result != Outcome.APPROVE:
            return result
    return Outcome.APPROVE.value


@verb
def close_seats(actor: User, task: Task) -> None:
    """Close what is still open on a stage that ends without these signatures."""
    _close(Seat.objects.filter(task=task))


def late(seat: Seat, on: datetime.date) -> bool:
    """Whether the seat's due date has passed."""
    return seat.due is not None and seat.due < on
