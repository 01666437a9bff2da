"""The person's own list of messages inside Payung."""

from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from accounts.models import User

    from ..models import Message


def reaches(user: "User") -> bool:
    """Everybody has a list."""
    return True


def send(message: "Message") -> None:
    """Let the message appear in the recipient's list."""
    message.delivered_at = message.delivered_at or timezone.now()
    message.save(update_fields=["delivered_at"])
