"""Told before a date, when it has passed, and to the office above; each once, none while paused."""

import datetime
from datetime import date

import pytest
import time_machine
from django.test import override_settings
from django.utils import translation

from accounts.acting import acting_as
from approvals.calendar import DAY
from approvals.deadlines import move_due
from approvals.models import DueNotice, Seat
from notifications.events import words
from notifications.models import Message
from tests.accounts.factories import (
    AppointmentFactory,
    DelegationFactory,
    OfficeFactory,
    UnitFactory,
    UserFactory,
    system_account,
)
from tests.approvals.calendar_factories import CalendarDecreeFactory, ClockPauseFactory, decreed
from tests.approvals.factories import PolicyFactory, SeatFactory
from tests.workflow.factories import CaseFactory
from workflow import reminders
from workflow.models import Case
from workflow.reminders import remind

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

FRIDAY = date(2026, 4, 10)
SOON, OVERDUE, ESCALATED = "due_soon", "overdue", "escalated"


@pytest.fixture
def clock():
    with time_machine.travel("2026-04-07T02:00:00Z", tick=False) as traveller:
        yield traveller


def at(clock, day, moment="08:00"):
    """Set the clock to a time of day in the regency."""
    clock.move_to(datetime.datetime.fromisoformat(f"{day}T{moment}:00+07:00"))


def office_of(*, above=None, held=True, unit=None, code=None):
    more = {"code": code} if code else {}
    office = OfficeFactory(superior=above, unit=unit or UnitFactory(), **more)
    if held:
        AppointmentFactory(office=office)
    return office


def holder(office):
    return office.appointments.get().user


def waiting(due=FRIDAY, **more):
    """A seat of a case that waits at the panel."""
    case = CaseFactory(stage="verification")
    policy = PolicyFactory(stage="verification")
    about = {"due": due, "case_code": case.code, "policy": policy} | more
    return SeatFactory(task__process=case, **about)


def told():
    """Who was told what, in the order in which it was told."""
    rows = Message.objects.order_by("pk").values_list("event", "recipient")
    return [tuple(row) for row in rows]


def test_holder_is_told_on_the_working_day_before(clock):
    seat = waiting(office=office_of())
    at(clock, "2026-04-08", "23:59")
    assert remind() == 0
    at(clock, "2026-04-09", "00:00")
    assert remind() == 1
    assert told() == [(SOON, holder(seat.office).pk)]


def test_monday_is_announced_on_friday(clock):
    waiting(FRIDAY + 3 * DAY, office=office_of())
    at(clock, "2026-04-09")
    assert remind() == 0
    at(clock, "2026-04-10")
    assert remind() == 1


def test_unit_that_works_on_saturdays_is_told_of_monday_on_saturday(clock):
    unit = UnitFactory()
    decreed(weeks=[(unit, date(2026, 1, 1), "123456")])
    seat = waiting(FRIDAY + 3 * DAY, office=office_of(unit=unit))
    at(clock, "2026-04-10")
    assert remind() == 0
    at(clock, "2026-04-11")
    assert remind() == 1
    assert told() == [(SOON, holder(seat.office).pk)]


def test_nothing_is_told_on_the_due_day_itself(clock):
    waiting(office=office_of())
    at(clock, "2026-04-10", "23:59")
    assert remind() == 0


def test_holder_is_told_once_that_a_date_has_passed(clock):
    seat = waiting(office=office_of())
    at(clock, "2026-04-11", "00:00")
    assert [remind() for _hour in range(3)] == [1, 0, 0]
    assert told() == [(OVERDUE, holder(seat.office).pk)]


def test_date_that_passed_while_no_worker_ran_is_told_of_later(clock):
    waiting(office=office_of())
    at(clock, "2026-04-14")
    assert remind() == 1
    assert Message.objects.get().event == OVERDUE


def test_person_asked_by_name_is_told(clock):
    person = UserFactory()
    waiting(office=None, person=person)
    at(clock, "2026-04-13")
    remind()
    assert told() == [(OVERDUE, person.pk)]


def test_seat_that_nobody_holds_is_told_of_when_somebody_does(clock):
    seat = waiting(office=office_of(held=False))
    at(clock, "2026-04-13")
    assert remind() == 0
    successor = AppointmentFactory(office=seat.office).user
    assert remind() == 1
    assert told() == [(OVERDUE, successor.pk)]


