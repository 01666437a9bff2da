"""The outbox: an event becomes message rows in the transaction that decided it."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from .delivery import deliver_messages
from .event import Event
from .events import address, event_named, frozen
from .models import Message

if TYPE_CHECKING:
    from accounts.models import User
    from workflow.models import Case


def record_event(
    sender: Any,
    *,
    event: str,
    case: "Case | None",
    recipients: Iterable["User"],
    params: Mapping[str, Any],
    occurrence: str,
    **_: Any,
) -> None:
    """Write one message per recipient and one job that delivers them; a repeat writes nothing.

    Receives `workflow.signals.case_event`. Raises UnknownEvent for an event without words and
    KeyError for a missing detail: the act is undone with it.
    """
    rule = event_named(event)
    about = {"title": case.innovation.name, "code": case.code} if case else {}
    stored = {**about, **frozen(rule, params)}
    messages = [
        _message(rule, event, stored, f"{event}:{occurrence}:{pk}", pk)
        for pk in sorted({person.pk for person in recipients})
    ]
    if not messages:
        return
    # An event may be announced twice (VF28): the key lets the second one pass without a trace.
    Message.objects.bulk_create(messages, ignore_conflicts=True)
    deliver_messages.enqueue([message.key for message in messages])


def _message(rule: Event, event: str, stored: dict[str, Any], key: str, recipient: int) -> Message:
    return Message(
        recipient_id=recipient,
        event=event,
        case_code=stored.get("code", ""),
        path=address(rule, stored),
        params=stored,
        key=key,
    )
