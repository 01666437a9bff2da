"""Whose turn it is, worked out anew from the answers that count, whatever stood there before."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from approvals.arrangement import arrange, groups_with_seats, result_of
from approvals.models import Seat, SignOff, SignOffPolicy
from approvals.policies import RECONFIRMATION, RULES, groups_of
from tests.approvals.factories import APPROVE, RECUSE, REJECT, RETURN, group, matter

WAITING, OPEN, SIGNED, RECUSED, CLOSED = "waiting", "open", "signed", "recused", "closed"
ALL, ANY, QUORUM = group("all", 2), group("any", 2), group("n_of_m", 3, need=2)
ORDERED, ONE = group("ordered", 2), group("all", 1)
RICH = [{"fact": "amount", "at_least": "100"}]
ONE_IF_RICH, ORDERED_IF_RICH = group("all", 1, when=RICH), group("ordered", 2, when=RICH)
POOR, WEALTHY = matter(facts={"amount": 99}), matter(facts={"amount": 100})

# Seats live in memory; dating one reads the calendar.
pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def in_memory(number, vote, state=None):
    seat = Seat(group=number, state=state or (SIGNED if vote else WAITING))
    if vote:
        seat.answer = SignOff(outcome=vote)
        seat.state = RECUSED if vote == RECUSE else SIGNED
    return seat


def stage(groups, votes):
    """A policy, and seats in memory with these votes, group by group."""
    seats = [in_memory(number, vote) for number, of in enumerate(votes) for vote in of]
    return SignOffPolicy(groups=groups, working_days=5), seats


def arranged(groups, votes, about=POOR):
    policy, seats = stage(groups, votes)
    with time_machine.travel("2026-03-10T01:00:00Z", tick=False):
        result, changed = arrange(policy, seats, about)
    return result, [seat.state for seat in seats], changed, seats


@pytest.mark.parametrize(
    ("groups", "votes", "states", "result"),
    [
        ([ONE], [[None]], [OPEN], None),
        ([ONE], [[APPROVE]], [SIGNED], APPROVE),
        ([ONE], [[RETURN]], [SIGNED], RETURN),
        ([ALL], [[None, APPROVE]], [OPEN, SIGNED], None),
        ([ALL], [[None, REJECT]], [CLOSED, SIGNED], REJECT),
        ([ANY], [[None, APPROVE]], [CLOSED, SIGNED], APPROVE),
        ([QUORUM], [[APPROVE, None, None]], [SIGNED, OPEN, OPEN], None),
        ([QUORUM], [[APPROVE, None, APPROVE]], [SIGNED, CLOSED, SIGNED], APPROVE),
        ([QUORUM], [[RETURN, None, RETURN]], [SIGNED, CLOSED, SIGNED], RETURN),
        ([ORDERED], [[None, None]], [OPEN, WAITING], None),
        ([ORDERED], [[APPROVE, None]], [SIGNED, OPEN], None),
        ([ORDERED], [[None, APPROVE]], [OPEN, SIGNED], None),
        ([ORDERED], [[RETURN, None]], [SIGNED, CLOSED], RETURN),
        ([ALL, ONE], [[APPROVE, None], [None]], [SIGNED, OPEN, WAITING], None),
        ([ALL, ONE], [[APPROVE, APPROVE], [None]], [SIGNED, SIGNED, OPEN], None),
        ([ALL, ONE], [[APPROVE, APPROVE], [APPROVE]], [SIGNED, SIGNED, SIGNED], APPROVE),
        # An answer that was kept, or given before an earlier one was taken back, still counts.
        ([ONE, ONE], [[None], [APPROVE]], [OPEN, SIGNED], None),
        ([ONE, ONE, ONE], [[APPROVE], [APPROVE], [None]], [SIGNED, SIGNED, OPEN], None),
        ([ONE, ONE], [[None], [REJECT]], [OPEN, SIGNED], None),
        # A seat that its holder has left holds the stage up until somebody else is asked.
        ([ONE], [[RECUSE]], [RECUSED], None),
        ([ALL], [[RECUSE, None]], [RECUSED, OPEN], None),
        ([ANY], [[RECUSE, None]], [RECUSED, OPEN], None),
        ([ANY], [[RECUSE, APPROVE]], [RECUSED, SIGNED], APPROVE),
        ([QUORUM], [[RECUSE, APPROVE, None]], [RECUSED, SIGNED, OPEN], None),
        ([QUORUM], [[RECUSE, APPROVE, APPROVE]], [RECUSED, SIGNED, SIGNED], APPROVE),
        ([ORDERED, ONE], [[RECUSE, None], [None]], [RECUSED, WAITING, WAITING], None),
        ([ORDERED, ONE], [[APPROVE, RECUSE], [None]], [SIGNED, RECUSED, WAITING], None),
        ([ONE, ORDERED], [[RECUSE], [None, None]], [RECUSED, WAITING, WAITING], None),
    ],
)
def test_seats_get_their_turn_and_answers_amount_to_a_result(groups, votes, states, result):
    found, now, _changed, seats = arranged(groups, votes)
    assert (found, now) == (result, states)
    assert result_of(SignOffPolicy(groups=groups), seats, POOR) == result


@pytest.mark.parametrize(
    ("about", "votes", "states", "result"),
    [
        (POOR, [[None], [None]], [OPEN, CLOSED], None),
        (WEALTHY, [[None], [None]], [OPEN, WAITING], None),
        (POOR, [[APPROVE], [None]], [SIGNED, CLOSED], APPROVE),
        (WEALTHY, [[APPROVE], [None]], [SIGNED, OPEN], None),
        (WEALTHY, [[APPROVE], [APPROVE]], [SIGNED, SIGNED], APPROVE),
        (POOR, [[APPROVE], [REJECT]], [SIGNED, SIGNED], APPROVE),
        (POOR, [[APPROVE], [RECUSE]], [SIGNED, RECUSED], APPROVE),
    ],
)
def test_group_is_asked_where_the_case_meets_its_conditions(about, votes, states, result):
    found, now, _changed, _seats = arranged([ONE, ONE_IF_RICH], votes, about)
    assert (found, now) == (result, states)


def test_group_comes_and_goes_with_the_facts():
    policy, seats = stage([ONE_IF_RICH, ONE], [[None], [None]])
    seen = []
    for about in (POOR, WEALTHY, POOR):
        result, _changed = arrange(policy, seats, about)
        seen.append((result, [seat.state for seat in seats]))
    assert seen == [(None, [CLOSED, OPEN]), (None, [OPEN, WAITING]), (None, [CLOSED, OPEN])]


def test_group_that_a_fact_calls_back_keeps_what_it_had_answered():
    policy, seats = stage([ORDERED_IF_RICH, ONE], [[APPROVE, None], [None]])
    arrange(policy, seats, POOR)
    assert [seat.state for seat in seats] == [SIGNED, CLOSED, OPEN]
    arrange(policy, seats, WEALTHY)
    assert [seat.state for seat in seats] == [SIGNED, OPEN, WAITING]


def test_group_that_is_not_asked_does_not_seem_to_wait():
    assert arranged([ONE, ONE_IF_RICH, ONE], [[None], [None], [None]])[1] == [OPEN, CLOSED, WAITING]


def test_unknown_fact_asks_no_group_that_depends_on_it():
    assert arranged([ONE_IF_RICH, ONE], [[None], [None]], matter())[1] == [CLOSED, OPEN]


def test_only_seats_that_changed_are_handed_back_and_dated():
    result, states, changed, seats = arranged([ONE, ALL], [[APPROVE], [None, APPROVE]])
    assert (result, states) == (None, [SIGNED, OPEN, SIGNED])
    assert changed == [seats[1]]
    assert (seats[1].opened_at, seats[1].due) == (
        datetime(2026, 3, 10, 1, tzinfo=UTC),
        date(2026, 3, 17),
    )


def test_seat_that_waits_again_has_no_date():
    policy, seats = stage([ONE, ONE], [[APPROVE], [None]])
    arrange(policy, seats, POOR)
    assert seats[1].due is not None
    seats[0].answer, seats[0].state = None, WAITING
    arrange(policy, seats, POOR)
    assert [(s.state, s.due is None, s.opened_at is None) for s in seats] == [
        (OPEN, False, False),
        (WAITING, True, True),
    ]


def test_seat_that_stays_open_keeps_its_date():
    policy, seats = stage([ALL], [[None, None]])
    with time_machine.travel("2026-03-10T01:00:00Z", tick=False):
        arrange(policy, seats, POOR)
    with time_machine.travel("2026-03-12T01:00:00Z", tick=False):
        assert arrange(policy, seats, POOR) == (None, [])
    assert {seat.due for seat in seats} == {date(2026, 3, 17)}


def again(vote):
    """A seat at which an earlier stage's signer is asked again."""
    seat = in_memory(0, vote)
    seat.reconfirms = SignOff(pk=1)
    return seat


