from datetime import date

import pytest
from django.utils import translation

from approvals.calendar import NATIONAL, Basis, DayRule, Rules, WorkingCalendar
from workflow.calendar_year import chosen_year, year_of

pytestmark = pytest.mark.unit

BASIS = Basis("12/2026", date(2026, 1, 5), "Uji", 1)


def month(number, calendar=NATIONAL):
    with translation.override("en"):
        return year_of(2026, calendar, None)[number - 1]


def test_year_counts_its_working_days():
    assert sum(month(number).working_days for number in range(1, 13)) == 240


def test_month_begins_its_weeks_on_monday_and_holds_each_day_once():
    march = month(3)
    assert [cell and cell.day.day for cell in march.weeks[0]] == [None] * 6 + [1]
    assert all(len(week) == 7 for week in march.weeks)
    days = [cell.day.day for week in march.weeks for cell in week if cell]
    assert days == list(range(1, 32))


def test_days_are_told_apart():
    kinds = {cell.day.day: cell.kind for week in month(3).weeks for cell in week if cell}
    assert (kinds[17], kinds[18], kinds[19], kinds[28]) == ("", "leave", "holiday", "rest")


def test_days_in_a_row_with_one_name_are_named_once():
    named = [(span.first.day.day, span.last.day, span.first.name) for span in month(3).named]
    assert named[-1] == (23, 24, "Eid al-Fitr Joint Holiday")
    assert len(named) == 6


def test_day_of_a_decree_bears_its_name_and_the_decree():
    days = [
        DayRule(date(2026, 7, 6), False, "Cuti bersama", None, BASIS),
        DayRule(date(2026, 7, 7), False, "Cuti bersama", None, BASIS),
        DayRule(date(2026, 7, 11), True, "Pengganti", None, BASIS),
    ]
    july = month(7, WorkingCalendar(Rules(days), {}))
    named = [(span.first.kind, span.last.day, span.first.name) for span in july.named]
    assert named == [("free", 7, "Cuti bersama"), ("work", 11, "Pengganti")]
    assert {span.first.basis for span in july.named} == {BASIS}
    assert july.working_days == 22


def test_today_is_marked(time_machine):
    time_machine.move_to("2026-03-17T17:00:00Z")
    marked = [cell.day for week in month(3).weeks for cell in week if cell and cell.is_today]
    assert marked == [date(2026, 3, 18)]


@pytest.mark.parametrize(("typed", "year"), [("2031", 2031), ("2019", 2026), ("٢٠٣١", 2026)])
def test_year_is_taken_from_the_address_where_it_is_one(time_machine, typed, year):
    time_machine.move_to("2026-12-31T16:59:59Z")
    assert chosen_year(typed) == year


def test_year_changes_at_midnight_in_the_regency(time_machine):
    time_machine.move_to("2026-12-31T17:00:00Z")
    assert chosen_year("") == 2027
