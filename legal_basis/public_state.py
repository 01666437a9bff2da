"""Whether instruments are in force today, and which others have acted on them since.

The one place from which public pages and feeds learn it.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.offices import today

from .models import Instrument, LegalRelation
from .validation import in_force

Kind = LegalRelation.Kind


class State(StrEnum):
    """What has become of an issued instrument."""

    IN_FORCE = "in_force"
    AMENDED = "amended"
    COMING = "coming"
    EXPIRED = "expired"
    REVOKED = "revoked"


LABELS = {
    State.IN_FORCE: gettext_lazy("In force"),
    State.AMENDED: gettext_lazy("In force as amended"),
    State.COMING: gettext_lazy("Not yet in force"),
    State.EXPIRED: gettext_lazy("Expired"),
    State.REVOKED: gettext_lazy("Revoked"),
}
TONES = {State.IN_FORCE: "good", State.AMENDED: "warn", State.COMING: "info"}
# What a reader may ask for.
FILTERS = {
    "in_force": gettext_lazy("In force"),
    "amended": gettext_lazy("Amended or corrected"),
    "ended": gettext_lazy("No longer in force"),
}


@dataclass(frozen=True)
class Standing:
    """The state of one instrument on one day."""

    state: State
    acts: tuple[LegalRelation, ...]

    @property
    def in_force(self) -> bool:
        """True while it binds, amended or not."""
        return self.state in (State.IN_FORCE, State.AMENDED)

    @property
    def label(self) -> str:
        """The state in words."""
        return str(LABELS[self.state])

    @property
    def tone(self) -> str:
        """The colour beside the words."""
        return TONES.get(self.state, "bad")


def standings_of(
    instruments: Iterable[Instrument], on: datetime.date | None = None
) -> dict[int, Standing]:
    """The state of each instrument on that day (default: today): one query for all of them."""
    shown = list(instruments)
    day = on or today()
    acts: dict[int, list[LegalRelation]] = {one.pk: [] for one in shown}
    for relation in _acts().filter(target__in=list(acts)):
        acts[relation.target_id].append(relation)
    return {one.pk: Standing(_state(one, acts[one.pk], day), tuple(acts[one.pk])) for one in shown}


def standing_of(instrument: Instrument) -> Standing:
    """The state of one instrument today."""
    return standings_of([instrument])[instrument.pk]


def reason_of(instrument: Instrument) -> str:
    """Why it is in force today or not, as a sentence."""
    return in_force(instrument)[1]


def effects_of(instrument: Instrument) -> list[LegalRelation]:
    """What an instrument itself does to others that were issued."""
    relations = instrument.acts_on.filter(target__status=Instrument.Status.ISSUED)
    return list(relations.select_related("target"))


def matching(instruments: QuerySet[Instrument], wanted: str) -> QuerySet[Instrument]:
    """Those of them that are in force, amended, or no longer in force today (`FILTERS`)."""
    day = today()
    ended = Q(in_force_until__lt=day) | _acted_on(day, [Kind.REVOKES])
    if wanted == "ended":
        return instruments.filter(ended)
    if wanted == "in_force":
        return instruments.filter(in_force_from__lte=day).exclude(ended)
    if wanted == "amended":
        return instruments.filter(_acted_on(day, [Kind.AMENDS, Kind.CORRECTS])).exclude(ended)
    return instruments


def _acts() -> QuerySet[LegalRelation]:
    acts = LegalRelation.objects.filter(instrument__status=Instrument.Status.ISSUED)
    return acts.select_related("instrument").order_by("instrument__in_force_from", "pk")


def _acted_on(day: datetime.date, kinds: list[str]) -> Q:
    """Whether an issued instrument that is in force itself does one of these to it."""
    acts = LegalRelation.objects.filter(
        target=OuterRef("pk"),
        kind__in=kinds,
        instrument__status=Instrument.Status.ISSUED,
        instrument__in_force_from__lte=day,
    )
    return Q(Exists(acts))


def _state(instrument: Instrument, acts: list[LegalRelation], day: datetime.date) -> State:
    if instrument.in_force_from is None or day < instrument.in_force_from:
        return State.COMING
    done = {one.kind for one in acts if _begun(one, day)}
    if Kind.REVOKES in done:
        return State.REVOKED
    if instrument.in_force_until and day > instrument.in_force_until:
        return State.EXPIRED
    return State.AMENDED if done else State.IN_FORCE


def _begun(act: LegalRelation, day: datetime.date) -> bool:
    begins = act.instrument.in_force_from
    return begins is not None and begins <= day


def sentence_of(act: LegalRelation) -> str:
    """What was done to an instrument, by what comes after the sentence: `Amended by`."""
    return {
        Kind.AMENDS: _("Amended by"),
        Kind.REVOKES: _("Revoked by"),
        Kind.CORRECTS: _("Corrected by"),
    }[Kind(act.kind)]
