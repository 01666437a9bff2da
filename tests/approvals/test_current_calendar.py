"""The calendar as the database holds it, read anew after every decree."""

from datetime import date

import pytest
from django.db import transaction

from accounts.acting import acting_as
from approvals.calendar import DAY, NATIONAL, current_calendar
from tests.accounts.factories import UnitFactory, system_account
from tests.approvals.calendar_factories import decreed

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

MONDAY, SATURDAY = date(2026, 4, 6), date(2026, 4, 11)


def test_calendar_without_decrees_is_the_nations():
    assert current_calendar() == NATIONAL


def test_decree_is_seen_by_the_next_reading():
    assert current_calendar().is_working_day(MONDAY)
    decreed(days=[(MONDAY, False)])
    assert not current_calendar().is_working_day(MONDAY)
    decreed(days=[(MONDAY, True)])
    assert current_calendar().is_working_day(MONDAY)


def test_decree_that_was_rolled_back_is_forgotten():
    with transaction.atomic():
        decreed(days=[(MONDAY, False)])
        assert not current_calendar().is_working_day(MONDAY)
        transaction.set_rollback(True)
    decreed(days=[(SATURDAY, True)])
    assert current_calendar().is_working_day(MONDAY)
    assert current_calendar().is_working_day(SATURDAY)


def test_unit_that_moves_under_another_inherits_its_week_at_once():
    agency, school = UnitFactory(), UnitFactory()
    decreed(weeks=[(agency, MONDAY, "123456")])
    assert not current_calendar().is_working_day(SATURDAY, school.pk)
    with acting_as(system_account()):
        school.parent = agency
        school.save()
    assert current_calendar().is_working_day(SATURDAY, school.pk)


@pytest.mark.parametrize("more", [1, 40])
def test_reading_the_calendar_costs_two_queries_at_any_size(more, django_assert_num_queries):
    agency = UnitFactory()
    span = [(MONDAY + number * DAY, False) for number in range(more)]
    decreed(days=span, weeks=[(agency, MONDAY, "123456")])
    current_calendar()
    with django_assert_num_queries(2):
        calendar = current_calendar()
        for number in range(60):
            calendar.working_days_after(MONDAY, number, agency.pk)
