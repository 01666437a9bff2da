"""The clock of a stage stands still and runs again; due dates move by what passed meanwhile."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError

from accounts.acting import acting_as
from approvals import pauses
from approvals.models import ClockPause, DueChange, Seat
from approvals.pauses import may_pause, running_pause
from approvals.refusals import NotAllowed, Refused
from tests.accounts.factories import (
    AppointmentFactory,
    DelegationFactory,
    OfficeFactory,
    UnitFactory,
    UserFactory,
)
from tests.approvals.calendar_factories import decreed
from tests.approvals.factories import (
    group,
    holder,
    matter,
    seated,
    sign_as_holder,
    standing_of,
)

pytestmark = [pytest.mark.integration, pytest.mark.django_db, pytest.mark.usefixtures("english")]


def standing_at(task):
    """Who may sign at a stage, read as a request reads it."""
    return standing_of(task.seats.select_related("process").first())[0]


def open_seats_of(task):
    return pauses.open_seats_of(standing_at(task))


def pause_clock(actor, task, **reason):
    return pauses.pause_clock(actor, standing_at(task), **reason)


def resume_clock(actor, task):
    return pauses.resume_clock(actor, standing_at(task))


# Tuesday; with five working days a seat is due on Tuesday the 14th.
OPENED, DUE = "2026-04-07T02:00:00Z", date(2026, 4, 14)


@pytest.fixture
def clock():
    with time_machine.travel(OPENED, tick=False) as traveller:
        yield traveller


@pytest.fixture
def stage(clock):
    return seated(group("all", 2), working_days=5)


def secretary():
    return AppointmentFactory(office__code="sekretariat-inovasi-1").user


def test_holder_of_an_open_seat_stops_the_clock(stage):
    actor = holder(stage[0])
    pause = pause_clock(actor, stage[0].task, kind="ministry", note="Izin prinsip")
    assert running_pause(stage[0].task) == pause
    assert (pause.started_by, pause.reason) == (actor, "waiting for the ministry: Izin prinsip")
    assert pause.process_id == stage[0].process_id
    assert pause.history.get().history_user == actor


def test_secretariat_stops_every_clock(stage):
    assert pause_clock(secretary(), stage[0].task, kind="initiator").note == ""


@pytest.mark.parametrize("superuser", [True, False])
def test_others_may_not_touch_the_clock(stage, superuser):
    person, task = UserFactory(is_superuser=superuser), stage[0].task
    with pytest.raises(NotAllowed, match="Only whoever is asked to sign this stage"):
        pause_clock(person, task, kind="ministry")
    with pytest.raises(NotAllowed, match="Only whoever is asked to sign this stage"):
        resume_clock(person, task)
    assert not ClockPause.objects.exists()


def test_who_has_signed_may_no_longer_stop_the_clock(stage):
    actor = holder(stage[0])
    sign_as_holder(stage[0])
    with pytest.raises(NotAllowed):
        pause_clock(actor, stage[0].task, kind="ministry")
    assert not may_pause(actor, standing_at(stage[0].task))


def test_delegate_of_a_holder_may_stop_the_clock(stage):
    letter = DelegationFactory(principal=stage[0].office.appointments.get())
    assert pause_clock(letter.delegate, stage[0].task, kind="ministry").started_by_id


def test_initiator_stops_no_clock_of_the_own_case_not_even_as_secretary(stage):
    clerk = secretary()
    own = matter(stage[0].process, initiator=clerk)
    standing, _seat = standing_of(stage[0], own)
    assert not may_pause(clerk, standing)


def test_person_asked_by_name_may_stop_the_clock(clock):
    person = UserFactory()
    (seat,) = seated(group("all", 1), members=[[person]])
    assert may_pause(person, standing_at(seat.task))


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"kind": "other"}, "note", "Say in a sentence what it waits for."),
        ({"kind": "other", "note": "  "}, "note", "Say in a sentence what it waits for."),
        ({"kind": "lunch"}, "kind", "Reason: choose one of the reasons."),
        (
            {"kind": "ministry", "note": "x" * 501},
            "note",
            "501 characters are too many; 500 fit.",
        ),
    ],
)
def test_reason_that_says_nothing_is_refused(stage, given, field, sentence):
    with pytest.raises(ValidationError) as refused:
        pause_clock(holder(stage[0]), stage[0].task, **given)
    assert refused.value.message_dict == {field: [sentence]}
    assert not ClockPause.objects.exists()


def test_asking_twice_stops_the_clock_once(stage):
    actor, task = holder(stage[0]), stage[0].task
    first = pause_clock(actor, task, kind="ministry")
    assert pause_clock(actor, task, kind="initiator") == first
    with pytest.raises(Refused, match="has stopped this clock already: waiting for the ministry"):
        pause_clock(holder(stage[1]), task, kind="initiator")
    assert ClockPause.objects.count() == 1


def test_resuming_moves_due_dates_by_the_working_days_that_passed(stage, clock):
    actor, task = holder(stage[0]), stage[0].task
    clock.move_to("2026-04-09T02:00:00Z")
    pause = pause_clock(actor, task, kind="ministry")
    # From Thursday to the Monday after next: Fri 10, Mon 13 to Fri 17, Mon 20.
    clock.move_to("2026-04-20T02:00:00Z")
    resume_clock(holder(stage[1]), task)
    assert {seat.due for seat in open_seats_of(task)} == {date(2026, 4, 23)}
    pause.refresh_from_db()
    assert (pause.ended_by, running_pause(task)) == (holder(stage[1]), None)
    changes = DueChange.objects.values_list("before", "after", "pause", "decree")
    assert list(changes) == [(DUE, date(2026, 4, 23), pause.pk, None)] * 2


def test_resuming_on_the_same_day_moves_nothing(stage, clock):
    pause_clock(holder(stage[0]), stage[0].task, kind="ministry")
    clock.move_to("2026-04-07T16:59:59Z")
    resume_clock(holder(stage[0]), stage[0].task)
    assert {seat.due for seat in open_seats_of(stage[0].task)} == {DUE}
    assert not DueChange.objects.exists()


def test_day_passes_at_midnight_in_the_regency(stage, clock):
    pause_clock(holder(stage[0]), stage[0].task, kind="ministry")
    clock.move_to("2026-04-07T17:00:00Z")
    resume_clock(holder(stage[0]), stage[0].task)
    assert {seat.due for seat in open_seats_of(stage[0].task)} == {date(2026, 4, 15)}


def test_each_seat_moves_by_its_own_calendar(clock):
    unit = UnitFactory()
    decreed(weeks=[(unit, date(2026, 1, 1), "123456")])
    six = AppointmentFactory(office=OfficeFactory(unit=unit)).office
    five = AppointmentFactory().office
    seats = seated(group("all", 2), members=[[six, five]], working_days=5)
    assert [seat.due for seat in seats] == [date(2026, 4, 13), DUE]
    clock.move_to("2026-04-10T02:00:00Z")
    pause_clock(holder(seats[0]), seats[0].task, kind="ministry")
    clock.move_to("2026-04-13T02:00:00Z")
    resume_clock(holder(seats[0]), seats[0].task)
    dues = [seat.due for seat in open_seats_of(seats[0].task)]
    assert dues == [date(2026, 4, 15), date(2026, 4, 15)]


def test_seat_that_opened_during_the_pause_moves_from_its_own_day(clock):
    seats = seated(group("ordered", 2), working_days=5)
    task = seats[0].task
    pause_clock(holder(seats[0]), task, kind="ministry")
    clock.move_to("2026-04-08T02:00:00Z")
    sign_as_holder(seats[0])
    clock.move_to("2026-04-10T02:00:00Z")
    resume_clock(holder(seats[1]), task)
    # Opened on Wednesday, due on the 15th; Thursday and Friday passed.
    assert [seat.due for seat in open_seats_of(task)] == [date(2026, 4, 17)]


def test_seat_that_was_late_stays_late_by_as_many_days(stage, clock):
    clock.move_to("2026-04-16T02:00:00Z")
    pause_clock(holder(stage[0]), stage[0].task, kind="ministry")
    clock.move_to("2026-04-20T02:00:00Z")
    resume_clock(holder(stage[0]), stage[0].task)
    assert {seat.due for seat in open_seats_of(stage[0].task)} == {date(2026, 4, 16)}


def test_clock_that_runs_is_not_resumed(stage):
    with pytest.raises(Refused, match="The clock of this stage is running"):
        resume_clock(holder(stage[0]), stage[0].task)


def test_resuming_twice_answers_with_the_first_time(stage, clock):
    actor, task = holder(stage[0]), stage[0].task
    pause = pause_clock(actor, task, kind="ministry")
    clock.move_to("2026-04-08T02:00:00Z")
    assert resume_clock(actor, task) == pause
    clock.move_to("2026-04-10T02:00:00Z")
    assert resume_clock(actor, task) == pause
    with pytest.raises(Refused):
        resume_clock(holder(stage[1]), task)
    assert DueChange.objects.count() == 2


def test_clock_stops_again_after_it_ran(stage, clock):
    actor, task = holder(stage[0]), stage[0].task
    for day in (8, 13):
        clock.move_to(f"2026-04-{day:02}T02:00:00Z")
        pause_clock(actor, task, kind="ministry")
        clock.move_to(f"2026-04-{day + 1:02}T02:00:00Z")
        resume_clock(actor, task)
    assert {seat.due for seat in open_seats_of(task)} == {date(2026, 4, 16)}


def test_seat_is_saved_with_its_actor(stage, clock):
    actor, task = holder(stage[0]), stage[0].task
    pause_clock(actor, task, kind="ministry")
    clock.move_to("2026-04-08T02:00:00Z")
    with acting_as(UserFactory()):
        resume_clock(actor, task)
    versions = Seat.objects.get(pk=stage[0].pk).history.all()
    assert [version.history_user for version in versions][0] == actor