@pytest.mark.parametrize("state", ["signed", "closed", "waiting"])
def test_seat_that_is_not_open_is_not_told_of(clock, state):
    waiting(office=office_of(), state=state)
    at(clock, "2026-04-20")
    assert remind() == 0


def test_three_working_days_later_the_office_above_is_told_and_the_holder_too(clock):
    above = office_of()
    seat = waiting(office=office_of(above=above))
    at(clock, "2026-04-15", "23:59")
    remind()
    assert told() == [(OVERDUE, holder(seat.office).pk)]
    at(clock, "2026-04-16", "00:00")
    assert [remind(), remind()] == [1, 0]
    assert told()[1:] == [
        (ESCALATED, holder(above).pk),
        ("was_escalated", holder(seat.office).pk),
    ]
    notice = DueNotice.objects.get(kind=ESCALATED)
    assert (notice.seat, notice.due, notice.office) == (seat, FRIDAY, above)


def test_messages_of_an_escalation_say_why_and_where(clock):
    above = office_of()
    seat = waiting(office=office_of(above=above))
    at(clock, "2026-04-16")
    remind()
    with translation.override("en"):
        sentences = {
            message.event: words(message.event, message.params).sentence
            for message in Message.objects.all()
        }
    title = f"“{Case.objects.get().innovation.name}” ({seat.case_code})"
    assert sentences[ESCALATED] == (
        f"{title} was due on 10 April 2026 and still waits at the desk of {seat.office} for the "
        "stage “Panel verification”; you are told because your office is above it."
    )
    assert sentences["was_escalated"] == (
        f"{title}, due on 10 April 2026, still waits at the desk of {seat.office} for the stage "
        f"“Panel verification”; it was therefore passed on to {above}."
    )


def test_number_of_days_is_a_setting(clock):
    waiting(office=office_of(above=office_of()))
    at(clock, "2026-04-14")
    with override_settings(ESCALATE_AFTER_WORKING_DAYS=1):
        remind()
    assert DueNotice.objects.filter(kind=ESCALATED).exists()


def test_days_until_escalation_are_the_units_own(clock):
    unit = UnitFactory()
    decreed(weeks=[(unit, date(2026, 1, 1), "123456")])
    waiting(office=office_of(above=office_of(), unit=unit))
    at(clock, "2026-04-15")
    remind()
    assert DueNotice.objects.filter(kind=ESCALATED).exists()


def test_office_above_that_is_vacant_or_held_by_the_same_person_is_passed_over(clock):
    top = office_of()
    twice = office_of(above=top, held=False)
    vacant = office_of(above=twice, held=False)
    seat = waiting(office=office_of(above=vacant))
    AppointmentFactory(office=twice, user=holder(seat.office), capacity="plt")
    at(clock, "2026-04-16")
    remind()
    assert (ESCALATED, holder(top).pk) in told()


def test_without_an_office_above_the_secretariat_is_told(clock):
    secretariat = [office_of(code=f"sekretariat-inovasi-{number}") for number in (1, 2)]
    seat = waiting(office=office_of())
    person = UserFactory()
    waiting(office=None, person=person)
    at(clock, "2026-04-16")
    remind()
    clerks = {holder(office).pk for office in secretariat}
    escalated = [pk for event, pk in told() if event == ESCALATED]
    assert sorted(escalated) == sorted([*clerks, *clerks])
    passed_on = {pk for event, pk in told() if event == "was_escalated"}
    assert passed_on == {holder(seat.office).pk, person.pk}
    assert set(DueNotice.objects.filter(kind=ESCALATED).values_list("office", flat=True)) == {None}


def test_seat_of_a_vacant_office_is_passed_on(clock):
    above = office_of()
    waiting(office=office_of(above=above, held=False))
    at(clock, "2026-04-16")
    remind()
    assert told() == [(ESCALATED, holder(above).pk)]


def test_delegate_is_told_like_the_holder(clock):
    seat = waiting(office=office_of(above=office_of()))
    letter = DelegationFactory(principal=seat.office.appointments.get())
    at(clock, "2026-04-16")
    remind()
    for event in (OVERDUE, "was_escalated"):
        recipients = {pk for told_event, pk in told() if told_event == event}
        assert recipients == {holder(seat.office).pk, letter.delegate_id}


