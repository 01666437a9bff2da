"""A due date says from when it runs, what did not count, what moved it, and why."""

from datetime import date

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.utils import translation

from accounts.acting import acting_as
from approvals.decrees import enact
from approvals.due_stories import standing_still, stories_of, with_clock
from approvals.models import Seat
from approvals.new_decree import NewDays, NewDecree
from tests.accounts.factories import (
    AppointmentFactory,
    OfficeFactory,
    UnitFactory,
    UserFactory,
    system_account,
)
from tests.approvals.calendar_factories import decreed
from tests.approvals.factories import SeatFactory, group, holder, seated
from tests.approvals.test_pauses import pause_clock, resume_clock

pytestmark = [pytest.mark.integration, pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def clock():
    with time_machine.travel("2026-03-12T02:00:00Z", tick=False) as traveller:
        yield traveller


def fresh():
    return list(with_clock(Seat.objects.select_related("office", "policy")))


def story():
    (seat,) = fresh()
    return stories_of([seat])[seat.pk]


def administrator():
    person = UserFactory()
    with acting_as(system_account()):
        person.user_permissions.add(Permission.objects.get(codename="change_calendar"))
    return person


def leave_of(day, number="12/2026"):
    row = NewDays(day, day, False, "Cuti bersama tambahan")
    return NewDecree(number, date(2026, 3, 12), "Cuti bersama tambahan", [row])


def test_plain_date_tells_its_beginning(clock):
    seated(group("all", 1), working_days=1)
    assert story().sentences == [
        "It arrived on Thursday, 12 March 2026; the stage allows 1 working day from then."
    ]
    assert (story().late, story().pause, story().moves) == (False, None, [])


def test_days_that_did_not_count_are_named_with_their_reasons(clock):
    seated(group("all", 1), working_days=5)
    assert story().day == date(2026, 3, 26)
    assert story().sentences == [
        "It arrived on Thursday, 12 March 2026; the stage allows 5 working days from then.",
        "Saturdays and Sundays do not count.",
        "Not counted: Wednesday, 18 March 2026 (Day of Silence Joint Holiday).",
        "Not counted: Thursday, 19 March 2026 (national holiday: Day of Silence).",
        "Not counted: Friday, 20 March 2026 (Eid al-Fitr Joint Holiday).",
        "Not counted: Saturday, 21 March 2026 (national holiday: Eid al-Fitr).",
        "Not counted: Sunday, 22 March 2026 (national holiday: Eid al-Fitr Second Day).",
        "Not counted: Monday, 23 March 2026 to Tuesday, 24 March 2026 (Eid al-Fitr Joint Holiday).",
    ]


def test_move_by_a_decree_names_both_days_and_the_decree(clock):
    seated(group("all", 1), working_days=1)
    enact(administrator(), leave_of(date(2026, 3, 13)))
    moved = (
        "Moved from Friday, 13 March 2026 to Monday, 16 March 2026: "
        "Cuti bersama tambahan, decree no. 12/2026 of 12 March 2026."
    )
    assert story().moves == [moved]
    assert story().sentences == [
        "It arrived on Thursday, 12 March 2026; the stage allows 1 working day from then.",
        "Saturdays and Sundays do not count.",
        "Not counted: Friday, 13 March 2026 (Cuti bersama tambahan, "
        "decree no. 12/2026 of 12 March 2026).",
        moved,
    ]


def test_story_is_told_in_indonesian(clock):
    seated(group("all", 1), working_days=1)
    enact(administrator(), leave_of(date(2026, 3, 13)))
    with translation.override("id"):
        told = " ".join(story().sentences)
    assert "Jumat, 13 Maret 2026" in told
    assert "Senin, 16 Maret 2026" in told
    assert "arrived" not in told


def test_day_that_a_decree_made_a_working_day_is_named(clock):
    decreed(days=[(date(2026, 3, 14), True)], number="3/2026")
    seated(group("all", 1), working_days=2)
    assert story().day == date(2026, 3, 14)
    assert story().sentences[1:] == [
        "Counted: Saturday, 14 March 2026 (Pengganti, decree no. 3/2026 of 5 January 2026)."
    ]


def test_six_day_week_is_named_with_its_decree(clock):
    unit = UnitFactory()
    decreed(weeks=[(unit, date(2026, 1, 1), "123456")], number="3/2026")
    office = AppointmentFactory(office=OfficeFactory(unit=unit)).office
    seated(group("all", 1), members=[[office]], working_days=3)
    assert story().sentences[1:] == [
        "Sundays do not count: the unit works six days a week "
        "(decree no. 3/2026 of 5 January 2026)."
    ]


def test_clock_that_stands_still_says_since_when_and_why_and_is_not_late(clock):
    (seat,) = seated(group("all", 1), working_days=1)
    person = holder(seat)
    pause_clock(person, seat.task, kind="ministry", note="Izin prinsip.")
    clock.move_to("2026-03-30T02:00:00Z")
    assert (story().late, story().stands_since) == (False, date(2026, 3, 12))
    assert story().sentences[-1] == (
        "The clock has stood still since Thursday, 12 March 2026, waiting for the ministry: "
        f"Izin prinsip ({person}). The due date moves on by the working days that pass until "
        "it runs again."
    )


def test_pause_that_is_over_tells_what_it_moved(clock):
    (seat,) = seated(group("all", 1), working_days=1)
    pause_clock(holder(seat), seat.task, kind="other", note="Menunggu hasil uji mutu.")
    clock.move_to("2026-03-16T02:00:00Z")
    resume_clock(holder(seat), seat.task)
    assert story().moves == [
        "Moved from Friday, 13 March 2026 to Tuesday, 17 March 2026: the clock stood still "
        "from 12 March 2026 to 16 March 2026, Menunggu hasil uji mutu."
    ]
    assert story().pause is None


def test_date_that_has_passed_is_late_while_the_clock_runs(clock):
    seated(group("all", 1), working_days=1)
    clock.move_to("2026-03-13T16:59:59Z")
    assert not story().late
    clock.move_to("2026-03-13T17:00:00Z")
    assert story().late


def test_seat_without_a_date_has_no_story_and_one_without_a_beginning_a_short_one():
    waiting, old = SeatFactory(state="waiting"), SeatFactory(due=date(2026, 3, 13))
    stories = stories_of([waiting, old])
    assert set(stories) == {old.pk}
    assert stories[old.pk].sentences == []


def test_seats_whose_clock_stands_still_are_found(clock):
    (standing,), (running,) = (seated(group("all", 1)) for _ in range(2))
    pause_clock(holder(standing), standing.task, kind="ministry")
    assert list(Seat.objects.filter(standing_still())) == [standing]
    assert list(Seat.objects.filter(~standing_still())) == [running]


@pytest.mark.parametrize("count", [1, 12])
def test_stories_cost_the_same_at_any_number(clock, count, django_assert_num_queries):
    actor = administrator()
    for _ in range(count):
        (seat,) = seated(group("all", 1), working_days=1)
        pause_clock(holder(seat), seat.task, kind="ministry")
    enact(actor, leave_of(date(2026, 3, 13)))
    seats = fresh()
    stories_of(seats)
    with django_assert_num_queries(3):
        stories = stories_of(seats)
    assert all(len(told.sentences) > 2 for told in stories.values())


def test_seats_that_nothing_happened_to_cost_one_query(clock, django_assert_num_queries):
    seated(group("all", 3), working_days=1)
    seats = fresh()
    with django_assert_num_queries(1):
        stories_of(seats)
