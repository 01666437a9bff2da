"""Who must sign a stage: the table of seats that the inbox reads."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Process, Task

from accounts.acting import recorded
from accounts.models import NeverDeleted, Office

from .policy import SignOffPolicy


class Seat(NeverDeleted):
    """One signature that an open stage waits for, at an office or a named person.

    It is the indexed table that the inbox reads: who holds the office is found at the moment of
    reading, so that a transfer needs no rewriting.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for its turn")
        OPEN = "open", _("Open")
        SIGNED = "signed", _("Signed")
        CLOSED = "closed", _("Closed without a signature")

    process = models.ForeignKey(Process, models.PROTECT, related_name="seats")
    task = models.ForeignKey(Task, models.PROTECT, related_name="seats")
    policy = models.ForeignKey(SignOffPolicy, models.PROTECT, related_name="seats")
    stage = models.CharField(_("stage"), max_length=60)
    office = models.ForeignKey(
        Office, models.PROTECT, null=True, related_name="seats", verbose_name=_("office")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="seats"
    )
    group = models.PositiveSmallIntegerField(_("group"))
    position = models.PositiveSmallIntegerField(_("position"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices)
    opened_at = models.DateTimeField(_("opened"), null=True)
    due = models.DateField(_("due"), null=True)
    # The line that a list shows, so that no list joins what it only prints.
    case_code = models.CharField(_("case"), max_length=40)
    case_title = models.CharField(_("title"), max_length=200)

    history = recorded()

    class Meta:
        ordering = ["group", "position"]
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(office__isnull=False, person__isnull=True)
                | models.Q(office__isnull=True, person__isnull=False),
                name="seat_is_of_an_office_or_a_person",
            ),
            models.UniqueConstraint(
                fields=["task", "group", "position"], name="one_seat_per_place"
            ),
        ]
        indexes = [
            models.Index(
                fields=["office", "due", "id"],
                condition=models.Q(state="open"),
                name="seat_open_office",
            ),
            models.Index(
                fields=["person", "due", "id"],
                condition=models.Q(state="open"),
                name="seat_open_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_code} {self.stage}: {self.holder_label}"

    @property
    def holder_label(self) -> str:
        """Whose seat it is, in words."""
        return self.office.title if self.office else str(self.person)
