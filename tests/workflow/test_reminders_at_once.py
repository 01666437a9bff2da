"""Several schedulers at once: each message is there once, and goes out once."""

import threading
from datetime import date

import pytest
import time_machine
from django.core import mail
from django.db import connection

from approvals.models import DueNotice
from notifications.delivery import deliver_pending
from notifications.models import Heartbeat, Message
from notifications.schedule import LONG_AGO, run_due
from tests.accounts.factories import AppointmentFactory, OfficeFactory
from tests.approvals.factories import PolicyFactory, SeatFactory
from tests.workflow.factories import CaseFactory
from workflow.reminders import remind

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]

AT_ONCE, SEATS = 4, 25


@pytest.fixture(autouse=True)
def on_thursday_after_the_due_date():
    with time_machine.travel("2026-04-16T03:00:00Z", tick=True):
        yield


def overdue_seats():
    """Each with a holder and an office above."""
    above = AppointmentFactory().office
    policy = PolicyFactory(stage="verification")
    for _number in range(SEATS):
        case = CaseFactory(stage="verification")
        office = AppointmentFactory(office=OfficeFactory(superior=above)).office
        SeatFactory(
            task__process=case,
            policy=policy,
            office=office,
            due=date(2026, 4, 10),
            case_code=case.code,
        )


def together(function):
    start, failed = threading.Barrier(AT_ONCE), []

    def run():
        start.wait()
        try:
            function()
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert failed == []


def assert_each_was_told_once():
    events = ("overdue", "escalated", "was_escalated")
    counts = {event: Message.objects.filter(event=event).count() for event in events}
    assert counts == dict.fromkeys(events, SEATS)
    assert DueNotice.objects.count() == 2 * SEATS
    deliver_pending()
    assert len(mail.outbox) == 3 * SEATS
    subjects = {(sent.subject, sent.to[0], sent.body) for sent in mail.outbox}
    assert len(subjects) == 3 * SEATS


def test_reminders_that_run_at_once_tell_everybody_once():
    overdue_seats()
    together(remind)
    assert_each_was_told_once()


def test_schedulers_that_run_at_once_tell_everybody_once(monkeypatch):
    from notifications import schedule

    overdue_seats()
    mine = [row for row in schedule.PERIODIC if row.path == "workflow.reminders.remind"]
    monkeypatch.setattr(schedule, "PERIODIC", mine)
    Heartbeat.objects.create(name=f"schedule:{mine[0].path}", at=LONG_AGO)
    together(run_due)
    assert_each_was_told_once()
