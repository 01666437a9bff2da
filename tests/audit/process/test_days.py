"""Days in SQL are the days in the regency, and working days are counted as the calendar counts."""

import datetime

import pytest
from viewflow.workflow.models import Task

from accounts.offices import today
from approvals.calendar import NATIONAL
from approvals.deadlines import local_day
from audit.process.days import LocalDay, Spread, WorkingDays, name_of, step
from tests.approvals.factories import TaskFactory

NEAR_MIDNIGHT = [
    datetime.datetime(2026, 12, 31, 16, 59, 59, 999_999, tzinfo=datetime.UTC),
    datetime.datetime(2026, 12, 31, 17, 0, tzinfo=datetime.UTC),
    datetime.datetime(2027, 1, 1, 0, 30, 0, 5, tzinfo=datetime.UTC),
]


@pytest.mark.integration
@pytest.mark.django_db
def test_database_tells_the_day_of_a_moment_as_the_regency_counts_it():
    for moment in NEAR_MIDNIGHT:
        TaskFactory(created=moment)
    rows = Task.objects.order_by("pk").values_list(LocalDay("created"), LocalDay("finished"))
    assert list(rows) == [(local_day(moment), None) for moment in NEAR_MIDNIGHT]


@pytest.mark.integration
@pytest.mark.django_db
def test_step_is_read_by_its_stored_name():
    TaskFactory()
    assert [name_of(node) for (node,) in Task.objects.values_list(step())] == ["verification"]


@pytest.mark.unit
def test_working_days_are_those_of_the_calendar():
    first = today() - datetime.timedelta(days=150)
    days = WorkingDays(NATIONAL, first)
    spans = [(start, length) for start in range(0, 150, 7) for length in (0, 1, 6, 45, 200)]
    for start, length in spans:
        begun = first + datetime.timedelta(days=start)
        ended = begun + datetime.timedelta(days=length)
        assert days.between(begun, ended) == NATIONAL.working_days_between(begun, ended)


@pytest.mark.unit
def test_working_days_without_an_end_reach_until_today_and_never_run_backwards():
    first = today() - datetime.timedelta(days=30)
    days = WorkingDays(NATIONAL, first)
    assert days.between(first) == NATIONAL.working_days_between(first, today())
    assert days.between(today(), first) == 0
    assert WorkingDays(NATIONAL).between(today()) == 0


@pytest.mark.unit
def test_spread_says_within_how_many_days_shares_of_them_were_over():
    spread = Spread()
    for days, times in ((1, 5), (3, 4), (40, 1)):
        spread.add(days, times)
    assert (spread.count, spread.median, spread.ninth, spread.longest) == (10, 1, 3, 40)


@pytest.mark.unit
def test_spread_of_nothing_says_nothing():
    assert (Spread().count, Spread().median, Spread().longest) == (0, None, None)
