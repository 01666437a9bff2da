"""The calendar as data: what each decree declares, and what moved a due date or held it still."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Process, Task

from accounts.acting import recorded
from accounts.models import NeverDeleted, Office, Unit

from .seat import Seat


class CalendarDecree(NeverDeleted):
    """A decree that changes the calendar; nothing it declares is deleted, a later one supersedes.

    The base is the national calendar of the package `holidays`.
    """

    number = models.CharField(_("number of the decree"), max_length=80)
    date = models.DateField(_("date of the decree"))
    title = models.CharField(_("what the decree is about"), max_length=200)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(_("entered"), default=timezone.now)
    # By the newest decree's token every process knows whether the rules it has read still hold.
    # It is random: a number that was rolled back is given a second time.
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    history = recorded()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("decree on the calendar")
        verbose_name_plural = _("decrees on the calendar")
        permissions = [("change_calendar", "Can change the calendar")]
        constraints = [
            models.UniqueConstraint(fields=["number", "date"], name="calendar_decree_once")
        ]

    def __str__(self) -> str:
        return self.number


class CalendarDay(NeverDeleted):
    """One day that a decree declares working or free, for one unit and those below it, or all."""

    decree = models.ForeignKey(CalendarDecree, models.PROTECT, related_name="days")
    day = models.DateField(_("day"))
    working = models.BooleanField(_("working day"))
    name = models.CharField(_("name of the day"), max_length=120)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )

    history = recorded()

    class Meta:
        ordering = ["day", "pk"]
        verbose_name = _("day of the calendar")
        verbose_name_plural = _("days of the calendar")
        constraints = [
            models.UniqueConstraint(fields=["decree", "day", "unit"], name="day_once_per_unit"),
            models.UniqueConstraint(
                fields=["decree", "day"],
                condition=models.Q(unit__isnull=True),
                name="day_once_for_everybody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.name}"


class WorkingWeek(NeverDeleted):
    """The days of the week on which a unit, and those below it, work from a day on."""

    class Days(models.TextChoices):
        # Stored as the numbers of the days, Monday 1.
        FIVE = "12345", _("Monday to Friday")
        SIX = "123456", _("Monday to Saturday")

    decree = models.ForeignKey(CalendarDecree, models.PROTECT, related_name="weeks")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    valid_from = models.DateField(_("from"))
    days = models.CharField(_("working week"), max_length=7, choices=Days.choices)

    history = recorded()

    class Meta:
        ordering = ["unit", "valid_from", "pk"]
        verbose_name = _("working week")
        verbose_name_plural = _("working weeks")
        constraints = [
            models.UniqueConstraint(
                fields=["decree", "unit", "valid_from"], name="week_once_per_unit"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.get_days_display()}"


class ClockPause(NeverDeleted):
    """A span in which the clock of a stage stands still, for a reason that everybody can read.

    It ends when it is ended, or with its stage.
    """

    class Kind(models.TextChoices):
        INITIATOR = "initiator", _("waiting for the initiator")
        MINISTRY = "ministry", _("waiting for the ministry")
        OTHER = "other", _("another reason")

    process = models.ForeignKey(Process, models.PROTECT, related_name="clock_pauses")
    task = models.ForeignKey(Task, models.PROTECT, related_name="clock_pauses")
    kind = models.CharField(_("reason"), max_length=10, choices=Kind.choices)
    note = models.CharField(_("in a sentence"), max_length=500, blank=True)
    started_at = models.DateTimeField(_("stopped"), default=timezone.now)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("stopped by")
    )
    ended_at = models.DateTimeField(_("started again"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("started again by"),
    )

    history = recorded()

    class Meta:
        ordering = ["started_at", "pk"]
        verbose_name = _("pause of the clock")
        verbose_name_plural = _("pauses of the clock")
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=models.Q(ended_at__isnull=True), name="one_open_pause"
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="other") | ~models.Q(note=""),
                name="other_pause_has_a_note",
            ),
        ]

    def __str__(self) -> str:
        return self.reason

    @property
    def reason(self) -> str:
        """Why the clock stands still, as part of a sentence."""
        note = self.note.rstrip(" .")
        if self.kind == self.Kind.OTHER:
            return note
        kind = self.get_kind_display()
        return f"{kind}: {note}" if note else kind


class DueChange(NeverDeleted):
    """One move of a seat's due date, with its cause: the old date is never lost."""

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="due_changes")
    before = models.DateField()
    after = models.DateField()
    decree = models.ForeignKey(
        CalendarDecree, models.PROTECT, null=True, related_name="due_changes"
    )
    pause = models.ForeignKey(ClockPause, models.PROTECT, null=True, related_name="due_changes")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("move of a due date")
        verbose_name_plural = _("moves of due dates")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decree__isnull=False, pause__isnull=True)
                | models.Q(decree__isnull=True, pause__isnull=False),
                name="due_change_has_one_cause",
            )
        ]

    def __str__(self) -> str:
        return f"{self.seat_id}: {self.before} → {self.after}"


class DueNotice(models.Model):
    """What was told about a due date: each kind once for each seat and date."""

    class Kind(models.TextChoices):
        SOON = "due_soon", _("Due soon")
        OVERDUE = "overdue", _("Overdue")
        ESCALATED = "escalated", _("Passed on to the office above")

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="due_notices")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    due = models.DateField()
    # Where an overdue seat was passed on to: that office may read the case from then on.
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("notice about a due date")
        verbose_name_plural = _("notices about due dates")
        constraints = [
            models.UniqueConstraint(fields=["seat", "kind", "due"], name="one_notice_per_due_date")
        ]

    def __str__(self) -> str:
        return f"{self.seat_id} {self.kind} {self.due}"
