"""The register: a counter a kind and year, and one row for every number that it ever gave."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.acting import recorded
from accounts.models import NeverDeleted

from .instruments import GAZETTE, Instrument

REGISTERS = [*Instrument.Kind.choices, (GAZETTE, _("Regional gazette"))]


class NumberSeries(NeverDeleted):
    """The counter of one register in one year, with the template of its numbers."""

    kind = models.CharField(_("register"), max_length=30, choices=REGISTERS)
    year = models.PositiveSmallIntegerField(_("year"))
    template = models.CharField(_("template"), max_length=120)
    classification = models.CharField(_("classification code"), max_length=40, blank=True)
    unit_code = models.CharField(_("unit code"), max_length=40, blank=True)
    next_sequence = models.PositiveIntegerField(_("next sequence"), default=1)

    history = recorded()

    class Meta:
        ordering = ["-year", "kind"]
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        constraints = [models.UniqueConstraint(fields=["kind", "year"], name="series_per_year")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.year}"


class RegisterEntry(NeverDeleted):
    """One number of a series: reserved or taken once, issued or cancelled, never reused.

    suffix: the letter of a number that was put in afterwards (`8A`), else empty.
    """

    class Status(models.TextChoices):
        RESERVED = "reserved", _("Reserved")
        TAKEN = "taken", _("Taken")
        ISSUED = "issued", _("Issued")
        CANCELLED = "cancelled", _("Cancelled")

    series = models.ForeignKey(NumberSeries, models.PROTECT, related_name="entries")
    sequence = models.PositiveIntegerField(_("sequence"))
    suffix = models.CharField(_("suffix"), max_length=2, blank=True)
    kind = models.CharField(_("register"), max_length=30, choices=REGISTERS)
    number = models.CharField(_("number"), max_length=80, db_index=True)
    instrument = models.ForeignKey(
        Instrument, models.PROTECT, null=True, blank=True, related_name="entries"
    )
    taken_at = models.DateTimeField(_("taken at"))
    dated = models.DateField(_("dated"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.TAKEN
    )
    reason = models.TextField(_("reason"), blank=True)

    history = recorded()

    class Meta:
        ordering = ["series", "sequence", "suffix"]
        verbose_name = _("register entry")
        verbose_name_plural = _("register entries")
        constraints = [
            models.UniqueConstraint(
                fields=["series", "sequence", "suffix"], name="number_used_once"
            ),
            models.UniqueConstraint(
                fields=["instrument", "kind"],
                condition=~Q(status="cancelled"),
                name="one_number_per_instrument",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["cancelled", "reserved"]) | ~Q(reason=""),
                name="number_out_of_line_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["taken", "issued"])
                | Q(instrument__isnull=False, dated__isnull=False),
                name="taken_number_has_instrument",
            ),
        ]

    def __str__(self) -> str:
        return self.number
