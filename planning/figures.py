"""What a decree takes over from alignment and commitment, in Indonesian on any screen."""

from collections import defaultdict
from decimal import Decimal
from typing import TypedDict

from django.conf import settings

from innovations.models import Innovation

from .models import Alignment, CommitmentLine, PillarLink


class CostPart(TypedDict):
    """Money of one fiscal year that is charged to one budget."""

    fiscal_year: int
    source: str
    amount: Decimal


class AlignmentFacts(TypedDict):
    """The place of an innovation in the plan as plain values; the lead pillar comes first."""

    programme: str
    pillars: list[str]
    lead_pillar: str


def cost_parts(innovation: Innovation) -> list[CostPart]:
    """What the cost is charged to, one part for each fiscal year and budget.

    Money of the DPA is charged to the regional budget (APBD); every other source stands by its
    own name. Empty when no money is committed.
    """
    lines = CommitmentLine.objects.filter(commitment__innovation=innovation)
    totals: defaultdict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for line in lines.select_related("source"):
        totals[line.fiscal_year, _budget_of(line)] += line.amount
    return [
        {"fiscal_year": year, "source": budget, "amount": total}
        for (year, budget), total in totals.items()
    ]


def alignment_facts(innovation: Innovation) -> AlignmentFacts | None:
    """Programme and pillars in words, or None before the alignment."""
    alignment = Alignment.objects.filter(innovation=innovation).select_related("programme").first()
    if alignment is None:
        return None
    links = list(PillarLink.objects.filter(alignment=alignment).select_related("pillar"))
    return {
        "programme": alignment.programme.name,
        "pillars": [f"{link.pillar.name} ({link.weight} persen)" for link in links],
        "lead_pillar": next((link.pillar.name for link in links if link.is_lead), ""),
    }


def _budget_of(line: CommitmentLine) -> str:
    if line.source.in_dpa:
        return f"Anggaran Pendapatan dan Belanja Daerah {settings.REGION['name']}"
    return line.source.name
