import datetime
from datetime import date

import holidays
import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from approvals.calendar import (
    DAY,
    HOLIDAY,
    LEAVE,
    NATIONAL,
    Basis,
    DayRule,
    Rules,
    WeekRule,
    WorkingCalendar,
    holiday_kind,
    holiday_name,
)

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
    assert {day for day in days_of(2026) if NATIONAL.is_working_day(day)} == expected


@pytest.mark.parametrize(("year", "count"), [(2025, 237), (2026, 240), (2027, 242)])
def test_working_days_of_a_year_are_counted(year, count):
    assert sum(map(NATIONAL.is_working_day, days_of(year))) == count


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
    assert NATIONAL.working_days_after(start, days) == due


def test_holidays_are_told_from_collective_leave_and_named_in_both_languages():
    nyepi, leave = date(2026, 3, 19), date(2026, 3, 20)
    assert [holiday_kind(day) for day in (nyepi, leave, date(2026, 3, 25))] == [HOLIDAY, LEAVE, ""]
    names = {}
    for language in ("id", "en"):
        with translation.override(language):
            names[language] = holiday_name(nyepi), holiday_name(leave)
    assert names == {
        "id": ("Hari Suci Nyepi", "Cuti Bersama Hari Raya Idul Fitri"),
        "en": ("Day of Silence", "Eid al-Fitr Joint Holiday"),
    }


FIRST, SECOND = Basis("1/2026", date(2026, 1, 5), "Satu"), Basis("2/2026", date(2026, 2, 9), "Dua")
AGENCY, CENTRE, SCHOOL = 1, 2, 3
PARENTS = {AGENCY: None, CENTRE: AGENCY, SCHOOL: CENTRE}
MONDAY, SATURDAY = date(2026, 4, 6), date(2026, 4, 11)


def free(day, unit=None, basis=FIRST):
    return DayRule(day, False, "Libur", unit, basis)


def working(day, unit=None, basis=FIRST):
    return DayRule(day, True, "Masuk", unit, basis)


def six_days(unit, since=date(2026, 1, 1), basis=FIRST):
    return WeekRule(unit, since, "123456", basis)


def calendar_of(*days, weeks=()):
    return WorkingCalendar(Rules(days, weeks), PARENTS)


def test_decree_makes_a_day_free_for_everybody_and_a_saturday_working():
    calendar = calendar_of(free(MONDAY), working(SATURDAY))
    for unit in (None, AGENCY, SCHOOL):
        assert not calendar.is_working_day(MONDAY, unit)
        assert calendar.is_working_day(SATURDAY, unit)


def test_later_decree_supersedes_the_earlier_one():
    calendar = calendar_of(free(MONDAY), working(MONDAY, basis=SECOND))
    assert calendar.verdict(MONDAY).rule == working(MONDAY, basis=SECOND)


def test_rule_of_the_nearest_unit_wins_whatever_its_age():
    calendar = calendar_of(working(MONDAY, CENTRE), free(MONDAY, basis=SECOND))
    answers = {unit: calendar.is_working_day(MONDAY, unit) for unit in (None, *PARENTS)}
    assert answers == {None: False, AGENCY: False, CENTRE: True, SCHOOL: True}


def test_unit_without_a_week_of_its_own_inherits_its_parents():
    calendar = calendar_of(weeks=[six_days(CENTRE)])
    answers = {unit: calendar.is_working_day(SATURDAY, unit) for unit in (None, *PARENTS)}
    assert answers == {None: False, AGENCY: False, CENTRE: True, SCHOOL: True}


def test_own_week_begins_on_its_day_and_keeps_holidays_free():
    calendar = calendar_of(weeks=[six_days(AGENCY, since=SATURDAY)])
    assert not calendar.is_working_day(SATURDAY - 7 * DAY, AGENCY)
    assert calendar.is_working_day(SATURDAY, AGENCY)
    independence_eve, nyepi_leave = date(2026, 8, 15), date(2026, 3, 20)
    assert calendar.is_working_day(independence_eve, AGENCY)
    assert not calendar.is_working_day(nyepi_leave, AGENCY)


