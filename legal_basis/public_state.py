"""Whether instruments are in force today, and which others have acted on them since.

The one place from which public pages and feeds learn it.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.offices import today

from .models import Instrument, LegalRelation

Kind = LegalRelation.Kind
# What a reader of the list may ask for.
FILTERS = {
    "in_force": gettext_lazy("In force"),
    "amended": gettext_lazy("Amended or corrected"),
    "ended": gettext_lazy("No longer in force"),
}


class State(StrEnum):
    """Where an issued instrument stands on a day."""

    COMING = "coming"
    IN_FORCE = "in_force"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Act:
    """What one issued instrument does to another, from its own first day in force."""

    kind: Kind
    token: UUID
    number: str
    title: str
    form: str
    day: datetime.date
    parts: str = ""


@dataclass(frozen=True)
class Standing:
    """The state of an instrument on a day, with the acts that made it so and those to come."""

    state: State
    since: datetime.date | None = None
    until: datetime.date | None = None
    acts: tuple[Act, ...] = ()
    coming: tuple[Act, ...] = ()

    @property
    def in_force(self) -> bool:
        """Whether it is in force on that day, amended or not."""
        return self.state == State.IN_FORCE

    @property
    def amended_by(self) -> tuple[Act, ...]:
        """The amendments in force."""
        return tuple(act for act in self.acts if act.kind == Kind.AMENDS)

    @property
    def label(self) -> str:
        """The state in a word or two."""
        if self.in_force and self.amended_by:
            return _("In force, as amended")
        return {
            State.COMING: _("Not yet in force"),
            State.IN_FORCE: _("In force"),
            State.EXPIRED: _("Expired"),
            State.REVOKED: _("Revoked"),
        }[self.state]

    @property
    def tone(self) -> str:
        """The colour beside the words."""
        return {State.IN_FORCE: "good", State.COMING: "info", State.EXPIRED: "warn"}.get(
            self.state, "bad"
        )

    @property
    def sentence(self) -> str:
        """Why it is in force or not, as one sentence."""
        if self.state == State.COMING:
            return _("It comes into force on %s.") % _day(self.since)
        if self.state == State.REVOKED:
            act = next(act for act in self.acts if act.kind == Kind.REVOKES)
            told = {"number": act.number, "day": _day(act.day)}
            return _("It was revoked by number %(number)s on %(day)s.") % told
        if self.state == State.EXPIRED:
            return _("It expired after %s.") % _day(self.until)
        return _("It has been in force since %s.") % _day(self.since)


def standing_of(instrument: Instrument) -> Standing:
    """The state of one instrument today."""
    return standings([instrument])[instrument.pk]


def standings(instruments: Iterable[Instrument]) -> dict[int, Standing]:
    """The state of many instruments today, by their number, with one query."""
    shown, day = list(instruments), today()
    acts: dict[int, list[Act]] = {one.pk: [] for one in shown}
    relations = LegalRelation.objects.filter(
        target__in=list(acts),
        instrument__status=Instrument.Status.ISSUED,
        instrument__in_force_from__isnull=False,
    )
    for relation in relations.select_related("instrument").order_by("instrument__in_force_from"):
        acts[relation.target_id].append(act_of(relation, relation.instrument))
    return {one.pk: _standing(one, acts[one.pk], day) for one in shown}


def act_of(relation: LegalRelation, other: Instrument) -> Act:
    """A relation as it is seen from one of its instruments: what the other one is."""
    begins = relation.instrument.in_force_from
    assert begins is not None
    return Act(
        kind=Kind(relation.kind),
        token=other.token,
        number=other.number,
        title=other.title,
        form=other.get_kind_display(),
        day=begins,
        parts=relation.parts,
    )


def effects_of(instrument: Instrument) -> list[Act]:
    """What an instrument itself does to others that were issued."""
    relations = instrument.acts_on.filter(target__status=Instrument.Status.ISSUED)
    return [act_of(one, one.target) for one in relations.select_related("target", "instrument")]


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


def _acted_on(day: datetime.date, kinds: list[Kind]) -> Q:
    """Whether an issued instrument that is in force itself does one of these to it."""
    acts = LegalRelation.objects.filter(
        target=OuterRef("pk"),
        kind__in=kinds,
        instrument__status=Instrument.Status.ISSUED,
        instrument__in_force_from__lte=day,
    )
    return Q(Exists(acts))


def _standing(instrument: Instrument, acts: list[Act], day: datetime.date) -> Standing:
    counting = tuple(act for act in acts if act.day <= day)
    return Standing(
        _state(instrument, counting, day),
        instrument.in_force_from,
        instrument.in_force_until,
        counting,
        tuple(act for act in acts if act.day > day),
    )


def _state(instrument: Instrument, acts: tuple[Act, ...], day: datetime.date) -> State:
    if instrument.in_force_from is None or day < instrument.in_force_from:
        return State.COMING
    if any(act.kind == Kind.REVOKES for act in acts):
        return State.REVOKED
    if instrument.in_force_until and day > instrument.in_force_until:
        return State.EXPIRED
    return State.IN_FORCE


def _day(day: datetime.date | None) -> str:
    return date_format(day, "j F Y") if day else ""
