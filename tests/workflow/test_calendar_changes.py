"""A decree takes effect: each holder gets one message, and every page tells the new date."""

import datetime

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from accounts.acting import acting_as
from accounts.models import User
from approvals.calendar import DAY, current_calendar
from approvals.models import DueChange, Seat
from approvals.new_decree import NewDays, NewDecree
from notifications.events import words
from notifications.models import Message
from tests.regency import case_at, person
from tests.workflow.test_screens_cost import many_seats
from workflow.calendar_changes import enter_decree
from workflow.inbox import page_of

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("regency", "db", "english")]

MONDAY = datetime.datetime(2027, 7, 5, 3, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def on_a_quiet_monday(time_machine):
    time_machine.move_to(MONDAY)


@pytest.fixture
def administrator():
    with acting_as(User.objects.system()):
        return User.objects.create(username="akar", name_plain="Akar", is_superuser=True)


def leave(day, number="12/2027"):
    row = NewDays(day, day, False, "Cuti bersama")
    return NewDecree(number, MONDAY.date(), "Cuti bersama Tahun Baru", [row])


def enter(administrator, decree):
    with transaction.atomic():
        return enter_decree(administrator, decree)


def test_holder_of_many_seats_is_told_once(administrator):
    many_seats(case_at("completeness"), 30)
    due = Seat.objects.filter(state=Seat.State.OPEN).first().due
    enacted = enter(administrator, leave(due))
    assert enacted.moved == 32
    messages = Message.objects.filter(event="due_dates_moved").order_by("recipient__username")
    recipients = [message.recipient.username for message in messages]
    assert recipients == ["sekretariat", "sekretariat2"]
    message = messages.first()
    assert message.path == reverse("calendar_decree", args=[enacted.decree.pk])
    with translation.override("en"):
        told = words(message.event, message.params)
    assert told.subject == "Due dates of yours have moved: decree no. 12/2027"
    assert told.sentence == (
        "Decree no. 12/2027 (Cuti bersama Tahun Baru) moves due dates of work that waits at your "
        "desk; the inbox tells each new one."
    )


def test_decree_that_moves_nothing_tells_nobody(administrator):
    case_at("completeness")
    enter(administrator, leave(current_calendar().working_days_after(MONDAY.date(), 40)))
    assert not Message.objects.filter(event="due_dates_moved").exists()


def test_inbox_case_and_time_line_tell_the_move(client, administrator):
    case = case_at("completeness")
    due = Seat.objects.filter(state=Seat.State.OPEN).first().due
    enter(administrator, leave(due))
    (item,), _cursor = page_of(person("sekretariat"), {})
    assert item.due == due + DAY
    (move,) = item.story.moves
    assert move == (
        "Moved from Thursday, 8 July 2027 to Friday, 9 July 2027: "
        "Cuti bersama Tahun Baru, decree no. 12/2027 of 5 July 2027."
    )
    client.force_login(person("inspektur"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    content = client.get(reverse("case", args=[case.code])).content.decode()
    assert move in content
    assert content.count("Due date of the stage “Completeness check” moved from") == 1


def test_seat_that_opens_after_the_decree_is_dated_by_it(administrator):
    enter(administrator, leave(MONDAY.date() + 2 * DAY))
    case_at("completeness")
    assert {seat.due for seat in Seat.objects.filter(state=Seat.State.OPEN)} == {
        MONDAY.date() + 4 * DAY
    }
    assert not DueChange.objects.exists()
