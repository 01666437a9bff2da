"""What an instrument is worth on a day: derived from its own dates and from those that act on it.

An amendment, a revocation or a correction counts once it is issued, from the day on which it
comes into force itself. What was revoked stays so, even if the revoking instrument is revoked.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.offices import today

from .models import Instrument, LegalRelation

Kind = LegalRelation.Kind
# Where an amending instrument keeps the new last day of what it amends.
EXTENDS_UNTIL = "extends_until"


class State(StrEnum):
    """Where an instrument stands on a day."""

    NOT_ISSUED = "not_issued"
    COMING = "coming"
    IN_FORCE = "in_force"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Act:
    """What one issued instrument does to another, from its own first day in force.

    ordinal: which of several of its kind it is, counted in the order of their first days.
    """

    kind: Kind
    instrument: int
    token: UUID
    number: str
    title: str
    form: str
    day: datetime.date
    parts: str = ""
    until: datetime.date | None = None
    ordinal: int = 1

    @property
    def sentence(self) -> str:
        """The act as a sentence about its target."""
        sentences = {
            Kind.AMENDS: _("Amended by number %(number)s from %(day)s."),
            Kind.REVOKES: _("Revoked by number %(number)s from %(day)s."),
            Kind.CORRECTS: _("Corrected by number %(number)s from %(day)s."),
        }
        if self.kind == Kind.AMENDS and self.ordinal > 1:
            sentence = _("Amended by number %(number)s from %(day)s (amendment %(ordinal)s).")
        else:
            sentence = sentences[self.kind]
        return sentence % {"number": self.number, "day": _day(self.day), "ordinal": self.ordinal}


@dataclass(frozen=True)
class Standing:
    """The state of an instrument on a day, with the acts that made it so and those to come.

    until: its last day, as the newest amendment in force leaves it.
    """

    state: State
    on: datetime.date
    since: datetime.date | None = None
    until: datetime.date | None = None
    acts: tuple[Act, ...] = ()
    coming: tuple[Act, ...] = ()

    @property
    def in_force(self) -> bool:
        """Whether it is in force on that day."""
        return self.state == State.IN_FORCE

    @property
    def revoked_by(self) -> Act | None:
        """The first act that revokes it, once that is in force."""
        return next(iter(self._of(Kind.REVOKES)), None)

    @property
    def amended_by(self) -> tuple[Act, ...]:
        """The amendments in force, in their order: first, second …"""
        return self._of(Kind.AMENDS)

    @property
    def corrected_by(self) -> tuple[Act, ...]:
        """The corrections in force, in their order."""
        return self._of(Kind.CORRECTS)

    def _of(self, kind: Kind) -> tuple[Act, ...]:
        return tuple(act for act in self.acts if act.kind == kind)

    @property
    def sentence(self) -> str:
        """Why it is in force or not, as one sentence."""
        if self.state == State.NOT_ISSUED:
            return _("It has not been issued.")
        if self.state == State.COMING:
            return _("It comes into force on %s.") % _day(self.since)
        if self.revoked_by:
            return _("It was revoked by number %(number)s on %(day)s.") % {
                "number": self.revoked_by.number,
                "day": _day(self.revoked_by.day),
            }
        if self.state == State.EXPIRED:
            return _("It expired after %s.") % _day(self.until)
        return _("It has been in force since %s.") % _day(self.since)

    @property
    def sentences(self) -> list[str]:
        """Everything there is to say: its state, then each other act in order, then what comes."""
        said = [act.sentence for act in self.acts if act != self.revoked_by]
        end = [_("It ends after %s.") % _day(self.until)] if self.in_force and self.until else []
        return [self.sentence, *end, *said, *(act.sentence for act in self.coming)]

    @property
    def label(self) -> str:
        """The state in a word or two, for lists."""
        if self.in_force and self.amended_by:
            return _("In force, as amended")
        return {
            State.NOT_ISSUED: _("Not issued"),
            State.COMING: _("Not yet in force"),
            State.IN_FORCE: _("In force"),
            State.EXPIRED: _("Expired"),
            State.REVOKED: _("Revoked"),
        }[self.state]

    @property
    def tone(self) -> str:
        """The colour of its label: good, info, warn, bad or plain."""
        return {
            State.IN_FORCE: "good",
            State.COMING: "info",
            State.EXPIRED: "warn",
            State.REVOKED: "bad",
        }.get(self.state, "plain")


def standing_of(instrument: Instrument, on: datetime.date | None = None) -> Standing:
    """The state of one instrument on a day (default: today)."""
    return standings([instrument], on)[instrument.pk]


def standings(
    instruments: Iterable[Instrument], on: datetime.date | None = None
) -> dict[int, Standing]:
    """The state of many instruments on a day, by their number, with one query."""
    wanted, day = list(instruments), on or today()
    acts = acts_on([instrument.pk for instrument in wanted])
    return {one.pk: _standing(one, acts.get(one.pk, []), day) for one in wanted}


def acts_on(targets: Iterable[int]) -> dict[int, list[Act]]:
    """What issued instruments do to each of these, by its number, in the order of their days."""
    relations = LegalRelation.objects.filter(
        target__in=list(targets),
        instrument__status=Instrument.Status.ISSUED,
        instrument__in_force_from__isnull=False,
    ).select_related("instrument")
    found: dict[int, list[Act]] = {}
    for relation in sorted(relations, key=_order):
        acts = found.setdefault(relation.target_id, [])
        acts.append(_act(relation, sum(act.kind == relation.kind for act in acts) + 1))
    return found


def _order(relation: LegalRelation) -> tuple[datetime.date, int]:
    acting = relation.instrument
    assert acting.in_force_from is not None
    return acting.in_force_from, acting.pk


def _act(relation: LegalRelation, ordinal: int) -> Act:
    acting = relation.instrument
    assert acting.in_force_from is not None
    extended = acting.content.get(EXTENDS_UNTIL) or ""
    return Act(
        kind=Kind(relation.kind),
        instrument=acting.pk,
        token=acting.token,
        number=acting.number,
        title=acting.title,
        form=acting.get_kind_display(),
        day=acting.in_force_from,
        parts=relation.parts,
        until=datetime.date.fromisoformat(extended) if extended else None,
        ordinal=ordinal,
    )


def _standing(instrument: Instrument, acts: list[Act], day: datetime.date) -> Standing:
    since = instrument.in_force_from
    if instrument.status != Instrument.Status.ISSUED or since is None:
        return Standing(State.NOT_ISSUED, day)
    counting = tuple(act for act in acts if act.day <= day)
    until = next((act.until for act in reversed(counting) if act.until), instrument.in_force_until)
    revoked = any(act.kind == Kind.REVOKES for act in counting)
    if day < since:
        state = State.COMING
    elif revoked:
        state = State.REVOKED
    elif until and day > until:
        state = State.EXPIRED
    else:
        state = State.IN_FORCE
    coming = tuple(act for act in acts if act.day > day)
    return Standing(state, day, since, until, counting, coming)


def _day(day: datetime.date | None) -> str:
    return date_format(day, "j F Y") if day else ""
