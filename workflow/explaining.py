"""“Why can't I sign?”: the chain of rules that decides, asked for any person and any open stage."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accounts.models import User
from approvals.models import Seat
from approvals.seats import read_on, seats_of_stage
from approvals.standing import Answer, Standing

from .dossier import Dossier
from .facts import matter_of
from .models import Case


@dataclass(frozen=True)
class Explained:
    """The answer of the rules for one person at one seat."""

    seat: Seat
    answer: Answer


def explain(person: User, case: Case) -> list[Explained]:
    """What the rules say of a person at every seat of the stage that a case waits at."""
    task = case.task_set.filter(flow_task_type="HUMAN", finished__isnull=True).first()
    return explain_seats(person, case, seats_of_stage(task.pk)) if task else []


def standing_at(case: Case, task: int) -> Standing:
    """Who may sign at a stage of a case, read as a request reads it."""
    seats = seats_of_stage(task)
    return Standing(matter_of(case), seats, read_on(seats))


def explain_seats(person: User, case: Case, seats: Sequence[Seat]) -> list[Explained]:
    """The same for seats read `with_answers` (all of their stage, for a quorum's sake)."""
    standing = Standing(matter_of(case), seats, read_on(seats))
    return [Explained(seat, standing.answer(seat, person)) for seat in seats]


def explain_seat(person: User, case: Case, seat: Seat) -> Answer:
    """What the rules say of a person at one seat."""
    answers = {one.seat.pk: one.answer for one in explain_stage(person, case, seat)}
    return answers[seat.pk]


def explain_stage(person: User, case: Case, seat: Seat) -> list[Explained]:
    """What the rules say of a person at every seat of the stage that a seat belongs to."""
    return explain_seats(person, case, seats_of_stage(seat.task_id))


def explain_dossier(person: User, dossier: Dossier) -> list[Explained]:
    """The same for the open seats of every case of an innovation that a page shows."""
    return explain_open(person, standings_of(dossier))


def explain_open(person: User, standings: Iterable[tuple[Case, Standing]]) -> list[Explained]:
    """What the rules say of a person at the open seats of stages that were looked up already."""
    return [
        Explained(seat, standing.answer(seat, person))
        for _case, standing in standings
        for seat in standing.seats
        if seat.state == Seat.State.OPEN
    ]


def standings_of(dossier: Dossier) -> list[tuple[Case, Standing]]:
    """Who may sign at the open stages of an innovation's cases, from seats read already."""
    found = []
    for case in dossier.cases:
        own = (seat for seat in dossier.seats if seat.process_id == case.pk)
        if seats := [seat for seat in own if seat.task.finished is None]:
            found.append((case, Standing(matter_of(case), seats, read_on(seats))))
    return found


def overall(explained: Sequence[Explained]) -> Answer | None:
    """The one answer for the stage: that of a seat which is the person's, else the most telling.

    A rule that is about the person says more than “somebody else signs for this seat”.
    """
    if not explained:
        return None
    return min((one.answer for one in explained), key=_distance)


def _distance(answer: Answer) -> int:
    if answer.allowed:
        return 0
    return {"turn": 2, "not_theirs": 3, "over": 4, "not_asked": 4}.get(answer.rule, 1)
