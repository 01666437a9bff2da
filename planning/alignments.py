"""Place an innovation in the region's plan."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.models import User
from innovations.models import Innovation

from .lines import replace_lines, save_changed
from .models import Achievement, Alignment, Indicator, Programme
from .rules import IndicatorRow, PillarRow, check_indicators, check_pillars
from .signals import planning_act


@verb
def record_alignment(
    actor: User,
    innovation: Innovation,
    *,
    programme: Programme,
    rationale: str,
    pillars: Sequence[PillarRow],
    indicators: Sequence[IndicatorRow],
) -> Alignment:
    """Record pillars, programme, indicators and targets; what was recorded before is replaced.

    Raises ValidationError with sentences when a rule of `planning.rules` is broken.
    """
    check_pillars(pillars)
    check_indicators(indicators)
    alignment = Alignment.objects.filter(innovation=innovation).first()
    alignment = alignment or Alignment(innovation=innovation)
    save_changed(alignment, programme=programme, rationale=rationale)
    # The lead comes last: at no moment may two pillars lead.
    by_lead = sorted(pillars, key=lambda row: row["is_lead"])
    replace_lines(alignment.pillar_links, ["pillar"], by_lead)
    _replace_indicators(alignment, indicators)
    planning_act.send(
        sender=Innovation,
        act="aligned",
        innovation=innovation,
        actor=actor,
        details={"programme": programme.code},
    )
    return alignment


def _replace_indicators(alignment: Alignment, wanted: Sequence[IndicatorRow]) -> None:
    names = {row["name"] for row in wanted}
    for gone in alignment.indicators.exclude(name__in=names):
        _remove_indicator(gone)
    rows = [
        {
            "number": number,
            "name": row["name"],
            "measure": row["measure"],
            "baseline": row["baseline"],
            "baseline_year": row["baseline_year"],
        }
        for number, row in enumerate(wanted, start=1)
    ]
    for indicator, row in zip(
        replace_lines(alignment.indicators, ["name"], rows), wanted, strict=True
    ):
        targets = [{"year": year, "value": value} for year, value in row["targets"].items()]
        replace_lines(indicator.targets, ["year"], targets)


def _remove_indicator(indicator: Indicator) -> None:
    if Achievement.objects.filter(indicator=indicator).exists():
        raise ValidationError(
            _(
                "The indicator “%s” has been reported on already. "
                "Keep it, and add another beside it."
            )
            % indicator.name
        )
    for target in indicator.targets.all():
        target.delete()
    indicator.delete()
