"""What a decree takes over from alignment and commitment, always in Indonesian."""

from collections import defaultdict
from decimal import Decimal
from typing import TypedDict

from django.conf import settings

from innovations.models import Innovation

from .amounts import figure, rupiah, rupiah_in_words
from .models import Alignment, Commitment, CommitmentLine, Indicator, PillarLink
from .rules import TARGET_YEARS

ANNEX_TITLE = "Indikator Kinerja dan Target Tahunan"


class CostLine(TypedDict):
    """One money line as plain values."""

    year: int
    sub_activity_code: str
    sub_activity: str
    source: str
    in_dpa: bool
    amount: str
    amount_text: str


class CostPart(TypedDict):
    """Money of one fiscal year that is charged to one budget."""

    fiscal_year: int
    source: str
    amount: Decimal


class CostFacts(TypedDict):
    """The money of an innovation as plain values; amounts are plain decimals as text."""

    years: list[int]
    sources: list[str]
    total: str
    total_text: str
    total_in_words: str
    lines: list[CostLine]
    no_money_reason: str


class AlignmentFacts(TypedDict):
    """The place of an innovation in the plan as plain values; the lead pillar comes first."""

    programme: str
    programme_code: str
    rationale: str
    pillars: list[str]
    lead_pillar: str


class Annex(TypedDict):
    """A table as a decree's annex prints it."""

    title: str
    columns: list[str]
    rows: list[list[str]]


def money_lines(innovation: Innovation) -> list[CommitmentLine]:
    """The committed lines by year, sub-activity and source."""
    lines = CommitmentLine.objects.filter(commitment__innovation=innovation)
    return list(lines.select_related("sub_activity", "source"))


def total_committed(innovation: Innovation) -> Decimal:
    """All the money that is committed, over all years and sources."""
    return _sum(money_lines(innovation))


def fiscal_years(innovation: Innovation) -> list[int]:
    """The fiscal years with money, in order."""
    return sorted({line.fiscal_year for line in money_lines(innovation)})


def pillar_codes(innovation: Innovation) -> list[str]:
    """The codes of the pillars that it serves, the lead pillar first."""
    return [link.pillar.code for link in _pillar_links(innovation)]


def cost_facts(innovation: Innovation) -> CostFacts:
    """Years, sources, lines and total, for the cost dictum of a decree."""
    lines = money_lines(innovation)
    total = _sum(lines)
    commitment = Commitment.objects.filter(innovation=innovation).first()
    in_order = sorted({line.source for line in lines}, key=lambda s: (s.order, s.code))
    return {
        "years": sorted({line.fiscal_year for line in lines}),
        "sources": [source.name for source in in_order],
        "total": str(total),
        "total_text": rupiah(total),
        "total_in_words": rupiah_in_words(total),
        "lines": [_cost_line(line) for line in lines],
        "no_money_reason": commitment.no_money_reason if commitment else "",
    }


def cost_parts(innovation: Innovation) -> list[CostPart]:
    """What the cost is charged to, one part for each fiscal year and budget.

    Money of the DPA is charged to the regional budget (APBD); every other source stands by its
    own name. Empty when no money is committed.
    """
    parts: defaultdict[tuple[int, str], list[CommitmentLine]] = defaultdict(list)
    for line in money_lines(innovation):
        parts[line.fiscal_year, _budget_of(line)].append(line)
    return [
        {"fiscal_year": year, "source": budget, "amount": _sum(lines)}
        for (year, budget), lines in parts.items()
    ]


def cost_sentence_parts(innovation: Innovation) -> list[str]:
    """The cost parts as a decree words them."""
    return [
        f"{part['source']} Tahun Anggaran {part['fiscal_year']} sebesar "
        f"{rupiah(part['amount'])} ({rupiah_in_words(part['amount'])})"
        for part in cost_parts(innovation)
    ]


def alignment_facts(innovation: Innovation) -> AlignmentFacts | None:
    """Programme and pillars in words, or None before the alignment."""
    alignment = Alignment.objects.filter(innovation=innovation).select_related("programme").first()
    if alignment is None:
        return None
    links = _pillar_links(innovation)
    return {
        "programme": alignment.programme.name,
        "programme_code": alignment.programme.code,
        "rationale": alignment.rationale,
        "pillars": [f"{link.pillar.name} ({link.weight} persen)" for link in links],
        "lead_pillar": next((link.pillar.name for link in links if link.is_lead), ""),
    }


def annex(innovation: Innovation) -> Annex:
    """The table of indicators and yearly targets."""
    return {
        "title": ANNEX_TITLE,
        "columns": annex_columns(),
        "rows": annex_rows(innovation),
    }


def annex_columns() -> list[str]:
    """The heads of `annex_rows`."""
    targets = [f"Target {year}" for year in TARGET_YEARS]
    return ["No.", "Indikator", "Satuan", "Data Awal (Tahun)", *targets]


def annex_rows(innovation: Innovation) -> list[list[str]]:
    """One row for each indicator: number, name, measure, baseline with its year, targets."""
    indicators = Indicator.objects.filter(alignment__innovation=innovation)
    return [_annex_row(indicator) for indicator in indicators.prefetch_related("targets")]


def _annex_row(indicator: Indicator) -> list[str]:
    targets = {target.year: figure(target.value) for target in indicator.targets.all()}
    return [
        f"{indicator.number}.",
        indicator.name,
        indicator.measure,
        f"{figure(indicator.baseline)} ({indicator.baseline_year})",
        *(targets.get(year, "-") for year in TARGET_YEARS),
    ]


def _pillar_links(innovation: Innovation) -> list[PillarLink]:
    links = PillarLink.objects.filter(alignment__innovation=innovation)
    return list(links.select_related("pillar"))


def _budget_of(line: CommitmentLine) -> str:
    if line.source.in_dpa:
        return f"Anggaran Pendapatan dan Belanja Daerah {settings.REGION['name']}"
    return line.source.name


def _cost_line(line: CommitmentLine) -> CostLine:
    return {
        "year": line.fiscal_year,
        "sub_activity_code": line.sub_activity.code,
        "sub_activity": line.sub_activity.name,
        "source": line.source.name,
        "in_dpa": line.source.in_dpa,
        "amount": str(line.amount),
        "amount_text": rupiah(line.amount),
    }


def _sum(lines: list[CommitmentLine]) -> Decimal:
    return sum((line.amount for line in lines), Decimal("0.00"))
