"""What planning knows of an innovation, by sections: for screens, comparisons and signatures."""

from collections.abc import Container, Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts.texts import rupiah
from innovations.models import Innovation
from innovations.sections import Field, Section, Writer, field, section, table, written

from .amounts import figure
from .models import (
    ActionItem,
    Alignment,
    Commitment,
    CommitmentLine,
    MonitoringPeriod,
    PillarLink,
)
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
    links = list(
        PillarLink.objects.filter(alignment__innovation=innovation).select_related(
            "alignment__programme", "pillar"
        )
    )
    # One query where pillars are linked, as they are from the alignment on.
    alignment = links[0].alignment if links else _bare_alignment(innovation)
    if alignment is None:
        return None
    programme = alignment.programme
    return section(
        _("Alignment"),
        [
            field("programme", _("Programme"), str(programme), raw=programme.code),
            field("rationale", _("Rationale"), alignment.rationale),
            _pillars(links),
            _indicators(alignment),
        ],
    )


def _bare_alignment(innovation: Innovation) -> Alignment | None:
    return Alignment.objects.filter(innovation=innovation).select_related("programme").first()


def _pillars(links: Sequence[PillarLink]) -> Field:
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
    indicators = _with_targets(alignment)
    return table(
        "indicators",
        _("Indicators and targets"),
        [_("Indicator"), _("Unit of measure"), _("Baseline"), *map(str, TARGET_YEARS)],
        [_indicator_cells(indicator) for indicator in indicators],
        raw=indicators,
    )


def _with_targets(alignment: Alignment) -> list[dict[str, Any]]:
    """Each indicator with its targets by year, in one query."""
    names = ("name", "measure", "baseline", "baseline_year")
    rows = alignment.indicators.order_by("number", "pk", "targets__year").values(
        "pk", *names, "targets__year", "targets__value"
    )
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        values = {name: row[name] for name in names}
        indicator = found.setdefault(row["pk"], values | {"targets": {}})
        if row["targets__year"] is not None:
            indicator["targets"][row["targets__year"]] = row["targets__value"]
    return list(found.values())


def _indicator_cells(indicator: dict[str, Any]) -> list[str]:
    targets = indicator["targets"]
    return [
        indicator["name"],
        indicator["measure"],
        f"{figure(indicator['baseline'])} ({indicator['baseline_year']})",
        *(figure(targets[year]) if year in targets else "–" for year in TARGET_YEARS),
    ]


def _commitment(innovation: Innovation) -> Section | None:
    """What was promised; whether it is reserved is no part of it, for nobody signs that."""
    lines = list(
        CommitmentLine.objects.filter(commitment__innovation=innovation).select_related(
            "commitment__owner_office", "commitment__custodian_office", "sub_activity", "source"
        )
    )
    commitment = lines[0].commitment if lines else _commitment_without_money(innovation)
    if commitment is None:
        return None
    return section(
        _("Commitment of resources"),
        [
            field("statement", _("Statement of commitment"), commitment.statement),
            *_keepers(commitment),
            *_money(commitment, lines),
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


def _commitment_without_money(innovation: Innovation) -> Commitment | None:
    found = Commitment.objects.filter(innovation=innovation)
    return found.select_related("owner_office", "custodian_office").first()


def _money(commitment: Commitment, lines: Sequence[CommitmentLine]) -> list[Field]:
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
