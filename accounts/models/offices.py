"""Offices, and who holds one from when to when: the ground under every signature."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..acting import recorded
from .base import NeverDeleted
from .people import Unit, User
from .stored_file import ByLetter


class Office(NeverDeleted):
    """A post: what signs. People come and go (`Appointment`), the office and its open work stay."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=160)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="offices", verbose_name=_("unit"))
    superior = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="subordinates"
    )
    is_head = models.BooleanField(_("heads its unit"), default=False)
    # Secretariat, planning, finance, law, inspectorate: their work needs every case.
    sees_all_cases = models.BooleanField(_("sees all cases"), default=False)
    # Permendagri 1/2023 art. 44: head, deputy and secretary sign without titles, rank and NIP.
    signs_without_titles = models.BooleanField(_("signs without titles"), default=False)

    history = recorded()

    class Meta:
        ordering = ["title"]
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=models.Q(is_head=True), name="one_head_per_unit"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Appointment(NeverDeleted, ByLetter):
    """One person holds one office from a day to a day, by a letter."""

    class Capacity(models.TextChoices):
        DEFINITIVE = "definitive", _("Definitive")
        ACTING = "plt", _("Plt.")
        DAILY_ACTING = "plh", _("Plh.")
        INTERIM = "pj", _("Pj.")
        TEMPORARY = "pjs", _("Pjs.")

    user = models.ForeignKey(User, models.PROTECT, related_name="appointments")
    office = models.ForeignKey(Office, models.PROTECT, related_name="appointments")
    capacity = models.CharField(
        _("capacity"), max_length=12, choices=Capacity.choices, default=Capacity.DEFINITIVE
    )
    start = models.DateField(_("from"))
    end = models.DateField(_("until"), null=True, blank=True)

    history = recorded()

    class Meta:
        ordering = ["-start", "-pk"]
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        permissions = [("appoint", "Can look after people, offices and appointments")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end__isnull=True) | models.Q(end__gte=models.F("start")),
                name="appointment_ends_after_it_starts",
            )
        ]
        indexes = [models.Index(fields=["user", "start", "end"])]

    def __str__(self) -> str:
        return f"{self.title} ({self.user})"

    @property
    def title(self) -> str:
        """The capacity as it is written: `Plh. Sekretaris Daerah`."""
        if self.capacity == self.Capacity.DEFINITIVE:
            return self.office.title
        return f"{self.get_capacity_display()} {self.office.title}"
