"""A decree that cannot be entered is refused with a sentence for the row and the field."""

from dataclasses import replace
from datetime import date

import pytest
import time_machine
from django.utils import translation

from approvals.calendar import DAY
from approvals.decree_faults import faults_of
from approvals.decrees import whole_calendar
from approvals.new_decree import NewDays, NewDecree, NewWeek
from tests.accounts.factories import UnitFactory, UserFactory
from tests.approvals.calendar_factories import CalendarDecreeFactory, decreed

pytestmark = [
    pytest.mark.integration,
    pytest.mark.django_db,
    pytest.mark.usefixtures("english", "monday_morning"),
]

MONDAY, SATURDAY, SUNDAY = date(2026, 4, 6), date(2026, 4, 11), date(2026, 4, 12)


@pytest.fixture
def monday_morning():
    with time_machine.travel("2026-04-06T02:00:00Z", tick=False):
        yield


def free(day, **more):
    return NewDays(**{"first": day, "last": day, "working": False, "name": "Cuti bersama"} | more)


def working(day, **more):
    return free(day, **{"working": True, "name": "Pengganti"} | more)


def decree(*days, weeks=(), **about):
    return NewDecree(
        **{"number": "12/2026", "date": MONDAY - DAY, "title": "Cuti bersama"} | about,
        days=days,
        weeks=weeks,
    )


def told(new):
    found = faults_of(new, whole_calendar())
    return [(fault.table, fault.row, fault.field, fault.sentence) for fault in found]


def test_decree_in_order_has_no_fault():
    assert told(decree(free(MONDAY + DAY), working(SATURDAY))) == []


def test_decree_without_rows_is_refused():
    sentence = "Enter at least one day or one working week that the decree changes."
    assert told(decree()) == [("", 0, "", sentence)]


def test_decree_of_tomorrow_is_refused():
    assert told(decree(free(MONDAY + DAY), date=MONDAY + DAY)) == [
        ("", 0, "date", "The decree is dated in the future. Enter it once it has been issued.")
    ]


def test_decree_is_refused_a_second_time():
    known = CalendarDecreeFactory(entered_by=UserFactory(name_plain="Rina"))
    new = decree(free(MONDAY + DAY), number=known.number, date=known.date)
    assert told(new) == [
        (
            "",
            0,
            "number",
            "Rina entered this decree already. Give a correction its own number.",
        )
    ]


@pytest.mark.parametrize(
    ("moment", "refused"),
    [
        ("2026-04-06T16:59:59Z", False),
        ("2026-04-06T17:00:00Z", True),
    ],
)
def test_day_has_passed_at_midnight_in_the_regency(moment, refused):
    with time_machine.travel(moment, tick=False):
        found = told(decree(free(MONDAY)))
    sentence = (
        "Monday, 6 April 2026 has passed: due dates that have passed are not rewritten. "
        "Choose today or a later day."
    )
    assert found == ([("days", 0, "first", sentence)] if refused else [])


def test_sentence_is_told_in_indonesian_too():
    with translation.override("id"):
        (fault,) = faults_of(decree(free(date(2026, 4, 2))), whole_calendar())
    assert "Kamis, 2 April 2026" in fault.sentence


def test_week_in_the_past_is_refused():
    week = NewWeek(UnitFactory(), date(2026, 4, 2), "123456")
    ((table, row, field, sentence),) = told(decree(weeks=[week]))
    assert (table, row, field) == ("weeks", 0, "valid_from")
    assert sentence.startswith("Thursday, 2 April 2026 has passed")


def test_days_that_cross_are_refused():
    assert told(decree(working(SATURDAY), free(MONDAY + 2 * DAY, last=MONDAY + DAY))) == [
        ("days", 1, "last", "The last day lies before the first. Check both days.")
    ]


def test_row_of_more_than_a_month_is_refused():
    assert told(decree(free(MONDAY, last=date(2026, 5, 7)))) == [
        ("days", 0, "last", "A row holds at most 31 days. Check the last day.")
    ]


