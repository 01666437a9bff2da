"""What planning knows of an innovation, by sections: for screens, signatures' hashes and diffs.

Labels are lazy, so that a screen shows them in its reader's language while a hash, taken in one
fixed language, is the same for all readers. Values are plain: text, amounts as plain decimals,
dates. A section that has nothing recorded is left out.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from innovations.models import Innovation

from .amounts import figure, rupiah
from .models import (
    ActionItem,
    Alignment,
    Commitment,
    Indicator,
    MonitoringDecision,
    MonitoringPeriod,
    TechnologyLine,
)
from .models.commitment import Cadence
from .rules import TARGET_YEARS

Section = dict[str, Any]
Field = dict[str, Any]


def sections_of(innovation: Innovation) -> dict[str, Section]:
    """The sections "alignment", "commitment" and "monitoring", as far as they are recorded."""
    found = {
        "alignment": _alignment(innovation),
        "commitment": _commitment(innovation),
        "monitoring": _monitoring(innovation),
    }
    return {key: section for key, section in found.items() if section}


def _field(label: Any, value: Any, kind: str = "text", **more: Any) -> Field:
    return {"label": label, "value": value, "kind": kind, **more}


def _table(label: Any, columns: list[Any], rows: list[list[Any]]) -> Field:
    return _field(label, rows, "table", columns=columns)


def _alignment(innovation: Innovation) -> Section | None:
    alignment = Alignment.objects.filter(innovation=innovation).select_related("programme").first()
    if alignment is None:
        return None
    return {
        "title": _("Alignment"),
        "fields": [
            _field(_("Programme"), str(alignment.programme)),
            _field(_("Rationale"), alignment.rationale),
            _pillars(alignment),
            _indicators(alignment),
        ],
    }


def _pillars(alignment: Alignment) -> Field:
    return _table(
        _("Priority pillars"),
        [_("Priority pillar"), _("Weight"), _("Lead pillar"), _("Proof")],
        [
            [link.pillar.name, f"{link.weight} %", _yes_no(link.is_lead), link.proof]
            for link in alignment.pillar_links.select_related("pillar")
        ],
    )


def _yes_no(value: bool) -> Any:
    return _("Yes") if value else _("No")


def _indicators(alignment: Alignment) -> Field:
    return _table(
        _("Indicators and targets"),
        [_("Indicator"), _("Unit of measure"), _("Baseline"), *map(str, TARGET_YEARS)],
        [
            _indicator_cells(indicator)
            for indicator in alignment.indicators.prefetch_related("targets")
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
    commitment = (
        Commitment.objects.filter(innovation=innovation)
        .select_related("owner_office", "custodian_office")
        .first()
    )
    if commitment is None:
        return None
    return {
        "title": _("Commitment of resources"),
        "fields": [
            _field(_("Statement of commitment"), commitment.statement),
            _field(_("Owner office"), commitment.owner_office.title),
            _field(_("Second custodian office"), commitment.custodian_office.title),
            _field(_("Monitoring interval"), Cadence(commitment.monitoring_months).label),
            *_money(commitment),
            _staff(commitment),
            _technology(commitment),
        ],
    }


def _money(commitment: Commitment) -> list[Field]:
    lines = list(commitment.lines.select_related("sub_activity", "source"))
    if not lines:
        return [_field(_("Why no money is needed"), commitment.no_money_reason)]
    rows = [
        [str(line.fiscal_year), str(line.sub_activity), line.source.name, rupiah(line.amount)]
        for line in lines
    ]
    columns = [_("Fiscal year"), _("Sub-activity"), _("Funding source"), _("Amount")]
    total = sum(line.amount for line in lines)
    return [
        _table(_("Money"), columns, rows),
        _field(_("Money in total"), str(total), "money"),
    ]


def _staff(commitment: Commitment) -> Field:
    return _table(
        _("Staff"),
        [_("Role"), _("Number of people"), _("Person-months")],
        [
            [line.role, str(line.headcount), figure(line.person_months)]
            for line in commitment.staff_lines.all()
        ],
    )


def _technology(commitment: Commitment) -> Field:
    return _table(
        _("Technology"),
        [_("Kind"), _("Description")],
        [
            [TechnologyLine.Kind(line.kind).label, line.description]
            for line in commitment.technology_lines.all()
        ],
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
    return {
        "title": _("Monitoring"),
        "fields": [
            _field(_("In the action plan since"), item.entered_on, "date"),
            _field(_("Owner office"), item.owner_office.title),
            _field(_("Second custodian office"), item.custodian_office.title),
            _field(_("Monitoring interval"), Cadence(item.monitoring_months).label),
            _field(_("Status"), ActionItem.Status(item.status).label),
            *(field for period in periods for field in _period(period)),
        ],
    }


def _period(period: MonitoringPeriod) -> list[Field]:
    """One period; its fields stand in the order in which they were written."""
    span = f"{period.number}. {period.start:%d/%m/%Y} – {period.end:%d/%m/%Y}"
    return [
        _field(_("Period"), span),
        _field(_("Report due"), period.due, "date"),
        *_report(period),
        *_evaluation(period),
        *_decision(period),
    ]


def _report(period: MonitoringPeriod) -> list[Field]:
    if not hasattr(period, "report"):
        return []
    report = period.report
    rows = [
        [row.indicator.name, str(row.year), figure(row.value), row.note]
        for row in report.achievements.all()
    ]
    return [
        _table(_("Achievements"), [_("Indicator"), _("Year"), _("Achieved"), _("Note")], rows),
        _field(_("Realised money"), str(report.realised), "money"),
        _field(_("What was done"), report.narrative),
        _field(_("Obstacles"), report.obstacles),
    ]


def _evaluation(period: MonitoringPeriod) -> list[Field]:
    if not hasattr(period, "evaluation"):
        return []
    return [
        _field(_("Finding"), period.evaluation.finding),
        _field(_("Score"), str(period.evaluation.score)),
        _field(_("Recommendation"), period.evaluation.recommendation),
    ]


def _decision(period: MonitoringPeriod) -> list[Field]:
    if not hasattr(period, "decision"):
        return []
    return [
        _field(_("Decision"), MonitoringDecision.Decision(period.decision.decision).label),
        _field(_("Reason"), period.decision.reason),
    ]
