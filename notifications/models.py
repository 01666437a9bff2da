"""Messages to people: rows of the deciding transaction, carried out of the house by the worker."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class MessageQuerySet(models.QuerySet["Message"]):
    """Whose messages, and which of them."""

    def visible_to(self, user: Any) -> "MessageQuerySet":
        """What has arrived in this person's own list."""
        return self.filter(recipient=user, delivered_at__isnull=False)

    def unread(self) -> "MessageQuerySet":
        """What the person has not opened yet."""
        return self.filter(read_at__isnull=True)

    def due(self) -> "MessageQuerySet":
        """What waits for a (further) attempt at delivery."""
        return self.filter(next_attempt__lte=timezone.now())


class Message(models.Model):
    """One event told to one person; words are found at delivery, in the person's language."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="received_messages",
        verbose_name=_("recipient"),
    )
    # A key of `events.EVENTS`, stored: it is renamed with a data migration only.
    event = models.CharField(_("event"), max_length=40)
    case_code = models.CharField(_("case"), max_length=40)
    path = models.CharField(_("address"), max_length=200)
    params = models.JSONField(_("details"), default=dict)
    # Event, occurrence and recipient: what makes a repeat recognisable, here and in the mail.
    key = models.CharField(_("key"), max_length=200, unique=True)
    created = models.DateTimeField(_("created"), auto_now_add=True)
    # Null when every channel is done; in the future while a worker holds the message.
    next_attempt = models.DateTimeField(_("next attempt"), null=True, default=timezone.now)
    delivered_at = models.DateTimeField(_("delivered"), null=True)
    read_at = models.DateTimeField(_("read"), null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(fields=["recipient", "-id"], name="message_list"),
            models.Index(
                fields=["recipient"],
                condition=Q(read_at__isnull=True, delivered_at__isnull=False),
                name="message_unread",
            ),
            models.Index(
                fields=["next_attempt"],
                condition=Q(next_attempt__isnull=False),
                name="message_due",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Delivery(models.Model):
    """How far one message has come through one channel."""

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Given up")

    message = models.ForeignKey(Message, models.PROTECT, related_name="deliveries")
    channel = models.CharField(_("channel"), max_length=20)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.TextField(_("last error"), blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["message", "channel"], name="one_delivery_per_channel")
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.channel}: {self.state}"


class Heartbeat(models.Model):
    """When a worker was last seen alive, or a periodic function last claimed."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["name"]
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return f"{self.name} {self.at:%F %T}"
