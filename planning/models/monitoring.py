"""The line in the action plan and what is known of it, period by period."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.acting import recorded
from accounts.models import NeverDeleted, Office
from innovations.models import Innovation

from .alignment import Indicator
from .commitment import Cadence, Commitment


class ActionItem(NeverDeleted):
    """An innovation's line in the regional action plan (RAD), with an owner who can be asked."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        RETIRED = "retired", _("Retired")

    innovation = models.ForeignKey(Innovation, models.PROTECT, related_name="action_items")
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="action_items")
    owner_office = models.ForeignKey(
        Office, models.PROTECT, related_name="+", verbose_name=_("owner office")
    )
    custodian_office = models.ForeignKey(
        Office, models.PROTECT, related_name="+", verbose_name=_("second custodian office")
    )
    monitoring_months = models.PositiveSmallIntegerField(
        _("monitoring interval"), choices=Cadence.choices
    )
    entered_on = models.DateField(_("entered on"))
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.ACTIVE
    )

    history = recorded()

    class Meta:
        ordering = ["entered_on", "pk"]
        verbose_name = _("action item")
        verbose_name_plural = _("action items")
        constraints = [
            models.UniqueConstraint(
                fields=["innovation"],
                condition=models.Q(status="active"),
                name="one_active_action_item",
            )
        ]

    def __str__(self) -> str:
        return f"{self.innovation} ({self.entered_on})"


class MonitoringPeriod(NeverDeleted):
    """A span on which the owner reports; `due` is the last day for the report."""

    action_item = models.ForeignKey(ActionItem, models.PROTECT, related_name="periods")
    number = models.PositiveSmallIntegerField(_("number"))
    start = models.DateField(_("from"))
    end = models.DateField(_("until"))
    due = models.DateField(_("report due"))

    history = recorded()

    class Meta:
        ordering = ["number"]
        verbose_name = _("monitoring period")
        verbose_name_plural = _("monitoring periods")
        constraints = [
            models.UniqueConstraint(fields=["action_item", "number"], name="period_number_once"),
            models.CheckConstraint(
                condition=models.Q(end__gt=models.F("start")) & models.Q(due__gte=models.F("end")),
                name="period_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.start} – {self.end}"

    @property
    def years(self) -> range:
        """The calendar years that the period touches."""
        return range(self.start.year, self.end.year + 1)


class MonitoringReport(NeverDeleted):
    """The owner's report on one period."""

    period = models.OneToOneField(MonitoringPeriod, models.PROTECT, related_name="report")
    realised = models.DecimalField(
        _("realised money"),
        max_digits=18,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0))],
    )
    narrative = models.TextField(_("what was done"))
    obstacles = models.TextField(_("obstacles"), blank=True)

    history = recorded()

    class Meta:
        verbose_name = _("monitoring report")
        verbose_name_plural = _("monitoring reports")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(realised__gte=0), name="realised_money_not_negative"
            )
        ]

    def __str__(self) -> str:
        return str(self.period)


class Achievement(models.Model):
    """What an indicator reached in a year, as reported."""

    report = models.ForeignKey(MonitoringReport, models.PROTECT, related_name="achievements")
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="achievements", verbose_name=_("indicator")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    value = models.DecimalField(
        _("achieved"), max_digits=18, decimal_places=2, validators=[MinValueValidator(Decimal(0))]
    )
    note = models.CharField(_("note"), max_length=250, blank=True)

    history = recorded()

    class Meta:
        ordering = ["indicator__number", "year"]
        verbose_name = _("achievement")
        verbose_name_plural = _("achievements")
        constraints = [
            models.UniqueConstraint(fields=["report", "indicator"], name="indicator_reported_once")
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.value}"


class MonitoringEvaluation(NeverDeleted):
    """The secretariat's judgement of a report."""

    period = models.OneToOneField(MonitoringPeriod, models.PROTECT, related_name="evaluation")
    finding = models.TextField(_("finding"))
    score = models.PositiveSmallIntegerField(
        _("score"), validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    recommendation = models.TextField(_("recommendation"))

    history = recorded()

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(score__gte=0, score__lte=100), name="score_from_0_to_100"
            )
        ]

    def __str__(self) -> str:
        return f"{self.period}: {self.score}"


class MonitoringDecision(NeverDeleted):
    """What becomes of the innovation after a period."""

    class Decision(models.TextChoices):
        CONTINUE = "continue", _("Continue")
        IMPROVE = "improve", _("Improve")
        RENEW = "renew", _("Renew")
        REPLICATE = "replicate", _("Replicate")
        RETIRE = "retire", _("Retire")

    period = models.OneToOneField(MonitoringPeriod, models.PROTECT, related_name="decision")
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices)
    reason = models.TextField(_("reason"))

    history = recorded()

    class Meta:
        verbose_name = _("monitoring decision")
        verbose_name_plural = _("monitoring decisions")

    def __str__(self) -> str:
        return f"{self.period}: {self.get_decision_display()}"
