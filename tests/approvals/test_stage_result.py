from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.acting import NoTransaction
from accounts.models import User
from approvals.models import Seat, SignOff, SignOffPolicy
from approvals.policies import RULES, groups_of
from approvals.sign_offs import late, sign, stage_result
from tests.approvals.factories import APPROVE, REJECT, RETURN, SEEN, group

pytestmark = pytest.mark.unit


def test_signing_outside_a_transaction_fails():
    with pytest.raises(NoTransaction):
        sign(User(), Seat(), APPROVE, excluded={}, content_hash=SEEN)


@pytest.mark.parametrize(
    ("due", "is_late"),
    [(None, False), (date(2026, 3, 9), True), (date(2026, 3, 10), False)],
)
def test_seat_is_late_after_its_due_day(due, is_late):
    assert late(Seat(due=due), date(2026, 3, 10)) is is_late


@st.composite
def stages(draw):
    """Seats in memory with any votes, under a policy of one to three groups."""
    groups, seats = [], []
    for number in range(draw(st.integers(1, 3))):
        size = draw(st.integers(1, 4))
        need = draw(st.integers(1, size))
        groups.append(group(draw(st.sampled_from(sorted(RULES))), size, need=need))
        votes = draw(st.lists(st.sampled_from([None, APPROVE, RETURN, REJECT]), max_size=size))
        seats += [in_memory(number, vote) for vote in votes + [None] * (size - len(votes))]
    return SignOffPolicy(groups=groups), seats


def in_memory(number, vote):
    seat = Seat(group=number, state=Seat.State.SIGNED if vote else Seat.State.OPEN)
    if vote:
        seat.sign_off = SignOff(outcome=vote)
    return seat


@given(stages())
def test_stage_is_approved_exactly_when_each_of_its_groups_is(stage):
    policy, seats = stage
    results = [
        g.result(
            [
                s.sign_off.outcome if s.state == Seat.State.SIGNED else None
                for s in seats
                if s.group == n
            ]
        )
        for n, g in enumerate(groups_of(policy))
    ]
    undecided = next((result for result in results if result != APPROVE), APPROVE)
    assert stage_result(seats, policy) == undecided
