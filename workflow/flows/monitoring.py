"""What follows a decree: period after period of report, evaluation and decision."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import flow

from .. import automatic
from ..models import Case
from ..nodes import Choice, Ending, Stage
from .routes import was_approved, was_retired

APPROVE, RETURN = "approve", "return"


class Monitoring(flow.Flow):
    """Monitoring and evaluation of an institutionalised innovation"""

    process_class = Case
    process_title = _("Monitoring and evaluation")

    start = (
        flow.StartHandle(this.begin).Annotation(title=_("Start of monitoring")).Next(this.opening)
    )
    opening = (
        flow.Function(automatic.open_period).Annotation(title=_("New period")).Next(this.period_due)
    )
    period_due = (
        flow.Timer(automatic.end_of_period)
        .Annotation(title=_("End of the period"))
        .Next(this.report)
    )
    report = Stage(
        _("Report"),
        form="planning.forms.ReportForm",
        reads=("alignment", "monitoring"),
        outcomes={APPROVE: Choice(_("Hand in"), _("handed in the report of the period"))},
        own_work=True,
    ).Next(this.evaluation)
    evaluation = Stage(
        _("Evaluation"),
        form="planning.forms.EvaluationForm",
        reads=("alignment", "monitoring"),
        outcomes={
            APPROVE: Choice(_("Hand in"), _("handed in the evaluation of the period")),
            RETURN: Choice(_("Ask for a better report"), _("asked for a better report")),
        },
    ).Next(this.after_evaluation)
    after_evaluation = flow.Switch().Case(this.decision, was_approved).Default(this.report)
    decision = Stage(
        _("Decision on the future"),
        form="planning.forms.DecisionForm",
        reads=("alignment", "monitoring"),
        outcomes={APPROVE: Choice(_("Decide"), _("decided on the future of the innovation"))},
    ).Next(this.after_decision)
    after_decision = flow.Switch().Case(this.retired, was_retired).Default(this.opening)

    retired = Ending("retired", _("Retired"))

    def begin(self, activation: Any, *, case: dict[str, Any]) -> Case:
        """Give the new process what it carries."""
        for name, value in case.items():
            setattr(activation.process, name, value)
        return activation.process
