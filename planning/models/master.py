"""Master data of planning: pillars, programmes, nomenclature, funding sources and ceilings."""

from decimal import Decimal

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.acting import recorded
from accounts.models import NeverDeleted, Unit

SUB_ACTIVITY_CODE = r"\d\.\d{2}\.\d{2}\.2\.\d{2}\.\d{4}"
valid_sub_activity_code = RegexValidator(
    rf"^{SUB_ACTIVITY_CODE}\Z",
    _(
        "A sub-activity code of a regency looks like 1.02.02.2.02.0015. "
        "Copy it from the nomenclature, with its four last digits."
    ),
)


class Pillar(NeverDeleted):
    """One of the priority pillars of the regional action plan."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    history = recorded()

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("priority pillar")
        verbose_name_plural = _("priority pillars")

    def __str__(self) -> str:
        return self.name


class Programme(NeverDeleted):
    """A programme of the medium-term plan (RPJMD) or of the yearly work plan (RKPD)."""

    class Plan(models.TextChoices):
        RPJMD = "rpjmd", _("Medium-term plan (RPJMD)")
        RKPD = "rkpd", _("Yearly work plan (RKPD)")

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=200)
    plan = models.CharField(_("plan"), max_length=8, choices=Plan.choices, default=Plan.RPJMD)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )

    history = recorded()

    class Meta:
        ordering = ["code"]
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class NomenclatureVersion(NeverDeleted):
    """One decree of the budget nomenclature; old fiscal years keep the codes of their decree."""

    decree = models.CharField(_("decree"), max_length=120, unique=True)
    valid_from_fy = models.PositiveSmallIntegerField(_("valid from fiscal year"), unique=True)

    history = recorded()

    class Meta:
        ordering = ["valid_from_fy"]
        verbose_name = _("nomenclature version")
        verbose_name_plural = _("nomenclature versions")

    def __str__(self) -> str:
        return self.decree


class SubActivityQuerySet(models.QuerySet["SubActivity"]):
    """Sub-activities of one or several nomenclatures."""

    def in_force(self, fiscal_year: int) -> "SubActivityQuerySet":
        """The sub-activities of the nomenclature that applies to a fiscal year."""
        versions = NomenclatureVersion.objects.filter(valid_from_fy__lte=fiscal_year)
        return self.filter(version=versions.order_by("-valid_from_fy").values("pk")[:1])


class SubActivity(NeverDeleted):
    """A line of the nomenclature, `U.BB.PP.K.KK.SSSS`; K is 2 for a regency."""

    version = models.ForeignKey(NomenclatureVersion, models.PROTECT, related_name="sub_activities")
    code = models.CharField(_("code"), max_length=20, validators=[valid_sub_activity_code])
    name = models.CharField(_("name"), max_length=250)

    objects = SubActivityQuerySet.as_manager()
    history = recorded()

    class Meta:
        ordering = ["code"]
        verbose_name = _("sub-activity")
        verbose_name_plural = _("sub-activities")
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="sub_activity_once_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class FundingSource(NeverDeleted):
    """Where money comes from; some sources never show in an agency's budget document (DPA)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    in_dpa = models.BooleanField(_("shows in the DPA"), default=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    history = recorded()

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("funding source")
        verbose_name_plural = _("funding sources")

    def __str__(self) -> str:
        return self.name


class Ceiling(NeverDeleted):
    """What may be spent on a sub-activity from a source in a year, and what is reserved of it.

    `budget_version` names the budget that set the amount (`murni`, `pergeseran 1`, `perubahan`);
    earlier amounts stay in the history.
    """

    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"))
    sub_activity = models.ForeignKey(SubActivity, models.PROTECT, related_name="ceilings")
    source = models.ForeignKey(FundingSource, models.PROTECT, related_name="ceilings")
    amount = models.DecimalField(
        _("amount"), max_digits=18, decimal_places=2, validators=[MinValueValidator(Decimal(0))]
    )
    budget_version = models.CharField(_("budget version"), max_length=40, default="murni")
    reserved = models.DecimalField(
        _("reserved"), max_digits=18, decimal_places=2, default=Decimal("0.00")
    )

    history = recorded()

    class Meta:
        ordering = ["fiscal_year", "sub_activity__code", "source__order"]
        verbose_name = _("ceiling")
        verbose_name_plural = _("ceilings")
        constraints = [
            models.UniqueConstraint(
                fields=["fiscal_year", "sub_activity", "source"], name="one_ceiling_per_line"
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gte=0) & models.Q(reserved__gte=0),
                name="ceiling_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fiscal_year} {self.sub_activity} ({self.source})"

    @property
    def left(self) -> Decimal:
        """What can still be reserved; negative after a budget cut below what is reserved."""
        return self.amount - self.reserved
