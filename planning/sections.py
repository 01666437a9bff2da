"""What planning knows of an innovation, by sections: for screens, comparisons and signatures."""

from collections.abc import Container
from typing import Any

from django.utils.translation import gettext as _

from innovations.models import Innovation
from innovations.sections import Field, Section, Writer, field, section, table, written
from innovations.texts import rupiah

from .amounts import figure
from .models import ActionItem, Alignment, Commitment, Indicator, MonitoringPeriod
from .rules import TARGET_YEARS


def sections_of(innovation: Innovation, only: Container[str] | None = None) -> dict[str, Section]:
    """The sections "alignment", "commitment" and "monitoring", as far as they are recorded."""
    writers: dict[str, Writer] = {
        "alignment": _alignment,
        "commitment": _commitment,
        "monitoring": _monitoring,
    }
    return written(writers, innovation, only)


def _alignment(innovation: Innovation) -> Section | None:
    alignment = Alignment.objects.filter(innovation=innovation).select_related("programme").first()
    if alignment is None:
        return None
    programme = alignment.programme
    return section(
        _("Alignment"),
        [
            field("programme", _("Programme"), str(programme), raw=programme.code),
            field("rationale", _("Rationale"), alignment.rationale),
            _pillars(alignment),
            _indicators(alignment),
        ],
    )


def _pillars(alignment: Alignment) -> Field:
    links = list(alignment.pillar_links.select_related("pillar"))
    return table(
        "pillars",
        _("Priority pillars"),
        [_("Priority pillar"), _("Weight"), _("Lead pillar"), _("Proof")],
        [
            [
                link.pillar.name,
                f"{link.weight}\xa0%",
                _("Yes") if link.is_lead else "–",
                link.proof,
            ]
            for link in links
        ],
        raw=[[link.pillar.code, link.weight, link.is_lead, link.proof] for link in links],
    )


def _indicators(alignment: Alignment) -> Field:
    indicators = list(alignment.indicators.prefetch_related("targets"))
    return table(
        "indicators",
        _("Indicators and targets"),
        [_("Indicator"), _("Unit of measure"), _("Baseline"), *map(str, TARGET_YEARS)],
        [_indicator_cells(indicator) for indicator in indicators],
        raw=[
            {
                "name": indicator.name,
                "measure": indicator.measure,
                "baseline": indicator.baseline,
                "baseline_year": indicator.baseline_year,
                "targets": {target.year: target.value for target in indicator.targets.all()},
            }
            for indicator in indicators
        ],
    )


def _indicator_cells(indicator: Indicator) -> list[str]:
    targets = {target.year: figure(target.value) for target in indicator.targets.all()}
    return [
        indicator.name,
        indicator.measure,
        f"{figure(indicator.baseline)} ({indicator.baseline_year})",
        *(targets.get(year, "–") for year in TARGET_YEARS),
    ]


def _commitment(innovation: Innovation) -> Section | None:
    """What was promised; whether it is reserved is no part of it, for nobody signs that."""
    commitment = (
        Commitment.objects.filter(innovation=innovation)
        .select_related("owner_office", "custodian_office")
        .first()
    )
    if commitment is None:
        return None
    return section(
        _("Commitment of resources"),
        [
            field("statement", _("Statement of commitment"), commitment.statement),
            *_keepers(commitment),
            *_money(commitment),
            _staff(commitment),
            _technology(commitment),
        ],
    )


def _keepers(row: Commitment | ActionItem) -> list[Field]:
    owner, custodian = row.owner_office, row.custodian_office
    interval = row.get_monitoring_months_display()
    return [
        field("owner_office", _("Owner office"), owner.title, raw=owner.code),
        field(
            "custodian_office", _("Second custodian office"), custodian.title, raw=custodian.code
        ),
        field("monitoring_months", _("Monitoring interval"), interval, raw=row.monitoring_months),
    ]