def test_later_decree_on_the_week_supersedes_from_its_own_day_on():
    later = WeekRule(AGENCY, date(2026, 3, 1), "12345", SECOND)
    calendar = calendar_of(weeks=[six_days(AGENCY, since=date(2026, 4, 1)), later])
    assert calendar.week(SATURDAY, AGENCY) == later
    assert calendar.week(date(2026, 2, 1), AGENCY) is None


def test_units_that_stand_in_a_circle_come_to_an_end():
    calendar = WorkingCalendar(Rules([free(MONDAY, CENTRE)]), {AGENCY: CENTRE, CENTRE: AGENCY})
    assert not calendar.is_working_day(MONDAY, AGENCY)


def test_calendar_with_one_more_decree_leaves_the_old_one_alone():
    old = calendar_of(free(MONDAY))
    new = old.changed([working(MONDAY, basis=SECOND)], [six_days(AGENCY)])
    assert (old.is_working_day(MONDAY), new.is_working_day(MONDAY)) == (False, True)
    assert (old.is_working_day(SATURDAY, AGENCY), new.is_working_day(SATURDAY, AGENCY)) == (
        False,
        True,
    )


days = st.dates(date(2025, 12, 1), date(2026, 12, 31))
units = st.sampled_from([None, AGENCY, CENTRE, SCHOOL])
day_rules = st.lists(
    st.builds(DayRule, days, st.booleans(), st.just("Uji"), units, st.just(FIRST)), max_size=30
)
week_rules = st.lists(
    st.builds(
        WeekRule,
        st.sampled_from([AGENCY, CENTRE, SCHOOL]),
        days,
        st.sampled_from(["12345", "123456"]),
        st.just(FIRST),
    ),
    max_size=4,
)
calendars = st.builds(
    lambda rules, weeks: WorkingCalendar(Rules(rules, weeks), PARENTS), day_rules, week_rules
)


def naive_working(calendar, day, unit):
    """The rule of the docstring, told once more without any table."""
    line = [unit] if unit else []
    while line and PARENTS[line[-1]]:
        line.append(PARENTS[line[-1]])
    for own in (*line, None):
        told = [rule for (u, d), rule in calendar.rules.days.items() if u == own and d == day]
        if told:
            return told[-1].working
    if day in FREE_2026 or holidays.country_holidays(
        "ID", years=day.year, categories=("public", "government")
    ).get(day):
        return False
    for own in line:
        weeks = [w for w in calendar.rules.weeks.get(own, []) if w.valid_from <= day]
        if weeks:
            return str(day.isoweekday()) in weeks[-1].days
    return day.weekday() < 5


def naive_after(calendar, start, count, unit):
    day = start
    while count:
        day += DAY
        if naive_working(calendar, day, unit):
            count -= 1
    return day


@settings(max_examples=100)
@given(calendars, days, st.integers(0, 40), units)
def test_due_day_agrees_with_counting_day_by_day(calendar, start, count, unit):
    assert calendar.working_days_after(start, count, unit) == naive_after(
        calendar, start, count, unit
    )


@given(calendars, days, st.integers(0, 90), units)
def test_counting_back_gives_the_days_again(calendar, start, count, unit):
    due = calendar.working_days_after(start, count, unit)
    assert calendar.working_days_between(start, due, unit) == count
    assert count == 0 or calendar.is_working_day(due, unit)


@given(calendars, days, days, st.integers(0, 60), st.integers(0, 60), units)
def test_more_days_and_a_later_start_never_end_earlier(calendar, one, other, few, more, unit):
    early, late = sorted([one, other])
    fewer, many = sorted([few, more])
    assert calendar.working_days_after(early, fewer, unit) <= calendar.working_days_after(
        early, many, unit
    )
    assert calendar.working_days_after(early, few, unit) <= calendar.working_days_after(
        late, few, unit
    )


@given(calendars, days, st.integers(0, 40), st.integers(0, 40), units)
def test_days_add_up(calendar, start, first, second, unit):
    halfway = calendar.working_days_after(start, first, unit)
    assert calendar.working_days_after(halfway, second, unit) == calendar.working_days_after(
        start, first + second, unit
    )


def test_days_between_a_day_and_an_earlier_one_are_none():
    assert NATIONAL.working_days_between(SATURDAY, MONDAY) == 0
