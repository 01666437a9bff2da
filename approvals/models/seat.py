"""Who must sign a stage: the table of seats that the inbox reads."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Process, Task

from accounts.acting import recorded
from accounts.models import NeverDeleted, Office, Unit

from .policy import SignOffPolicy


class Seat(NeverDeleted):
    """One signature that an open stage waits for, at an office, a unit or a named person.

    It is the indexed table that the inbox reads: who holds the office is found at the moment of
    reading, so that a transfer needs no rewriting.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for its turn")
        OPEN = "open", _("Open")
        SIGNED = "signed", _("Signed")
        RECUSED = "recused", _("Left empty: its holder stepped back")
        CLOSED = "closed", _("Closed without a signature")

    process = models.ForeignKey(Process, models.PROTECT, related_name="seats")
    task = models.ForeignKey(Task, models.PROTECT, related_name="seats")
    policy = models.ForeignKey(SignOffPolicy, models.PROTECT, related_name="seats")
    stage = models.CharField(_("stage"), max_length=60)
    office = models.ForeignKey(
        Office, models.PROTECT, null=True, related_name="seats", verbose_name=_("office")
    )
    # Whoever holds an office of this unit.
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="seats", verbose_name=_("unit")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="seats"
    )
    # The policy's word that the seat was made for: an office, a unit or a role.
    member = models.CharField(_("member"), max_length=80, blank=True)
    group = models.PositiveSmallIntegerField(_("group"))
    position = models.PositiveSmallIntegerField(_("position"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices)
    # Counts the times the seat was asked; one answer each.
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    # The answer that counts now, perhaps kept from an earlier time the stage was open.
    answer = models.ForeignKey(
        "SignOff", models.PROTECT, null=True, related_name="counted_at", verbose_name=_("answer")
    )
    # An earlier stage's signature whose content has changed since: its signer is asked again here.
    reconfirms = models.ForeignKey(
        "SignOff", models.PROTECT, null=True, related_name="reconfirmed_at"
    )
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="claims",
        verbose_name=_("taken up by"),
    )
    claimed_at = models.DateTimeField(_("taken up"), null=True)
    # Why somebody else is asked here than the policy's word stands for.
    moved_because = models.TextField(_("why it was moved"), blank=True)
    opened_at = models.DateTimeField(_("opened"), null=True)
    due = models.DateField(_("due"), null=True)
    # The line that a list shows, so that no list joins what it only prints.
    case_code = models.CharField(_("case"), max_length=40)
    case_title = models.CharField(_("title"), max_length=200)

    history = recorded()

    class Meta:
        ordering = ["group", "position", "pk"]
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        constraints = [
            models.CheckConstraint(
                condition=Q(office__isnull=False, unit__isnull=True, person__isnull=True)
                | Q(office__isnull=True, unit__isnull=False, person__isnull=True)
                | Q(office__isnull=True, unit__isnull=True, person__isnull=False),
                name="seat_is_of_an_office_a_unit_or_a_person",
            ),
            models.UniqueConstraint(
                fields=["task", "group", "position"],
                condition=Q(reconfirms__isnull=True),
                name="one_seat_per_place",
            ),
            models.UniqueConstraint(
                fields=["task", "reconfirms"],
                condition=Q(reconfirms__isnull=False),
                name="one_seat_per_reconfirmation",
            ),
        ]
        indexes = [
            models.Index(
                fields=["office", "due", "id"], condition=Q(state="open"), name="seat_open_office"
            ),
            models.Index(
                fields=["unit", "due", "id"], condition=Q(state="open"), name="seat_open_unit"
            ),
            models.Index(
                fields=["person", "due", "id"], condition=Q(state="open"), name="seat_open_person"
            ),
            models.Index(fields=["case_code", "stage"]),
        ]

    def __str__(self) -> str:
        return f"{self.case_code} {self.stage}: {self.holder_label}"

    @property
    def holder_label(self) -> str:
        """Whose seat it is, in words."""
        return str(self.office.title if self.office else self.unit or self.person)
