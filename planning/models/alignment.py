"""How an innovation serves the plan: pillars, programme, indicators and yearly targets."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.acting import recorded
from accounts.models import NeverDeleted
from innovations.models import Innovation

from .master import Pillar, Programme


class Alignment(NeverDeleted):
    """The place of an innovation in the region's plan, with the reason for it."""

    innovation = models.OneToOneField(Innovation, models.PROTECT, related_name="alignment")
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="+", verbose_name=_("programme")
    )
    rationale = models.TextField(_("rationale"))

    history = recorded()

    class Meta:
        verbose_name = _("alignment")
        verbose_name_plural = _("alignments")

    def __str__(self) -> str:
        return f"{self.innovation}: {self.programme}"


class PillarLink(models.Model):
    """How much of an innovation serves one pillar, and the proof of it."""

    alignment = models.ForeignKey(Alignment, models.PROTECT, related_name="pillar_links")
    pillar = models.ForeignKey(
        Pillar, models.PROTECT, related_name="+", verbose_name=_("priority pillar")
    )
    weight = models.PositiveSmallIntegerField(
        _("weight (%)"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    is_lead = models.BooleanField(_("lead pillar"), default=False)
    proof = models.TextField(_("proof"))

    history = recorded()

    class Meta:
        ordering = ["-is_lead", "-weight", "pk"]
        verbose_name = _("pillar link")
        verbose_name_plural = _("pillar links")
        constraints = [
            models.UniqueConstraint(fields=["alignment", "pillar"], name="pillar_linked_once"),
            models.UniqueConstraint(
                fields=["alignment"], condition=models.Q(is_lead=True), name="one_lead_pillar"
            ),
            models.CheckConstraint(
                condition=models.Q(weight__gte=1, weight__lte=100), name="pillar_weight_in_percent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pillar} {self.weight} %"


class Indicator(models.Model):
    """A measure of the innovation's success, with the value it starts from."""

    alignment = models.ForeignKey(Alignment, models.PROTECT, related_name="indicators")
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("indicator"), max_length=200)
    measure = models.CharField(_("unit of measure"), max_length=60)
    baseline = models.DecimalField(
        _("baseline"), max_digits=18, decimal_places=2, validators=[MinValueValidator(Decimal(0))]
    )
    baseline_year = models.PositiveSmallIntegerField(_("baseline year"))

    history = recorded()

    class Meta:
        ordering = ["number", "pk"]
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        constraints = [
            models.UniqueConstraint(fields=["alignment", "name"], name="indicator_named_once")
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"


class Target(models.Model):
    """What an indicator shall reach by the end of a year."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="targets")
    year = models.PositiveSmallIntegerField(_("year"))
    value = models.DecimalField(
        _("target"), max_digits=18, decimal_places=2, validators=[MinValueValidator(Decimal(0))]
    )

    history = recorded()

    class Meta:
        ordering = ["year"]
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        constraints = [
            models.UniqueConstraint(fields=["indicator", "year"], name="target_once_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.value}"
