"""Carrying messages out: at least once, each channel on its own, until it is done or given up."""

import datetime
import logging
import time
from collections.abc import Iterable

from django.utils import timezone, translation
from django_tasks import task

from .channels import channel
from .events import event_named
from .models import Delivery, Message

logger = logging.getLogger(__name__)

# Longer than any attempt takes: only a worker that died still holds a message after it.
LEASE = datetime.timedelta(minutes=5)
# With doubling delays of at most six hours, the last attempt comes twenty hours after the first.
MAX_ATTEMPTS = 12
LONGEST_DELAY = datetime.timedelta(hours=6)
SECONDS_PER_CATCH_UP = 20


@task(queue_name="default")
def deliver_messages(keys: list[str]) -> None:
    """The job that an act leaves behind: deliver the messages with these keys."""
    _deliver_each(Message.objects.filter(key__in=keys).values_list("pk", flat=True))


def deliver_pending() -> int:
    """Deliver what is due again or was left behind by a crash; returns how many were looked at."""
    due = Message.objects.due().order_by("next_attempt", "pk")
    return _deliver_each(due.values_list("pk", flat=True)[:500])


def deliver(message_id: int) -> None:
    """Try every channel of a message that is not done yet; harmless when repeated or run twice."""
    if not _claim(message_id):
        return
    message = Message.objects.select_related("recipient").get(pk=message_id)
    names = event_named(message.event).channels
    with translation.override(message.recipient.language):
        retries = [_through(name, message) for name in names]
    message.next_attempt = min((at for at in retries if at is not None), default=None)
    message.save(update_fields=["next_attempt"])


def _deliver_each(message_ids: Iterable[int]) -> int:
    started, count = time.monotonic(), 0
    for message_id in message_ids:
        if time.monotonic() - started > SECONDS_PER_CATCH_UP:
            break
        count += 1
        try:
            deliver(message_id)
        except Exception:
            # One message that cannot be delivered must not keep the others waiting.
            logger.exception("Message %s could not be delivered", message_id)
    return count


def _claim(message_id: int) -> bool:
    now = timezone.now()
    waiting = Message.objects.filter(pk=message_id, next_attempt__lte=now)
    return waiting.update(next_attempt=now + LEASE) == 1


def _through(name: str, message: Message) -> datetime.datetime | None:
    if not channel(name).reaches(message.recipient):
        return None
    delivery, _ = Delivery.objects.get_or_create(message=message, channel=name)
    if delivery.state != Delivery.State.PENDING:
        return None
    delivery.attempts += 1
    try:
        channel(name).send(message)
    except Exception as error:
        return _failed(delivery, error)
    delivery.state, delivery.sent_at = Delivery.State.SENT, timezone.now()
    delivery.save()
    return None


def _failed(delivery: Delivery, error: Exception) -> datetime.datetime | None:
    message = delivery.message
    delivery.last_error = f"{type(error).__name__}: {error}"[:2000]
    given_up = delivery.attempts >= MAX_ATTEMPTS
    if given_up:
        delivery.state = Delivery.State.FAILED
    delivery.save()
    logger.log(
        logging.ERROR if given_up else logging.WARNING,
        "Message %s (%s) of case %s did not go out by %s, attempt %s of %s: %s",
        message.pk,
        message.event,
        message.case_code,
        delivery.channel,
        delivery.attempts,
        MAX_ATTEMPTS,
        delivery.last_error,
    )
    return None if given_up else timezone.now() + delay_after(delivery.attempts)


def delay_after(attempts: int) -> datetime.timedelta:
    """How long to wait for the next attempt: one minute, doubled each time, at most six hours."""
    return min(datetime.timedelta(minutes=2 ** (attempts - 1)), LONGEST_DELAY)
