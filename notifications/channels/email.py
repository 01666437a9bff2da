"""Plain-text mail: one sentence and one link that opens a page and decides nothing."""

import hashlib
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from ..events import event_named, words

if TYPE_CHECKING:
    from accounts.models import User

    from ..models import Message


def reaches(user: "User") -> bool:
    """Only people who still work here and gave an address."""
    return user.is_active and bool(user.email)


def send(message: "Message") -> None:
    """Hand the mail to the mail server; a repeat carries the same Message-ID."""
    told = words(message.event, message.params)
    closing = (
        _("You receive this message because you take part in this case in Payung.")
        if event_named(message.event).of_a_case
        else _("You receive this message because work waits for you in Payung.")
    )
    EmailMessage(
        subject=told.subject,
        body=f"{told.sentence}\n\n{settings.PUBLIC_URL}{message.path}\n\n-- \n{closing}\n",
        to=[message.recipient.email],
        headers={"Message-ID": message_id(message.key), "Auto-Submitted": "auto-generated"},
    ).send()


def message_id(key: str) -> str:
    """The Message-ID of every copy of the message with this key; it tells nobody who or what."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{host}>"
