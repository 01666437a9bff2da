"""What the decree takes over from the case, so that nobody types it again."""

from collections.abc import Sequence

from accounts.models import Office
from innovations.models import Innovation
from legal_basis.clauses import AnnexRow, CostPart, DraftFacts
from planning import figures
from planning.amounts import figure
from planning.models import Indicator

SIGNATORY = "bupati"
COORDINATOR = "kepala-bappelitbangda"
COPIES = ("sekda", "inspektur", "kepala-bappelitbangda", "kepala-bpkpd")


def draft_facts(innovation: Innovation, further: Sequence[Innovation] = ()) -> DraftFacts:
    """Owner and custodian, pillar and programme, cost and annex, as the instrument prints them.

    `further` are the innovations that it stipulates beside this one.
    """
    commitment = innovation.commitment
    alignment = figures.alignment_facts(innovation)
    titles = dict(Office.objects.filter(code__in=COPIES).values_list("code", "title"))
    copies = [*(titles[code] for code in COPIES if code in titles), commitment.owner_office.title]
    facts: DraftFacts = {
        "signatory_office": SIGNATORY,
        "owner": commitment.owner_office.title,
        "custodian": commitment.custodian_office.title,
        "coordinator": titles.get(COORDINATOR, ""),
        "monitoring_months": commitment.monitoring_months,
        "cost": [CostPart(**part) for part in figures.cost_parts(innovation)],
        "annex_rows": _annex_rows(innovation),
        "copy_recipients": list(dict.fromkeys(copies)),
        "further": [one.name for one in further],
        "further_rows": {one.name: _annex_rows(one) for one in further},
    }
    if alignment:
        facts["pillar"] = alignment["lead_pillar"]
        facts["programme"] = alignment["programme"]
    return facts


def _annex_rows(innovation: Innovation) -> list[AnnexRow]:
    alignment = figures.alignment_facts(innovation)
    if alignment is None:
        return []
    indicators = Indicator.objects.filter(alignment__innovation=innovation)
    return [
        {
            "pillar": "; ".join(alignment["pillars"]),
            "programme": alignment["programme"],
            "indicator": indicator.name,
            "measure": indicator.measure,
            "baseline": f"{figure(indicator.baseline)} ({indicator.baseline_year})",
            "targets": {target.year: figure(target.value) for target in indicator.targets.all()},
        }
        for indicator in indicators.prefetch_related("targets")
    ]
