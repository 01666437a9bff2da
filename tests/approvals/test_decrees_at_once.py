"""A decree and whatever else happens at that moment: no seat slips past with an old date."""

import threading
import time
from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from approvals.calendar import DAY, current_calendar, hold_calendar
from approvals.decrees import enact
from approvals.models import CalendarDecree, DueChange, Seat
from approvals.new_decree import NewDays, NewDecree
from tests.accounts.factories import UserFactory
from tests.approvals.factories import SeatFactory

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]

MONDAY = date(2026, 4, 6)
TUESDAY, WEDNESDAY = MONDAY + DAY, MONDAY + 2 * DAY


@pytest.fixture(autouse=True)
def monday_morning():
    with time_machine.travel("2026-04-06T02:00:00Z", tick=True):
        yield


def leave(number):
    row = NewDays(TUESDAY, TUESDAY, False, "Cuti bersama")
    return NewDecree(number, MONDAY - DAY, "Cuti bersama", [row])


class Actor(threading.Thread):
    """Does something in a transaction of its own and keeps what came of it."""

    def __init__(self, act):
        super().__init__()
        self.act, self.error = act, None
        self.start()

    def run(self):
        try:
            with transaction.atomic():
                self.act()
        except Exception as error:
            self.error = error
        finally:
            connection.close()


def wait_until_somebody_waits_for_the_calendar():
    """PostgreSQL tells; on SQLite the second writer has not even begun."""
    if connection.vendor != "postgresql":
        return
    for _ in range(600):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise TimeoutError("nobody waits for the calendar")


def test_seat_that_opens_just_before_a_decree_is_moved_by_it():
    administrator = UserFactory(is_superuser=True)
    dated, go_on = threading.Event(), threading.Event()

    def open_a_seat():
        hold_calendar()
        SeatFactory(due=current_calendar().working_days_after(MONDAY, 1))
        dated.set()
        go_on.wait(60)

    opening = Actor(open_a_seat)
    assert dated.wait(60)
    deciding = Actor(lambda: enact(administrator, leave("1/2026")))
    wait_until_somebody_waits_for_the_calendar()
    go_on.set()
    for actor in (opening, deciding):
        actor.join(60)
        assert actor.error is None

    assert Seat.objects.get().due == WEDNESDAY
    assert DueChange.objects.count() == 1


def test_two_decrees_on_one_day_do_not_both_move_it():
    administrator = UserFactory(is_superuser=True)
    for _number in range(5):
        SeatFactory(due=TUESDAY)
    actors = [
        Actor(lambda number=number: enact(administrator, leave(f"{number}/2026")))
        for number in range(4)
    ]
    for actor in actors:
        actor.join(120)

    refused = [actor.error for actor in actors if actor.error]
    assert [type(error) for error in refused] == [ValidationError] * 3
    assert CalendarDecree.objects.count() == 1
    assert {seat.due for seat in Seat.objects.all()} == {WEDNESDAY}
    assert DueChange.objects.count() == 5
