import datetime
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from approvals.deadlines import is_working_day, working_days_after

pytestmark = pytest.mark.unit

# Joint decree on holidays and collective leave 2026, by month: {month: days}.
PUBLIC_2026 = {
    1: (1, 16),
    2: (17,),
    3: (19, 21, 22),
    4: (3, 5),
    5: (1, 14, 27, 31),
    6: (1, 16),
    8: (17, 25),
    12: (25,),
}
COLLECTIVE_LEAVE_2026 = {2: (16,), 3: (18, 20, 23, 24), 5: (15, 28), 12: (24,)}
FREE_2026 = {
    date(2026, month, day)
    for table in (PUBLIC_2026, COLLECTIVE_LEAVE_2026)
    for month, days in table.items()
    for day in days
}


def days_of(year):
    first = date(year, 1, 1)
    return [first + datetime.timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def test_working_days_of_2026_follow_the_written_table():
    expected = {day for day in days_of(2026) if day.weekday() < 5 and day not in FREE_2026}
    assert {day for day in days_of(2026) if is_working_day(day)} == expected


@pytest.mark.parametrize(("year", "count"), [(2025, 237), (2026, 240), (2027, 242)])
def test_working_days_of_a_year_are_counted(year, count):
    assert sum(map(is_working_day, days_of(year))) == count


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        pytest.param(date(2026, 3, 9), 5, date(2026, 3, 16), id="a-plain-week"),
        pytest.param(date(2026, 3, 6), 1, date(2026, 3, 9), id="over-a-weekend"),
        pytest.param(date(2026, 3, 7), 1, date(2026, 3, 9), id="from-a-saturday"),
        pytest.param(date(2026, 3, 9), 0, date(2026, 3, 9), id="no-days"),
        pytest.param(date(2026, 1, 15), 1, date(2026, 1, 19), id="isra-mikraj"),
        pytest.param(date(2026, 2, 13), 1, date(2026, 2, 18), id="lunar-new-year-and-leave"),
        pytest.param(date(2026, 3, 17), 1, date(2026, 3, 25), id="nyepi-and-idul-fitri"),
        pytest.param(date(2026, 3, 17), 10, date(2026, 4, 8), id="idul-fitri-and-good-friday"),
        pytest.param(date(2026, 5, 13), 1, date(2026, 5, 18), id="ascension-and-leave"),
        pytest.param(date(2026, 5, 26), 2, date(2026, 6, 2), id="idul-adha-to-pancasila-day"),
        pytest.param(date(2026, 8, 14), 6, date(2026, 8, 26), id="independence-and-maulid"),
        pytest.param(date(2026, 12, 23), 1, date(2026, 12, 28), id="christmas-and-leave"),
        pytest.param(date(2026, 12, 30), 2, date(2027, 1, 4), id="into-the-next-year"),
    ],
)
def test_due_day_lies_so_many_working_days_later(start, days, due):
    assert working_days_after(start, days) == due


@settings(max_examples=60)
@given(st.dates(date(2024, 1, 1), date(2027, 6, 30)), st.integers(1, 90))
def test_due_day_is_the_working_day_that_completes_the_count(start, days):
    due = working_days_after(start, days)
    passed = [start + datetime.timedelta(days=n + 1) for n in range((due - start).days)]
    assert is_working_day(due)
    assert sum(map(is_working_day, passed)) == days
