"""What is promised for an innovation: money, staff, technology, an owner and a second custodian."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.acting import recorded
from accounts.models import NeverDeleted, Office
from innovations.models import Innovation

from .master import Ceiling, FundingSource, SubActivity


class Cadence(models.IntegerChoices):
    """How often the owner reports, in months."""

    QUARTERLY = 3, _("Every three months")
    HALF_YEARLY = 6, _("Every six months")
    YEARLY = 12, _("Every year")


class Commitment(NeverDeleted):
    """What is promised for an innovation; `reserved`: its money is set aside in the ceilings."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        RESERVED = "reserved", _("Reserved")
        RELEASED = "released", _("Released")

    innovation = models.OneToOneField(Innovation, models.PROTECT, related_name="commitment")
    statement = models.TextField(_("statement of commitment"))
    no_money_reason = models.TextField(_("why no money is needed"), blank=True)
    owner_office = models.ForeignKey(
        Office, models.PROTECT, related_name="+", verbose_name=_("owner office")
    )
    custodian_office = models.ForeignKey(
        Office, models.PROTECT, related_name="+", verbose_name=_("second custodian office")
    )
    monitoring_months = models.PositiveSmallIntegerField(
        _("monitoring interval"), choices=Cadence.choices, default=Cadence.HALF_YEARLY
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.PROPOSED
    )
    release_reason = models.TextField(_("reason of release"), blank=True)

    history = recorded()

    class Meta:
        verbose_name = _("resource commitment")
        verbose_name_plural = _("resource commitments")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(owner_office=models.F("custodian_office")),
                name="custodian_is_not_the_owner",
            )
        ]

    def __str__(self) -> str:
        return f"{self.innovation} ({self.get_status_display()})"


class CommitmentLine(models.Model):
    """Money of one year, source and sub-activity; `ceiling` while it is reserved there."""

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="lines")
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"))
    sub_activity = models.ForeignKey(
        SubActivity, models.PROTECT, related_name="+", verbose_name=_("sub-activity")
    )
    source = models.ForeignKey(
        FundingSource, models.PROTECT, related_name="+", verbose_name=_("funding source")
    )
    amount = models.DecimalField(
        _("amount"),
        max_digits=18,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    ceiling = models.ForeignKey(
        Ceiling, models.PROTECT, null=True, blank=True, related_name="lines"
    )

    history = recorded()

    class Meta:
        ordering = ["fiscal_year", "sub_activity__code", "source__order", "pk"]
        verbose_name = _("money line")
        verbose_name_plural = _("money lines")
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "fiscal_year", "sub_activity", "source"],
                name="money_line_once",
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="money_line_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.fiscal_year} {self.sub_activity.code} {self.source}: {self.amount}"


class StaffLine(models.Model):
    """People who work on the innovation, as a role and their time."""

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="staff_lines")
    role = models.CharField(_("role"), max_length=120)
    headcount = models.PositiveSmallIntegerField(
        _("number of people"), validators=[MinValueValidator(1)]
    )
    person_months = models.DecimalField(
        _("person-months"),
        max_digits=7,
        decimal_places=1,
        validators=[MinValueValidator(Decimal("0.1"))],
    )

    history = recorded()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("staff line")
        verbose_name_plural = _("staff lines")
        constraints = [
            models.UniqueConstraint(fields=["commitment", "role"], name="staff_role_once")
        ]

    def __str__(self) -> str:
        return f"{self.role} ({self.headcount})"


class TechnologyLine(models.Model):
    """Technology the innovation needs to keep running."""

    class Kind(models.TextChoices):
        APPLICATION = "application", _("Application")
        HOSTING = "hosting", _("Hosting")
        DEVICE = "device", _("Device")
        LICENCE = "licence", _("Licence")
        NETWORK = "network", _("Network")

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="technology_lines")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    description = models.CharField(_("description"), max_length=250)

    history = recorded()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("technology line")
        verbose_name_plural = _("technology lines")
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "kind", "description"], name="technology_line_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.description}"
