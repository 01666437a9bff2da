"""Who is missing where a group counts people and not offices."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.models import Seat, SignOffPolicy
from approvals.policies import APPROVE, RULES, Group
from approvals.reach import gaps, most_filled, wanted_of
from approvals.seats import Place, new_seat, numbered
from tests.workflow.policy_world import OFFICES, Holders, group, matter

pytestmark = pytest.mark.unit


def stage(*groups: dict[str, object]) -> tuple[SignOffPolicy, list[Seat]]:
    """A version, and the seats that it opens."""
    policy = SignOffPolicy(stage="trial", groups=list(groups))
    return policy, numbered(
        [
            new_seat(Place(code, OFFICES[code]), policy, number, position)
            for number, one in enumerate(policy.groups)
            for position, code in enumerate(one["members"])
        ]
    )


def test_quorum_that_too_few_people_can_fill_names_the_seat_that_lacks_somebody():
    policy, seats = stage(group("n_of_m", "sekda", "kabag", need=2))
    holders = Holders(sekda=1, kabag=1)

    (gap,) = gaps(policy, seats, holders.standing(matter(), seats))

    assert (gap.number, gap.missing, [seat.holder_label for seat in gap.seats]) == (
        0,
        1,
        ["Kepala Bagian Hukum"],
    )


def test_office_that_nobody_holds_is_named_wherever_it_stands():
    policy, seats = stage(group("all", "dinkes"), group("all", "sekda", "kabag"))
    holders = Holders(sekda=0)

    (gap,) = gaps(policy, seats, holders.standing(matter(), seats))

    assert (gap.number, [seat.holder_label for seat in gap.seats]) == (1, ["Sekretaris Daerah"])


def test_quorum_that_enough_people_can_fill_lacks_nobody():
    policy, seats = stage(group("n_of_m", "sekda", "kabag", "dinkes", need=2))
    holders = Holders(sekda=1, kabag=1)

    assert gaps(policy, seats, holders.standing(matter(), seats)) == []


@given(st.lists(st.lists(st.integers(1, 5), max_size=3, unique=True), max_size=5))
def test_places_filled_are_as_many_as_distinct_people_allow(able):
    rows = dict(enumerate(able))
    filled = most_filled(rows)

    assert filled <= {place for place, people in rows.items() if people}
    assert len(filled) <= len({person for people in able for person in people})
    assert len(filled) == _best(able)


def _best(able: list[list[int]], taken: frozenset[int] = frozenset()) -> int:
    """The same by trying everything."""
    if not able:
        return 0
    first, *rest = able
    with_first = [1 + _best(rest, taken | {one}) for one in first if one not in taken]
    return max([_best(rest, taken), *with_first])


@given(st.sampled_from(sorted(RULES)), st.integers(1, 5), st.data())
def test_as_many_more_approvals_as_wanted_satisfy_a_group(rule, size, data):
    need = data.draw(st.integers(1, size))
    asked = Group(rule, tuple(f"jabatan-{n}" for n in range(size)), need)
    seats = [Seat() for _ in range(size)]

    wanted = wanted_of(asked, seats, range(size))

    votes = [APPROVE] * wanted + [None] * (size - wanted)
    assert asked.result(votes) == APPROVE
    assert asked.result([None, *votes[1:]]) is None
