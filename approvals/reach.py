"""Whether a stage can still be satisfied by the people there are: nothing stalls silently."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .arrangement import MISSING, groups_with_seats, vote_of
from .models import Outcome, Seat, SignOffPolicy
from .policies import APPROVE, Group
from .standing import Standing


@dataclass(frozen=True)
class Gap:
    """A group that nobody, or not enough people, can satisfy; and the seats that lack someone."""

    number: int
    missing: int
    seats: tuple[Seat, ...]


def gaps(policy: SignOffPolicy, seats: Sequence[Seat], standing: Standing) -> list[Gap]:
    """What is out of reach today, group by group; empty where everybody needed can be asked."""
    found = []
    for number, (group, own) in enumerate(groups_with_seats(policy, seats)):
        if not group.applies(standing.matter):
            continue
        result = group.result([vote_of(seat) for seat in own])
        if result is None:
            found += _gap(number, group, own, standing)
        elif result != APPROVE:
            break
    return found


def _gap(number: int, group: Group, own: Sequence[Seat], standing: Standing) -> list[Gap]:
    able = {
        place: [person.pk for person in standing.eligible(seat)] if seat.state in MISSING else []
        for place, seat in enumerate(own)
        if vote_of(seat) in (None, Outcome.RECUSE)
    }
    filled = most_filled(able) if group.counts_heads else {one for one in able if able[one]}
    wanted = wanted_of(group, own, able)
    if len(filled) >= wanted:
        return []
    empty = tuple(own[place] for place in able if place not in filled)
    return [Gap(number, wanted - len(filled), empty)]


def wanted_of(group: Group, own: Sequence[Seat], open_places: Iterable[int]) -> int:
    """How many more approvals the group needs."""
    votes, given = [vote_of(seat) for seat in own], 0
    for place in open_places:
        votes[place] = APPROVE
        given += 1
        if group.result(votes) == APPROVE:
            break
    return max(given, 1)


def most_filled(able: Mapping[int, Sequence[int]]) -> set[int]:
    """As many places as distinct people can fill (Kuhn's augmenting paths)."""
    taken: dict[int, int] = {}

    def place(seat: int, tried: set[int]) -> bool:
        for person in able[seat]:
            if person in tried:
                continue
            tried.add(person)
            if person not in taken or place(taken[person], tried):
                taken[person] = seat
                return True
        return False

    for seat in able:
        place(seat, set())
    return set(taken.values())
