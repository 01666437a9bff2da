"""Entering a decree: the preview says what the confirmation does, and nothing more."""

import datetime
from datetime import date

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from accounts.acting import acting_as
from approvals.calendar import DAY, current_calendar
from approvals.decrees import Move, enact, preview
from approvals.models import CalendarDecree, DueChange, Seat
from approvals.new_decree import NewDays, NewDecree, NewWeek
from approvals.refusals import NotAllowed
from tests.accounts.factories import OfficeFactory, UnitFactory, UserFactory, system_account
from tests.approvals.factories import SeatFactory, TaskFactory

pytestmark = [
    pytest.mark.integration,
    pytest.mark.django_db,
    pytest.mark.usefixtures("english", "monday_morning"),
]

MONDAY = date(2026, 4, 6)
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (MONDAY + number * DAY for number in range(1, 5))
SATURDAY, NEXT_MONDAY = FRIDAY + DAY, FRIDAY + 3 * DAY
SUNDAY_BEFORE = datetime.datetime(2026, 4, 5, 3, tzinfo=datetime.UTC)


@pytest.fixture
def monday_morning():
    with time_machine.travel("2026-04-06T02:00:00Z", tick=False):
        yield


@pytest.fixture
def administrator():
    person = UserFactory()
    with acting_as(system_account()):
        person.user_permissions.add(Permission.objects.get(codename="change_calendar"))
    return person


def decree(first=WEDNESDAY, last=None, *, working=False, unit=None, weeks=(), number="12/2026"):
    days = [NewDays(first, last or first, working, "Cuti bersama", unit)] if first else []
    return NewDecree(number, date(2026, 4, 5), "Cuti bersama Idulfitri", days, weeks)


def seat(due, **more):
    return SeatFactory(**{"due": due, "opened_at": SUNDAY_BEFORE} | more)


def dues():
    return list(Seat.objects.order_by("pk").values_list("due", flat=True))


def test_person_without_the_right_enters_nothing():
    seat(FRIDAY)
    with pytest.raises(NotAllowed, match="Only administrators of the calendar"):
        enact(UserFactory(), decree())
    assert dues() == [FRIDAY]
    assert not CalendarDecree.objects.exists()


def test_superuser_has_the_right():
    assert enact(UserFactory(is_superuser=True), decree()).moved == 0


def test_decree_with_faults_is_refused_with_each_sentence(administrator):
    with pytest.raises(ValidationError) as refused, transaction.atomic():
        enact(administrator, decree(MONDAY - DAY))
    assert len(refused.value.messages) == 1
    assert refused.value.messages[0].startswith("Row 1, Sunday, 5 April 2026 has passed")
    assert not CalendarDecree.objects.exists()


def test_free_day_moves_what_is_due_on_it_or_later(administrator):
    for due in (TUESDAY, WEDNESDAY, THURSDAY, FRIDAY):
        seat(due)
    enacted = enact(administrator, decree())
    assert dues() == [TUESDAY, THURSDAY, FRIDAY, NEXT_MONDAY]
    assert enacted.moved == 3
    assert not current_calendar().is_working_day(WEDNESDAY)


def test_working_saturday_brings_dates_forward(administrator):
    seat(FRIDAY)
    seat(NEXT_MONDAY)
    enact(administrator, decree(SATURDAY, working=True))
    assert dues() == [FRIDAY, SATURDAY]


def test_day_of_one_unit_moves_its_seats_alone(administrator):
    unit = UnitFactory()
    below = UnitFactory(parent=unit)
    seat(THURSDAY, office=OfficeFactory(unit=below))
    seat(THURSDAY)
    seat(THURSDAY, office=None, person=UserFactory())
    enact(administrator, decree(unit=unit))
    assert dues() == [FRIDAY, THURSDAY, THURSDAY]


def test_seat_of_a_unit_goes_by_the_units_days_in_the_preview_as_well(administrator):
    unit = UnitFactory()
    seat(THURSDAY, office=None, unit=unit)
    assert preview(decree(unit=unit)).moves == [Move(THURSDAY, FRIDAY, 1)]
    assert enact(administrator, decree(unit=unit)).units == {unit.pk}
    assert dues() == [FRIDAY]


def test_six_day_week_brings_the_units_dates_forward(administrator):
    unit = UnitFactory()
    seat(NEXT_MONDAY, office=OfficeFactory(unit=unit))
    enact(administrator, decree(None, weeks=[NewWeek(unit, TUESDAY, "123456")]))
    assert dues() == [SATURDAY]
    assert current_calendar().is_working_day(SATURDAY, unit.pk)


