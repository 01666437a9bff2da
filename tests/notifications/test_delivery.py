import datetime
import logging

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from notifications.delivery import (
    LEASE,
    MAX_ATTEMPTS,
    delay_after,
    deliver,
    deliver_messages,
    deliver_pending,
)
from notifications.models import Delivery, Message
from tests.notifications.factories import MessageFactory, UserFactory

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

NOBODY_LISTENS = {
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "EMAIL_HOST": "127.0.0.1",
    "EMAIL_PORT": 9,
    "EMAIL_TIMEOUT": 2,
}


@pytest.fixture
def dead_mail_server(settings):
    for name, value in NOBODY_LISTENS.items():
        setattr(settings, name, value)


def states(message):
    return dict(message.deliveries.values_list("channel", "state"))


def test_deliver_shows_the_message_and_sends_one_mail():
    message = MessageFactory()
    deliver(message.pk)
    message.refresh_from_db()
    assert message.delivered_at is not None
    assert message.next_attempt is None
    assert states(message) == {"in_app": "sent", "email": "sent"}
    assert len(mail.outbox) == 1


def test_deliver_twice_sends_one_mail():
    message = MessageFactory()
    deliver(message.pk)
    deliver(message.pk)
    assert len(mail.outbox) == 1
    assert [delivery.attempts for delivery in message.deliveries.all()] == [1, 1]


def test_deliver_speaks_the_language_of_each_recipient():
    due = {"title": "Sirup Pala", "code": "INV-2026-0042", "period": 1, "due": "2026-03-09"}
    for language in ("id", "en"):
        person = UserFactory(language=language)
        deliver(MessageFactory(event="monitoring_due", params=due, recipient=person).pk)
    indonesian, english = (sent.body for sent in mail.outbox)
    assert "9 Maret 2026" in indonesian
    assert "9 March 2026" in english


@pytest.mark.parametrize("change", [{"email": ""}, {"is_active": False}])
def test_deliver_to_somebody_without_mail_is_done_with_the_list(change):
    message = MessageFactory(recipient=UserFactory(**change))
    deliver(message.pk)
    message.refresh_from_db()
    assert states(message) == {"in_app": "sent"}
    assert message.next_attempt is None
    assert mail.outbox == []


@pytest.mark.usefixtures("dead_mail_server")
def test_deliver_without_mail_server_shows_the_message_and_tries_the_mail_again(caplog):
    message = MessageFactory()
    with caplog.at_level(logging.WARNING, "notifications.delivery"):
        deliver(message.pk)
    message.refresh_from_db()
    assert message.delivered_at is not None
    assert states(message) == {"in_app": "sent", "email": "pending"}
    delivery = message.deliveries.get(channel="email")
    assert delivery.attempts == 1
    assert delivery.last_error.startswith("ConnectionRefusedError")
    assert message.next_attempt > timezone.now() + datetime.timedelta(seconds=50)
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "INV-2026-0042" in caplog.text


def test_deliver_goes_on_where_a_channel_failed(settings):
    message = MessageFactory()
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = NOBODY_LISTENS["EMAIL_BACKEND"]
    settings.EMAIL_PORT = NOBODY_LISTENS["EMAIL_PORT"]
    deliver(message.pk)
    settings.EMAIL_BACKEND = working
    assert deliver_pending() == 0
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=2), tick=False):
        assert deliver_pending() == 1
    assert states(message) == {"in_app": "sent", "email": "sent"}
    assert len(mail.outbox) == 1


@pytest.mark.usefixtures("dead_mail_server")
def test_deliver_gives_up_after_the_last_attempt_and_says_so(caplog):
    message = MessageFactory()
    Delivery.objects.create(message=message, channel="email", attempts=MAX_ATTEMPTS - 1)
    deliver(message.pk)
    message.refresh_from_db()
    assert states(message) == {"in_app": "sent", "email": "failed"}
    assert message.next_attempt is None
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_delays_grow_and_end_within_a_day():
    delays = [delay_after(attempt) for attempt in range(1, MAX_ATTEMPTS)]
    assert delays == sorted(delays)
    assert delays[0] == datetime.timedelta(minutes=1)
    assert sum(delays, datetime.timedelta()) < datetime.timedelta(days=1)


def test_deliver_leaves_alone_what_another_worker_holds():
    message = MessageFactory(next_attempt=timezone.now() + LEASE)
    deliver(message.pk)
    assert mail.outbox == []


def test_message_of_a_worker_that_died_while_sending_is_sent_again_with_the_same_id():
    message = MessageFactory()
    deliver(message.pk)
    # The mail was out, the worker died before it could write that down.
    Message.objects.update(next_attempt=timezone.now() - LEASE)
    message.deliveries.filter(channel="email").delete()
    assert deliver_pending() == 1
    first, repeat = mail.outbox
    assert first.extra_headers["Message-ID"] == repeat.extra_headers["Message-ID"]


def test_message_whose_job_was_lost_is_delivered_by_the_catch_up():
    message = MessageFactory()
    assert DBTaskResult.objects.count() == 0
    assert deliver_pending() == 1
    assert deliver_pending() == 0
    assert states(message) == {"in_app": "sent", "email": "sent"}


def test_message_that_cannot_be_worded_does_not_hold_up_the_others(caplog):
    broken, sound = MessageFactory(event="harvested"), MessageFactory()
    deliver_messages.call([broken.key, sound.key])
    assert states(sound) == {"in_app": "sent", "email": "sent"}
    assert f"Message {broken.pk} could not be delivered" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_job_run_by_the_worker_delivers():
    message = MessageFactory()
    deliver_messages.enqueue([message.key])
    call_command("worker", batch=True)
    assert DBTaskResult.objects.get().status == TaskResultStatus.SUCCESSFUL
    assert len(mail.outbox) == 1
