"""Enter an innovation into the action plan and follow it: period, report, evaluation, decision."""

import calendar
import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.models import User
from innovations.models import Innovation

from .commitments import release
from .lines import replace_lines, save_changed
from .models import (
    ActionItem,
    Commitment,
    Indicator,
    MonitoringDecision,
    MonitoringEvaluation,
    MonitoringPeriod,
    MonitoringReport,
)
from .rules import AchievementRow, check_achievements
from .signals import planning_act

RETIRE = MonitoringDecision.Decision.RETIRE


@dataclass(frozen=True)
class Span:
    """The number and the days of a monitoring period."""

    number: int
    start: datetime.date
    end: datetime.date


@verb
def enter_action_plan(actor: User, innovation: Innovation, on: datetime.date) -> ActionItem:
    """Enter the innovation into the action plan with its owners; once, however often called.

    Raises ValidationError while its resources are not reserved.
    """
    commitment = Commitment.objects.select_for_update().filter(innovation=innovation).first()
    running = ActionItem.objects.filter(innovation=innovation, status=ActionItem.Status.ACTIVE)
    if found := running.first():
        return found
    if commitment is None or commitment.status != Commitment.Status.RESERVED:
        raise ValidationError(
            _(
                "The resources of %s are not reserved. Let the budget team approve the commitment "
                "before the innovation enters the action plan."
            )
            % innovation.name
        )
    item = ActionItem.objects.create(
        innovation=innovation,
        commitment=commitment,
        owner_office=commitment.owner_office,
        custodian_office=commitment.custodian_office,
        monitoring_months=commitment.monitoring_months,
        entered_on=on,
    )
    _tell("action_plan_entered", actor, item, entered_on=on.isoformat())
    return item


def next_span(action_item: ActionItem) -> Span:
    """The next period; the n-th one starts (n - 1) intervals after the entry, without drift."""
    done = action_item.periods.count()
    months, entered = action_item.monitoring_months, action_item.entered_on
    return Span(
        number=done + 1,
        start=add_months(entered, done * months),
        end=add_months(entered, (done + 1) * months) - datetime.timedelta(days=1),
    )


def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day some months later, or the last day of a shorter month."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(years, month + 1)[1]
    return datetime.date(years, month + 1, min(day.day, last))


def current_period(innovation: Innovation) -> MonitoringPeriod | None:
    """The period that is not decided yet, of the running action item."""
    return (
        MonitoringPeriod.objects.filter(
            action_item__innovation=innovation,
            action_item__status=ActionItem.Status.ACTIVE,
            decision=None,
        )
        .order_by("number")
        .first()
    )


@verb
def open_period(actor: User, action_item: ActionItem, *, due: datetime.date) -> MonitoringPeriod:
    """Open the next period with the day its report is due; an undecided period is returned instead.

    Raises ValidationError for a retired innovation and for a due day inside the period.
    """
    action_item.refresh_from_db(from_queryset=ActionItem.objects.select_for_update())
    if action_item.status == ActionItem.Status.RETIRED:
        raise ValidationError(_("This innovation is retired: no further period can be opened."))
    if running := action_item.periods.filter(decision=None).first():
        return running
    span = next_span(action_item)
    if due < span.end:
        raise ValidationError(
            _("The report cannot be due on %(due)s, before the period ends on %(end)s.")
            % {"due": due, "end": span.end}
        )
    period = MonitoringPeriod.objects.create(
        action_item=action_item, number=span.number, start=span.start, end=span.end, due=due
    )
    _tell("period_opened", actor, action_item, number=span.number, due=due.isoformat())
    return period


def indicators_of(innovation: Innovation) -> list[Indicator]:
    """The indicators that every report of the innovation must cover."""
    return list(Indicator.objects.filter(alignment__innovation=innovation))


@verb
def record_report(
    actor: User,
    period: MonitoringPeriod,
    *,
    realised: Decimal,
    narrative: str,
    achievements: Sequence[AchievementRow],
    obstacles: str = "",
) -> MonitoringReport:
    """Record the owner's report on a period; until the decision a later report replaces it.

    Raises ValidationError when an indicator is missing or the period is decided.
    """
    _refuse_decided(_lock(period))
    expected = indicators_of(period.action_item.innovation)
    check_achievements(achievements, expected, period.years)
    report = MonitoringReport.objects.filter(period=period).first()
    report = report or MonitoringReport(period=period)
    save_changed(report, realised=realised, narrative=narrative, obstacles=obstacles)
    replace_lines(report.achievements, ["indicator"], achievements)
    _tell("reported", actor, period.action_item, number=period.number, realised=str(realised))
    return report


@verb
def record_evaluation(
    actor: User, period: MonitoringPeriod, *, finding: str, score: int, recommendation: str
) -> MonitoringEvaluation:
    """Record the judgement of a report, with a score from 0 to 100.

    Raises ValidationError when there is no report or the period is decided.
    """
    _refuse_decided(_lock(period))
    if not MonitoringReport.objects.filter(period=period).exists():
        raise ValidationError(
            _("There is no report on this period yet. Wait for the owner's report.")
        )
    evaluation = MonitoringEvaluation.objects.filter(period=period).first()
    evaluation = evaluation or MonitoringEvaluation(period=period)
    save_changed(evaluation, finding=finding, score=score, recommendation=recommendation)
    _tell("evaluated", actor, period.action_item, number=period.number, score=score)
    return evaluation


@verb
def record_decision(
    actor: User, period: MonitoringPeriod, *, decision: str, reason: str
) -> MonitoringDecision:
    """Decide what becomes of the innovation; the same decision again is no second one.

    Retiring ends the action item and gives back the money of the years that have not begun.
    Raises ValidationError without an evaluation, or when the period was decided otherwise.
    """
    _lock(period)
    made = MonitoringDecision.objects.filter(period=period).first()
    if made is not None and made.decision == decision:
        return made
    _refuse_decided(period)
    if not MonitoringEvaluation.objects.filter(period=period).exists():
        raise ValidationError(_("This period is not evaluated yet. Wait for the evaluation."))
    made = MonitoringDecision(period=period)
    save_changed(made, decision=decision, reason=reason)
    if decision == RETIRE:
        _retire(actor, period, reason)
    _tell("period_decided", actor, period.action_item, number=period.number, decision=decision)
    return made


def _retire(actor: User, period: MonitoringPeriod, reason: str) -> None:
    item = period.action_item
    save_changed(item, status=ActionItem.Status.RETIRED)
    release(actor, item.commitment, reason, after_year=period.end.year)


def _lock(period: MonitoringPeriod) -> MonitoringPeriod:
    MonitoringPeriod.objects.select_for_update().get(pk=period.pk)
    return period


def _refuse_decided(period: MonitoringPeriod) -> None:
    if made := MonitoringDecision.objects.filter(period=period).first():
        raise ValidationError(
            _("Period %(number)s has been decided: %(decision)s. Write it into the next period.")
            % {"number": period.number, "decision": made.get_decision_display()}
        )


def _tell(act: str, actor: User, item: ActionItem, **details: str | int) -> None:
    planning_act.send(
        sender=Innovation, act=act, innovation=item.innovation, actor=actor, details=details
    )
