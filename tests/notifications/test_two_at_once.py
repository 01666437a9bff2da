import threading
from collections.abc import Callable

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from notifications import schedule
from notifications.delivery import deliver
from notifications.models import Delivery, Heartbeat
from notifications.schedule import LONG_AGO, PERIODIC, run_due
from tests.notifications.factories import MessageFactory

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]

AT_ONCE = 8


def together(function: Callable[[], None]) -> None:
    start = threading.Barrier(AT_ONCE)

    def run() -> None:
        start.wait()
        try:
            function()
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)


def test_message_that_many_workers_take_up_is_sent_once():
    message = MessageFactory()
    together(lambda: deliver(message.pk))
    assert len(mail.outbox) == 1
    assert list(Delivery.objects.values_list("attempts", flat=True)) == [1, 1]


def test_periodic_function_that_many_workers_look_at_runs_once(monkeypatch):
    only = PERIODIC[0]
    monkeypatch.setattr(schedule, "PERIODIC", [only])
    Heartbeat.objects.create(name=f"schedule:{only.path}", at=LONG_AGO)
    MessageFactory.create_batch(3)
    together(run_due)
    assert len(mail.outbox) == 3
    assert Heartbeat.objects.get().at <= timezone.now()
