"""The forms of the monitoring flow."""

from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.texts import MoneyField, PlainTextField

from ..fields import WholeField, by_code
from ..models import (
    Indicator,
    MonitoringDecision,
    MonitoringEvaluation,
    MonitoringPeriod,
    MonitoringReport,
)
from ..monitoring import (
    current_period,
    indicators_of,
    record_decision,
    record_evaluation,
    record_report,
)
from ..rules import check_achievements
from ..tables import AchievementTable
from .base import Cells, PlanningForm


class PeriodForm(PlanningForm):
    """A form about the monitoring period that is not decided yet."""

    @cached_property
    def period(self) -> MonitoringPeriod | None:
        """The open period."""
        return current_period(self.innovation)

    def clean(self) -> Cells | None:
        """There is an open period."""
        if self.period is None:
            raise ValidationError(
                gettext("No monitoring period is open. Wait until the next one begins.")
            )
        return super().clean()

    def open_period(self) -> MonitoringPeriod:
        """The open period, once the form is valid."""
        return cast(MonitoringPeriod, self.period)


class ReportForm(PeriodForm):
    """The owner's report: what the indicators reached, what was spent, what was done."""

    tables: ClassVar[dict[str, type[BaseFormSet]]] = {"achievements": AchievementTable}

    realised = MoneyField(
        label=_("Realised money (Rp)"), help_text=_("Paid in this period; type 0 if nothing was.")
    )
    narrative = PlainTextField(label=_("What was done"), min_words=10, max_length=5000)
    obstacles = PlainTextField(label=_("Obstacles"), max_length=3000, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table("achievements").offers = {
            "indicator": by_code(self.indicators, attribute="number")
        }

    @cached_property
    def indicators(self) -> list[Indicator]:
        """What must be reported."""
        return indicators_of(self.innovation)

    @cached_property
    def report(self) -> MonitoringReport | None:
        """What is recorded already."""
        return MonitoringReport.objects.filter(period=self.period).first() if self.period else None

    def recorded(self) -> Cells:
        """The report as recorded."""
        if self.report is None:
            return {}
        return {
            "realised": self.report.realised,
            "narrative": self.report.narrative,
            "obstacles": self.report.obstacles,
        }

    def recorded_rows(self) -> dict[str, list[Cells]]:
        """One row for each indicator, filled where it was reported."""
        if self.period is None:
            return {}
        reported = (
            {row.indicator_id: row for row in self.report.achievements.all()} if self.report else {}
        )
        return {
            "achievements": [
                {
                    "indicator": str(indicator.number),
                    "year": row.year if row else self.period.end.year,
                    "value": row.value if row else None,
                    "note": row.note if row else "",
                }
                for indicator in self.indicators
                for row in [reported.get(indicator.pk)]
            ]
        }

    def clean(self) -> Cells | None:
        """Every indicator is reported, once, for a year of the period."""
        cleaned = super().clean()
        if self.table("achievements").is_valid():
            rows = self.table("achievements").filled()
            check_achievements(rows, self.indicators, self.open_period().years)
        return cleaned

    def record(self) -> None:
        """Record the report."""
        record_report(
            self.actor,
            self.open_period(),
            **self.cleaned_data,
            achievements=self.table("achievements").filled(),
        )


class EvaluationForm(PeriodForm):
    """The secretariat's judgement of the report."""

    finding = PlainTextField(label=_("Finding"), min_words=10, max_length=5000)
    score = WholeField(
        label=_("Score"),
        min_value=0,
        max_value=100,
        help_text=_("From 0 (nothing reached) to 100 (every target reached)."),
    )
    recommendation = PlainTextField(label=_("Recommendation"), min_words=5, max_length=3000)

    def recorded(self) -> Cells:
        """The evaluation as recorded."""
        if self.period is None:
            return {}
        found = MonitoringEvaluation.objects.filter(period=self.period).first()
        if found is None:
            return {}
        return {
            "finding": found.finding,
            "score": found.score,
            "recommendation": found.recommendation,
        }

    def record(self) -> None:
        """Record the evaluation."""
        record_evaluation(self.actor, self.open_period(), **self.cleaned_data)


class DecisionForm(PeriodForm):
    """What becomes of the innovation."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=MonitoringDecision.Decision.choices,
        widget=forms.RadioSelect,
    )
    reason = PlainTextField(label=_("Reason"), min_words=5, max_length=3000)

    def record(self) -> None:
        """Record the decision."""
        record_decision(self.actor, self.open_period(), **self.cleaned_data)
