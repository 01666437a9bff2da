"""Whose turn it is: the states of a stage's seats, worked out anew from the answers that count."""

from collections.abc import Iterable, Sequence

from django.utils import timezone

from .deadlines import set_due
from .matter import Matter
from .models import Seat, SignOffPolicy
from .policies import APPROVE, RECONFIRMATION, Group, Vote, groups_of

State = Seat.State
MISSING = (State.WAITING, State.OPEN, State.CLOSED)


def vote_of(seat: Seat) -> Vote:
    """The answer that counts at this seat, None while it is missing."""
    return seat.answer.outcome if seat.answer else None


def groups_with_seats(
    policy: SignOffPolicy, seats: Sequence[Seat]
) -> list[tuple[Group, list[Seat]]]:
    """The groups of a stage with their seats: earlier signers asked again come before all."""
    again = [seat for seat in seats if seat.reconfirms_id is not None]
    own = [seat for seat in seats if seat.reconfirms_id is None]
    regular = [
        (group, [seat for seat in own if seat.group == number])
        for number, group in enumerate(groups_of(policy))
    ]
    return [(RECONFIRMATION, again), *regular] if again else regular


def result_of(policy: SignOffPolicy, seats: Sequence[Seat], matter: Matter) -> Vote:
    """What the answers of a stage amount to: approval, the first other answer, None while open."""
    for group, own in groups_with_seats(policy, seats):
        if group.applies(matter):
            result = group.result([vote_of(seat) for seat in own])
            if result != APPROVE:
                return result
    return APPROVE


def arrange(
    policy: SignOffPolicy, seats: Sequence[Seat], matter: Matter
) -> tuple[Vote, list[Seat]]:
    """Give every seat without an answer the state it should have; says what the stage amounts to.

    Also returns the seats whose state has changed; the caller saves them.
    """
    before = [seat.state for seat in seats]
    result: Vote = APPROVE
    for group, own in groups_with_seats(policy, seats):
        if not group.applies(matter):
            _put(own, State.CLOSED)
        elif result != APPROVE:
            _put(own, State.WAITING if result is None else State.CLOSED)
        else:
            result = group.result([vote_of(seat) for seat in own])
            _put_group(group, own, result)
    changed = [seat for seat, state in zip(seats, before, strict=True) if seat.state != state]
    _date(changed, policy)
    return result, changed


def _put(seats: Iterable[Seat], state: State) -> None:
    for seat in seats:
        if seat.state in MISSING:
            seat.state = state


def _put_group(group: Group, seats: Sequence[Seat], result: Vote) -> None:
    if result is not None:
        _put(seats, State.CLOSED)
    elif not group.one_by_one:
        _put(seats, State.OPEN)
    else:
        _put(seats, State.WAITING)
        # A seat that was left empty holds up those behind it, until somebody else is asked.
        turn = next(seat for seat in seats if vote_of(seat) != APPROVE)
        _put([turn], State.OPEN)


def _date(seats: Iterable[Seat], policy: SignOffPolicy) -> None:
    opened = [seat for seat in seats if seat.state == State.OPEN]
    for seat in opened:
        seat.opened_at = timezone.now()
    set_due(opened, policy.working_days)
    for seat in seats:
        if seat.state == State.WAITING:
            seat.opened_at = seat.due = None