@pytest.mark.parametrize(
    ("asked_again", "states", "result"),
    [
        ([None, None], [OPEN, OPEN, WAITING], None),
        ([APPROVE, None], [SIGNED, OPEN, WAITING], None),
        ([APPROVE, APPROVE], [SIGNED, SIGNED, OPEN], None),
        ([RETURN, None], [SIGNED, CLOSED, CLOSED], RETURN),
    ],
)
def test_earlier_signers_are_asked_again_before_everybody_else(asked_again, states, result):
    policy, own = stage([ONE], [[None]])
    seats = [*map(again, asked_again), *own]
    assert arrange(policy, seats, POOR)[0] == result
    assert [seat.state for seat in seats] == states
    assert [group for group, _seats in groups_with_seats(policy, seats)] == [
        RECONFIRMATION,
        *groups_of(policy),
    ]


VOTES = st.sampled_from([None, APPROVE, RETURN, REJECT, RECUSE])


@st.composite
def stages(draw):
    """Seats in memory with any votes and states, under a policy of one to three groups."""
    groups, seats = [], []
    for number in range(draw(st.integers(1, 3))):
        size = draw(st.integers(1, 4))
        when = RICH if draw(st.booleans()) else []
        rule = draw(st.sampled_from(sorted(RULES)))
        groups.append(group(rule, size, need=draw(st.integers(1, size)), when=when))
        for _place in range(size):
            state = draw(st.sampled_from([WAITING, OPEN, CLOSED]))
            seats.append(in_memory(number, draw(VOTES), state))
    return (
        SignOffPolicy(groups=groups, working_days=5),
        seats,
        draw(st.sampled_from([POOR, WEALTHY])),
    )


