import datetime

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from notifications import schedule
from notifications.models import Heartbeat
from notifications.schedule import Periodic, run_due
from tests.notifications.factories import MessageFactory

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

CALLS: list[str] = []


def note_a_call() -> None:
    CALLS.append("called")


def break_down() -> None:
    raise RuntimeError("out of order")


@pytest.fixture
def only(monkeypatch):
    CALLS.clear()

    def keep(*functions):
        rows = [
            Periodic(f"{__name__}.{function.__name__}", datetime.timedelta(minutes=1))
            for function in functions
        ]
        monkeypatch.setattr(schedule, "PERIODIC", rows)

    return keep


def test_run_due_runs_a_function_once_per_interval(only):
    only(note_a_call)
    start = timezone.now()
    for seconds, calls in ((0, 1), (30, 1), (61, 2), (90, 2), (125, 3)):
        with time_machine.travel(start + datetime.timedelta(seconds=seconds), tick=False):
            run_due()
        assert len(CALLS) == calls


def test_run_due_runs_again_after_the_clock_was_set_back(only):
    only(note_a_call)
    run_due()
    with time_machine.travel(timezone.now() - datetime.timedelta(days=1), tick=False):
        run_due()
    assert len(CALLS) == 2


def test_run_due_logs_what_fails_and_goes_on(only, caplog):
    only(break_down, note_a_call)
    run_due()
    assert CALLS == ["called"]
    assert "break_down failed" in caplog.text


def test_run_due_leaves_a_function_to_the_worker_that_was_faster(only, django_assert_num_queries):
    only(note_a_call)
    path = schedule.PERIODIC[0].path
    Heartbeat.objects.create(name=f"schedule:{path}", at=timezone.now())
    with django_assert_num_queries(1):
        run_due()
    assert CALLS == []


def test_schedule_of_the_house_delivers_what_waits():
    MessageFactory()
    run_due()
    assert len(mail.outbox) == 1