def _money(commitment: Commitment) -> list[Field]:
    lines = list(commitment.lines.select_related("sub_activity", "source"))
    if not lines:
        return [field("no_money_reason", _("Why no money is needed"), commitment.no_money_reason)]
    return [
        table(
            "money",
            _("Money"),
            [_("Fiscal year"), _("Sub-activity"), _("Funding source"), _("Amount")],
            [
                # Text, not a number: a screen would group the digits of a year.
                [str(line.fiscal_year), str(line.sub_activity), line.source.name]
                + [rupiah(line.amount)]
                for line in lines
            ],
            raw=[
                [line.fiscal_year, line.sub_activity.code, line.source.code, line.amount]
                for line in lines
            ],
        ),
        field("total", _("Money in total"), sum(line.amount for line in lines), kind="money"),
    ]


def _staff(commitment: Commitment) -> Field:
    lines = list(commitment.staff_lines.all())
    return table(
        "staff",
        _("Staff"),
        [_("Role"), _("Number of people"), _("Person-months")],
        [[line.role, str(line.headcount), figure(line.person_months)] for line in lines],
        raw=[[line.role, line.headcount, line.person_months] for line in lines],
    )


def _technology(commitment: Commitment) -> Field:
    lines = list(commitment.technology_lines.all())
    return table(
        "technology",
        _("Technology"),
        [_("Kind"), _("Description")],
        [[line.get_kind_display(), line.description] for line in lines],
        raw=[[line.kind, line.description] for line in lines],
    )


def _monitoring(innovation: Innovation) -> Section | None:
    item = (
        ActionItem.objects.filter(innovation=innovation)
        .select_related("owner_office", "custodian_office")
        .last()
    )
    if item is None:
        return None
    periods = item.periods.select_related("report", "evaluation", "decision").prefetch_related(
        "report__achievements__indicator"
    )
    return section(
        _("Monitoring"),
        [
            field("entered_on", _("In the action plan since"), item.entered_on, kind="date"),
            *_keepers(item),
            field("status", _("Status"), item.get_status_display(), raw=item.status),
            *(entry for period in periods for entry in _period(period)),
        ],
    )


def _period(period: MonitoringPeriod) -> list[Field]:
    """One period; its fields stand in the order in which they were written."""
    span = f"{period.number}. {period.start:%d/%m/%Y} – {period.end:%d/%m/%Y}"
    days = [period.start, period.end]
    found = [
        field("span", _("Period"), span, raw=days),
        field("due", _("Report due"), period.due, kind="date"),
        *_report(period),
        *_evaluation(period),
        *_decision(period),
    ]
    return [entry | {"key": f"period_{period.number}_{entry['key']}"} for entry in found]


def _report(period: MonitoringPeriod) -> list[Field]:
    if not hasattr(period, "report"):
        return []
    report = period.report
    rows: list[Any] = list(report.achievements.all())
    achievements = table(
        "achievements",
        _("Achievements"),
        [_("Indicator"), _("Year"), _("Achieved"), _("Note")],
        [[row.indicator.name, str(row.year), figure(row.value), row.note] for row in rows],
        raw=[[row.indicator.name, row.year, row.value, row.note] for row in rows],
    )
    return [
        achievements,
        field("realised", _("Realised money"), report.realised, kind="money"),
        field("narrative", _("What was done"), report.narrative),
        field("obstacles", _("Obstacles"), report.obstacles),
    ]


def _evaluation(period: MonitoringPeriod) -> list[Field]:
    if not hasattr(period, "evaluation"):
        return []
    evaluation = period.evaluation
    return [
        field("finding", _("Finding"), evaluation.finding),
        field("score", _("Score"), str(evaluation.score), raw=evaluation.score),
        field("recommendation", _("Recommendation"), evaluation.recommendation),
    ]


def _decision(period: MonitoringPeriod) -> list[Field]:
    if not hasattr(period, "decision"):
        return []
    made = period.decision
    return [
        field("decision", _("Decision"), made.get_decision_display(), raw=made.decision),
        field("reason", _("Reason"), made.reason),
    ]
