"""Ends without a decree, cases that stand, clocks that were stopped."""

import pytest

from accounts.offices import today
from approvals.deadlines import local_day
from audit.process.durations import working_days
from audit.process.scope import Scope
from audit.process.stops import ends, pauses, standing
from tests.accounts.factories import system_account
from tests.approvals.calendar_factories import ClockPauseFactory

from .factories import REJECTED, day, step_of, travelled

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def told(question, *more):
    return question(Scope(), working_days(Scope()), *more)


def test_ends_are_counted_with_the_stage_before_and_success_is_none():
    travelled(*REJECTED, code="INV-A", stays=3)
    travelled(*REJECTED, code="INV-B", stays=1)
    travelled("start", "publication", "institutionalised", "done", code="INV-C")
    travelled("start", "trial", code="INV-D")
    (one,) = told(ends)
    assert (one.end, one.stage, one.cases) == ("rejected", "completeness", 2)
    assert dict(one.cycle.days) == {1: 1, 3: 1}


def test_cases_that_stand_are_listed_the_longest_first():
    travelled("start", "completeness", "trial", code="INV-A", stays=2)
    travelled("start", "completeness", code="INV-B")
    travelled(*REJECTED, code="INV-C")
    travelled("start", "numbering", "issuing", code="INV-D")
    rows = told(standing, 10)
    assert [(one.code, one.stage) for one in rows] == [
        ("INV-B", "completeness"),
        ("INV-D", "issuing"),
        ("INV-A", "trial"),
    ]
    assert rows[0].since == local_day(day(0))
    assert rows[0].days == working_days(Scope()).between(rows[0].since, today())
    assert [one.code for one in told(standing, 1)] == ["INV-B"]


def test_pauses_are_measured_by_stage_and_reason():
    first, second = (travelled("start", "trial", code=code) for code in ("INV-A", "INV-B"))
    ClockPauseFactory(
        task=step_of(first, "trial"),
        kind="ministry",
        started_at=day(0),
        ended_at=day(7),
        ended_by=system_account(),
    )
    ClockPauseFactory(task=step_of(second, "trial"), kind="ministry", started_at=day(1))
    (one,) = told(pauses)
    assert (one.stage, one.kind, one.running, dict(one.spread.days)) == (
        *("trial", "ministry"),
        1,
        {5: 1},
    )