def test_today_may_be_declared_free(administrator):
    seat(MONDAY)
    seat(TUESDAY, opened_at=datetime.datetime(2026, 4, 6, 1, tzinfo=datetime.UTC))
    enact(administrator, decree(MONDAY))
    assert dues() == [TUESDAY, TUESDAY]


def test_dates_that_have_passed_and_seats_that_are_closed_stay(administrator):
    seat(MONDAY - DAY)
    seat(THURSDAY, state=Seat.State.CLOSED)
    seat(THURSDAY, state=Seat.State.SIGNED)
    seat(None, state=Seat.State.WAITING)
    assert enact(administrator, decree()).moved == 0
    assert dues() == [MONDAY - DAY, THURSDAY, THURSDAY, None]


def test_each_move_keeps_the_old_date_the_cause_and_the_actor(administrator):
    moved = seat(WEDNESDAY)
    stays = seat(TUESDAY)
    decree_ = enact(administrator, decree()).decree
    change = DueChange.objects.get()
    assert (change.seat, change.before, change.after) == (moved, WEDNESDAY, THURSDAY)
    assert (change.decree, change.pause) == (decree_, None)
    versions = list(moved.history.all())
    assert [version.due for version in versions] == [THURSDAY, WEDNESDAY]
    assert versions[0].history_user == administrator
    assert stays.history.count() == 1
    assert decree_.entered_by == administrator


def test_enacted_names_the_offices_and_people_whose_dates_moved(administrator):
    office, person = OfficeFactory(), UserFactory()
    seat(WEDNESDAY, office=office)
    seat(THURSDAY, office=office)
    seat(WEDNESDAY, office=None, person=person)
    seat(TUESDAY)
    enacted = enact(administrator, decree())
    assert (enacted.moved, enacted.offices, enacted.people) == (3, {office.pk}, {person.pk})


def test_second_decree_moves_from_where_the_first_left_off(administrator):
    seat(WEDNESDAY)
    enact(administrator, decree())
    enact(administrator, decree(working=True, number="13/2026"))
    assert dues() == [WEDNESDAY]
    moves = DueChange.objects.values_list("before", "after")
    assert list(moves) == [(WEDNESDAY, THURSDAY), (THURSDAY, WEDNESDAY)]


def test_preview_says_what_would_move_and_changes_nothing():
    for due in (TUESDAY, WEDNESDAY, WEDNESDAY, FRIDAY):
        seat(due)
    seen = preview(decree())
    assert seen.count == 3
    assert seen.moves == [Move(WEDNESDAY, THURSDAY, 2), Move(FRIDAY, NEXT_MONDAY, 1)]
    assert [(one.due, after) for one, after in seen.first] == [
        (WEDNESDAY, THURSDAY),
        (WEDNESDAY, THURSDAY),
        (FRIDAY, NEXT_MONDAY),
    ]
    assert dues() == [TUESDAY, WEDNESDAY, WEDNESDAY, FRIDAY]
    assert not CalendarDecree.objects.exists()


def many(count):
    """Seats of many offices and units, due over some weeks, with history like any other."""
    task, pattern = TaskFactory(), SeatFactory(due=WEDNESDAY, opened_at=SUNDAY_BEFORE)
    offices = OfficeFactory.create_batch(20)
    rows = [
        Seat(
            process_id=task.process_id,
            task=task,
            policy=pattern.policy,
            stage="verification",
            office=offices[number % len(offices)],
            group=1,
            position=number,
            state=Seat.State.OPEN,
            opened_at=SUNDAY_BEFORE,
            due=TUESDAY + (number % 30) * DAY,
            case_code="INV-2026-0042",
            case_title="Sirup Pala",
        )
        for number in range(count - 1)
    ]
    with acting_as(system_account()):
        Seat.objects.bulk_create(rows)


@pytest.mark.parametrize("count", [40, 4_000])
def test_preview_costs_the_same_at_any_number_of_seats(count, django_assert_max_num_queries):
    many(count)
    with django_assert_max_num_queries(6):
        seen = preview(decree())
    assert len(seen.first) == 20
    assert seen.count == sum(move.count for move in seen.moves)


def test_thousands_of_seats_move_as_the_preview_said(administrator):
    many(2_300)
    seen = preview(decree())
    enacted = enact(administrator, decree())
    assert enacted.moved == seen.count == DueChange.objects.count()
    stored = DueChange.objects.values_list("before", "after")
    assert {(move.before, move.after) for move in seen.moves} == set(stored)
    assert not DueChange.objects.exclude(seat__due=F("after")).exists()
    versions = Seat.history.filter(history_user=administrator)
    assert versions.count() == enacted.moved