@given(stages())
def test_stage_is_approved_exactly_when_each_group_that_is_asked_is(drawn):
    policy, seats, about = drawn
    result, _changed = arrange(policy, seats, about)
    votes = [
        [s.answer.outcome if s.answer else None for s in seats if s.group == n] for n in range(3)
    ]
    asked = [(g, votes[n]) for n, g in enumerate(groups_of(policy)) if g.applies(about)]
    results = [group.result(own) for group, own in asked]
    assert result == next((one for one in results if one != APPROVE), APPROVE)
    assert result == result_of(policy, seats, about)


@given(stages())
def test_turns_follow_from_the_answers_alone(drawn):
    policy, seats, about = drawn
    arrange(policy, seats, about)
    states = [seat.state for seat in seats]
    assert arrange(policy, seats, about)[1] == []
    for seat in seats:
        if seat.answer is None:
            seat.state = WAITING
    arrange(policy, seats, about)
    assert [seat.state for seat in seats] == states


@given(stages())
def test_open_stage_has_a_turn_or_an_empty_seat_and_a_closed_one_has_none(drawn):
    policy, seats, about = drawn
    result, _changed = arrange(policy, seats, about)
    states = {seat.state for seat in seats}
    if result is None:
        assert states & {OPEN, RECUSED}
    else:
        assert not states & {OPEN, WAITING}
    assert all((seat.state in (SIGNED, RECUSED)) == (seat.answer is not None) for seat in seats)
