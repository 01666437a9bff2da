"""Opening the seats of a stage, moving one to somebody else, taking one up, closing them."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db.models import QuerySet
from viewflow.workflow.models import Task

from accounts.acting import verb
from accounts.clock import day_of, moment
from accounts.models import Office, Unit, User

from .arrangement import arrange
from .matter import Matter
from .models import Seat, SignOff, SignOffPolicy
from .policies import Vote
from .standing import Standing, holds_claim, refusal_of

Member = Office | Unit | User
READ_AT = "read_at"
FIELDS_OF_A_TURN = ["state", "opened_at", "due"]


@dataclass(frozen=True)
class Place:
    """Whom a policy's word stands for on a case, and a signature of theirs that still counts."""

    member: str
    who: Member
    kept: SignOff | None = None


@dataclass(frozen=True)
class Opened:
    """The seats of a stage that has just opened: all, those whose turn it is, and the result.

    The result is an approval where every signature was given earlier and still counts.
    """

    seats: Sequence[Seat]
    turn: Sequence[Seat]
    result: Vote


@verb
def open_seats(
    actor: User,
    task: Task,
    policy: SignOffPolicy,
    places: Sequence[Sequence[Place]],
    *,
    matter: Matter,
    case_code: str,
    case_title: str,
    again: Sequence[SignOff] = (),
) -> Opened:
    """Create the seats of a stage and open those whose turn it is.

    `places` holds, for each group of the policy, whom it asks in order; `again` the earlier
    signatures whose signers are asked again before them.
    """
    about = {
        "process_id": task.process_id,
        "task": task,
        "case_code": case_code,
        "case_title": case_title,
    }
    seats = [_seat_again(sign_off, number, about) for number, sign_off in enumerate(again)]
    for group, in_group in enumerate(places):
        for position, place in enumerate(in_group):
            seats.append(new_seat(place, policy, group, position, about))
    result, _changed = arrange(policy, seats, matter)
    for seat in seats:
        seat.save()
    return Opened(seats, [seat for seat in seats if seat.state == Seat.State.OPEN], result)


def new_seat(
    place: Place,
    policy: SignOffPolicy,
    group: int,
    position: int,
    about: Mapping[str, Any] = MappingProxyType({}),
) -> Seat:
    """A seat for a place, not saved yet; `about` says of which task and case."""
    return Seat(
        policy=policy,
        stage=policy.stage,
        member=place.member,
        group=group,
        position=position,
        answer=place.kept,
        state=Seat.State.SIGNED if place.kept else Seat.State.WAITING,
        **_whose(place.who),
        **about,
    )


def numbered(seats: list[Seat]) -> list[Seat]:
    """Seats that are never saved, told apart: the rules go by numbers, and no row's is below 0."""
    for count, seat in enumerate(seats, start=1):
        seat.pk = -count
    return seats


def _seat_again(sign_off: SignOff, position: int, about: dict[str, Any]) -> Seat:
    """A seat like the one that was signed, under the policy that it was signed under."""
    signed = sign_off.seat
    return Seat(
        policy=signed.policy,
        stage=signed.stage,
        member=signed.member,
        group=0,
        position=position,
        reconfirms=sign_off,
        state=Seat.State.WAITING,
        office=signed.office,
        unit=signed.unit,
        person=signed.person,
        **about,
    )


def _whose(who: Member) -> dict[str, Member | None]:
    return {
        "office": who if isinstance(who, Office) else None,
        "unit": who if isinstance(who, Unit) else None,
        "person": who if isinstance(who, User) else None,
    }


def seats_of_stage(task: int | QuerySet[Any, Any]) -> list[Seat]:
    """Every seat of a stage, with what it takes to answer for one of them, in one query."""
    seats = Seat.objects.filter(task__in=[task] if isinstance(task, int) else task)
    return list(with_answers(seats))


def with_answers(seats: QuerySet[Seat]) -> QuerySet[Seat]:
    """Seats with what `Standing` reads of them; people are looked up where one is named.

    Each carries, as READ_AT, the moment at which it was read by the database's clock.
    """
    joined = seats.select_related("policy", "office", "unit", "answer")
    return joined.annotate(**{READ_AT: moment()})


def read_on(seats: Sequence[Seat]) -> datetime.date:
    """The day on which seats were read `with_answers`: the day on which rights are judged."""
    return day_of(getattr(seats[0], READ_AT))


@verb
def claim(
    actor: User,
    seat: Seat,
    standing: Standing,
    *,
    at: datetime.datetime,
    take_over: bool = False,
) -> None:
    """Take a seat up for today: others see who works on it. Caller holds the case's lock.

    Raises the refusal of the rule that says no; `take_over` goes on without the colleague who was
    first.
    """
    answer = standing.answer(seat, actor)
    if not answer.allowed and not (take_over and answer.rule == "claimed"):
        raise refusal_of(answer)
    if seat.claimed_by_id == actor.pk and holds_claim(seat, standing.on):
        return
    for other in standing.shared_with(seat):
        if other.claimed_by_id is not None:
            release_claim(actor, other)
    seat.claimed_by, seat.claimed_at = actor, at
    seat.save(update_fields=["claimed_by", "claimed_at"])


@verb
def release_claim(actor: User, seat: Seat) -> None:
    """Give a seat back to everybody who may sign it."""
    seat.claimed_by = seat.claimed_at = None
    seat.save(update_fields=["claimed_by", "claimed_at"])


@verb
def move_seat(actor: User, seat: Seat, who: Member, *, because: str) -> None:
    """Ask somebody else at a seat that waits or was left empty: a new round, from today."""
    seat.moved_because = because
    for name, value in _whose(who).items():
        setattr(seat, name, value)
    if seat.answer is not None:
        seat.answer = None
        seat.round += 1
    seat.state = Seat.State.WAITING
    seat.claimed_by = seat.claimed_at = None
    seat.save()


@verb
def rearrange(actor: User, seats: Sequence[Seat], policy: SignOffPolicy, matter: Matter) -> Vote:
    """Give every seat of a stage its turn anew, after somebody was asked or an answer went."""
    result, changed = arrange(policy, seats, matter)
    for seat in changed:
        seat.save(update_fields=FIELDS_OF_A_TURN)
    return result


@verb
def close_seats(actor: User, task: Task) -> None:
    """Close what is still open on a stage that ends without these signatures."""
    open_ones = Seat.objects.filter(task=task, state__in=[Seat.State.OPEN, Seat.State.WAITING])
    _close(open_ones)


def _close(seats: Iterable[Seat]) -> None:
    for seat in seats:
        seat.state = Seat.State.CLOSED
        seat.save(update_fields=["state"])