def test_everybody_of_a_unit_that_is_asked_is_told_and_then_the_office_above_its_head(clock):
    unit, above = UnitFactory(), office_of()
    head = OfficeFactory(unit=unit, is_head=True, superior=above)
    AppointmentFactory(office=head)
    clerk = office_of(unit=unit, above=head)
    waiting(office=None, unit=unit)
    at(clock, "2026-04-16")
    remind()
    assert {pk for event, pk in told() if event == OVERDUE} == {holder(head).pk, holder(clerk).pk}
    assert [pk for event, pk in told() if event == ESCALATED] == [holder(above).pk]


def test_initiator_who_holds_the_office_is_not_told(clock):
    seat = waiting(office=office_of())
    case = Case.objects.get(code=seat.case_code)
    with acting_as(system_account()):
        case.innovation.initiator = holder(seat.office)
        case.innovation.save()
    at(clock, "2026-04-13")
    assert remind() == 0


def test_circle_of_offices_comes_to_an_end(clock):
    first = office_of(held=False)
    second = office_of(above=first)
    with acting_as(system_account()):
        first.superior = second
        first.save()
    waiting(office=second)
    at(clock, "2026-04-16")
    assert remind() == 1


def test_office_above_reads_the_case_from_then_on(clock):
    above = office_of()
    seat = waiting(office=office_of(above=above))
    boss = holder(above)
    assert not Case.objects.visible_to(boss).exists()
    at(clock, "2026-04-16")
    remind()
    assert list(Case.objects.visible_to(boss)) == [Case.objects.get(code=seat.case_code)]
    assert not Case.objects.visible_to(UserFactory()).exists()


def test_clock_that_stands_still_reminds_nobody(clock):
    seat = waiting(office=office_of(above=office_of()))
    pause = ClockPauseFactory(task=seat.task)
    at(clock, "2026-04-20")
    assert remind() == 0
    with acting_as(system_account()):
        pause.ended_at = datetime.datetime.now(datetime.UTC)
        pause.save()
    assert remind() == 2


def test_date_that_moved_is_told_of_anew(clock):
    seat = waiting(office=office_of())
    at(clock, "2026-04-11")
    remind()
    with acting_as(system_account()):
        move_due(seat, FRIDAY + 4 * DAY, decree=CalendarDecreeFactory())
    at(clock, "2026-04-13")
    remind()
    at(clock, "2026-04-15")
    remind()
    assert [event for event, _recipient in told()] == [OVERDUE, SOON, OVERDUE]


@pytest.mark.parametrize("days", [-2, -1, 1])
def test_server_clock_that_jumps_tells_nobody_twice(clock, days):
    waiting(office=office_of())
    at(clock, "2026-04-11")
    remind()
    for day in (date(2026, 4, 11) + days * DAY, date(2026, 4, 11)):
        at(clock, day)
        remind()
    assert [event for event, _recipient in told() if event == OVERDUE] == [OVERDUE]


@pytest.mark.parametrize(("moment", "expected"), [("23:59", 0), ("24:00", 1)])
def test_new_year_begins_at_midnight_in_the_regency(clock, moment, expected):
    waiting(date(2026, 12, 31), office=office_of())
    at(clock, *(("2026-12-31", moment) if moment == "23:59" else ("2027-01-01", "00:00")))
    assert remind() == expected


def test_more_seats_than_a_batch_are_all_told_of(clock, monkeypatch):
    monkeypatch.setattr(reminders, "BATCH", 3)
    office = office_of(above=office_of())
    for _number in range(8):
        waiting(office=office)
    at(clock, "2026-04-16")
    assert remind() == 16
    assert Message.objects.count() == 24


def test_seat_that_cannot_be_told_of_keeps_nobody_else_waiting(clock, caplog):
    broken, well = (waiting(office=office_of()) for _ in range(2))
    with acting_as(system_account()):
        Seat.objects.filter(pk=broken.pk).update(stage="gone")
    at(clock, "2026-04-13")
    assert remind() == 1
    assert told() == [(OVERDUE, holder(well.office).pk)]
    assert f"seat {broken.pk}: overdue was not told" in caplog.text
    assert [notice.seat for notice in DueNotice.objects.all()] == [well]