def test_year_that_is_mistyped_is_refused_without_counting_its_days():
    far = date(9026, 4, 6)
    ((_table, _row, field, sentence), _other) = told(decree(free(far), free(MONDAY, last=far)))
    assert field == "first"
    assert sentence.endswith("9026 lies more than 5 years ahead. Check the year.")


def test_day_twice_for_the_same_unit_is_refused():
    unit = UnitFactory()
    days = [free(MONDAY, last=MONDAY + DAY), free(MONDAY + DAY)]
    sentence = "Tuesday, 7 April 2026 stands in row 1 already. Keep one of the two."
    assert told(decree(*days)) == [("days", 1, "first", sentence)]
    own = replace(days[1], unit=unit, working=True)
    assert told(decree(days[0], own)) == []


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (working(MONDAY), "Monday, 6 April 2026 is a working day already. Remove the row."),
        (free(SUNDAY), "Sunday, 12 April 2026 is free already. Remove the row."),
        (
            free(date(2026, 5, 1)),
            "Friday, 1 May 2026 is free already (International Labor Day). Remove the row.",
        ),
    ],
)
def test_day_that_is_so_already_is_refused(row, sentence):
    assert told(decree(row)) == [("days", 0, "first", sentence)]


def test_saturday_is_declared_free_where_a_unit_works_on_it():
    assert told(decree(free(SATURDAY)))[0][2] == "first"
    decreed(weeks=[(UnitFactory(), date(2026, 1, 1), "123456")])
    assert told(decree(free(SATURDAY))) == []


def test_row_is_judged_together_with_the_others():
    centre = UnitFactory()
    on_duty = working(MONDAY + DAY, unit=centre)
    assert told(decree(on_duty))[0][3].endswith("is a working day already. Remove the row.")
    assert told(decree(free(MONDAY + DAY), on_duty)) == []
    week = NewWeek(centre, MONDAY, "123456")
    assert told(decree(free(SATURDAY, unit=centre), weeks=[week])) == []


def test_day_for_a_unit_counts_for_a_unit_below_with_rules_of_its_own():
    agency = UnitFactory()
    school = UnitFactory(parent=agency)
    decreed(weeks=[(school, date(2026, 1, 1), "123456")])
    assert told(decree(free(SATURDAY, unit=agency))) == []
    assert told(decree(free(SATURDAY, unit=UnitFactory())))[0][2] == "first"


def test_day_that_a_later_decree_has_settled_is_refused():
    decreed(days=[(MONDAY + DAY, False)], number="20/2026", date=date(2026, 4, 5))
    new = decree(working(MONDAY + DAY), date=date(2026, 4, 4))
    sentence = "Tuesday, 7 April 2026 was settled by a later decree, no. 20/2026 of 5 April 2026."
    assert told(new) == [("days", 0, "first", sentence)]
    assert told(replace(new, date=date(2026, 4, 6))) == []


def test_week_that_is_so_already_or_stands_twice_is_refused():
    unit = UnitFactory(name="Dinkes")
    six = NewWeek(unit, MONDAY, "123456")
    assert told(decree(weeks=[NewWeek(unit, MONDAY, "12345")])) == [
        ("weeks", 0, "days", "Dinkes works that week already. Remove the row.")
    ]
    assert told(decree(weeks=[six, six])) == [
        (
            "weeks",
            1,
            "unit",
            "Dinkes stands in an earlier row already. Keep one of the two.",
        )
    ]
    decreed(weeks=[(unit, MONDAY, "123456")], number="20/2026", date=date(2026, 4, 6))
    assert told(decree(weeks=[NewWeek(unit, MONDAY, "12345")])) == [
        (
            "weeks",
            0,
            "unit",
            "The week of Dinkes was settled by a later decree, no. 20/2026.",
        )
    ]


def test_full_sentence_names_the_row():
    (fault,) = faults_of(decree(working(SATURDAY), free(SUNDAY)), whole_calendar())
    assert fault.full_sentence == ("Row 2, Sunday, 12 April 2026 is free already. Remove the row.")
