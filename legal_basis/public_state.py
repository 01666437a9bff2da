"""What others did to instruments and they to others, and which are in force, for public pages."""

import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy

from accounts.offices import today

from .models import Instrument, LegalRelation
from .standing import EXTENDS_UNTIL, Act, Standing, State, standing_of, standings

__all__ = ["Act", "Standing", "State", "effects_of", "matching", "standing_of", "standings"]

Kind = LegalRelation.Kind
# What a reader of the list may ask for.
FILTERS = {
    "in_force": gettext_lazy("In force"),
    "amended": gettext_lazy("Amended or corrected"),
    "ended": gettext_lazy("No longer in force"),
}


def effects_of(instrument: Instrument) -> list[Act]:
    """What an instrument itself does to others that were issued, each told by what it acts on."""
    relations = instrument.acts_on.filter(target__status=Instrument.Status.ISSUED)
    begins = instrument.in_force_from
    if begins is None:
        return []
    return [_effect(one, begins) for one in relations.select_related("target")]


def _effect(relation: LegalRelation, begins: datetime.date) -> Act:
    target = relation.target
    return Act(
        kind=Kind(relation.kind),
        instrument=target.pk,
        token=target.token,
        number=target.number,
        title=target.title,
        form=target.get_kind_display(),
        day=begins,
        parts=relation.parts,
    )


def matching(instruments: QuerySet[Instrument], wanted: str) -> QuerySet[Instrument]:
    """Those of them that are in force, amended, or no longer in force today (`FILTERS`)."""
    day = today()
    extended = _acted_on(day, [Kind.AMENDS], **{f"content__{EXTENDS_UNTIL}__gte": str(day)})
    ended = Q(in_force_until__lt=day) & ~extended | _acted_on(day, [Kind.REVOKES])
    if wanted == "ended":
        return instruments.filter(ended)
    if wanted == "in_force":
        return instruments.filter(in_force_from__lte=day).exclude(ended)
    if wanted == "amended":
        return instruments.filter(_acted_on(day, [Kind.AMENDS, Kind.CORRECTS])).exclude(ended)
    return instruments


def _acted_on(day: datetime.date, kinds: list[Kind], **having: str) -> Q:
    """Whether an issued instrument that is in force itself does one of these to it."""
    acts = LegalRelation.objects.filter(
        target=OuterRef("pk"),
        kind__in=kinds,
        instrument__status=Instrument.Status.ISSUED,
        instrument__in_force_from__lte=day,
        **{f"instrument__{name}": value for name, value in having.items()},
    )
    return Q(Exists(acts))
