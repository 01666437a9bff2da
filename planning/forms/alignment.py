"""The form of the alignment stage."""

from typing import Any, ClassVar

from django.forms.formsets import BaseFormSet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.texts import PlainTextField

from ..alignments import record_alignment
from ..fields import ChosenField, by_code
from ..models import Alignment, Indicator, Programme
from ..tables import IndicatorTable, PillarTable
from .base import Cells, PlanningForm


class AlignmentForm(PlanningForm):
    """Which pillars and which programme the innovation serves, and how success is measured."""

    tables: ClassVar[dict[str, type[BaseFormSet]]] = {
        "pillars": PillarTable,
        "indicators": IndicatorTable,
    }

    programme = ChosenField(
        label=_("Programme"), help_text=_("The programme of the RPJMD or RKPD that it serves.")
    )
    rationale = PlainTextField(
        label=_("Rationale"),
        min_words=10,
        max_length=3000,
        help_text=_("How does the innovation help the programme reach its goal?"),
    )

    @cached_property
    def alignment(self) -> Alignment | None:
        """What is recorded already."""
        found = Alignment.objects.filter(innovation=self.innovation)
        return found.select_related("programme").first()

    def offers(self) -> dict[str, dict[str, Any]]:
        """All programmes."""
        return {"programme": by_code(Programme.objects.all())}

    def recorded(self) -> Cells:
        """Programme and rationale as recorded."""
        if self.alignment is None:
            return {}
        return {"programme": self.alignment.programme.code, "rationale": self.alignment.rationale}

    def recorded_rows(self) -> dict[str, list[Cells]]:
        """Pillars, and indicators with their targets, as recorded."""
        if self.alignment is None:
            return {}
        links = self.alignment.pillar_links.select_related("pillar")
        return {
            "pillars": [
                {
                    "pillar": link.pillar.code,
                    "weight": link.weight,
                    "is_lead": link.is_lead,
                    "proof": link.proof,
                }
                for link in links
            ],
            "indicators": [
                _indicator_cells(indicator)
                for indicator in self.alignment.indicators.prefetch_related("targets")
            ],
        }

    def record(self) -> None:
        """Record the alignment."""
        record_alignment(
            self.actor,
            self.innovation,
            programme=self.cleaned_data["programme"],
            rationale=self.cleaned_data["rationale"],
            pillars=self.table("pillars").filled(),
            indicators=self.table("indicators").filled(),
        )


def _indicator_cells(indicator: Indicator) -> Cells:
    return {
        "name": indicator.name,
        "measure": indicator.measure,
        "baseline": indicator.baseline,
        "baseline_year": indicator.baseline_year,
        **{f"target_{target.year}": target.value for target in indicator.targets.all()},
    }
