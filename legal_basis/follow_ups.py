"""Drafts of further instruments: what amends, revokes or corrects, or stipulates anew."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.models import User
from accounts.offices import today
from innovations.models import Innovation

from . import clauses
from .clauses import DraftFacts
from .drafting import TITLE_LENGTH, cite, name_signatory, stipulating_title
from .library import values_of
from .models import Instrument, LegalRelation, LegalSource, Stipulation
from .relations import (
    RANKS,
    RELATION_OF,
    UNDER_WAY,
    citation,
    drafts_acting_on,
    form_of,
    number_of,
    ordinal,
    short_citation,
)
from .signals import instrument_assembled
from .standing import EXTENDS_UNTIL, standings
from .wording import joined, long_date, lowered, without_stop

Kind, Purpose = Instrument.Kind, Instrument.Purpose
PARTS_LENGTH = 200
# Stands where the legal section writes the new text.
TO_BE_WRITTEN = "…"
Rows = dict[str, list[clauses.Row]]


@dataclass(frozen=True)
class Wish:
    """What the legal section wants of a further instrument.

    parts: which parts of the target change, as instruments write them: `Diktum KEDUA`.
    until: the new last day of the target, where an amendment changes it.
    innovations: what it stipulates beside the innovation on whose case it is drafted.
    """

    kind: str
    purpose: str
    reason: str
    targets: Sequence[Instrument] = ()
    parts: str = ""
    until: datetime.date | None = None
    innovations: Sequence[Innovation] = ()


@verb
def draft_further(
    actor: User, innovation: Innovation, code: str, facts: DraftFacts, wish: Wish
) -> Instrument:
    """Draft the further instrument of a case, with its title and what it does to its targets.

    Raises ValidationError, a sentence each, where the law or another draft stands against it.
    """
    locked = Instrument.objects.select_for_update().filter(pk__in=[t.pk for t in wish.targets])
    targets = sorted(locked, key=lambda target: target.pk)
    check(wish, targets)
    if Instrument.objects.filter(innovation=innovation, status__in=UNDER_WAY).exists():
        raise ValidationError(
            _("Another instrument of this innovation is under way. Let it come to its end first.")
        )
    instrument = _new(innovation, code, wish, targets)
    name_signatory(instrument, facts["signatory_office"])
    instrument.content = _content(innovation, facts, wish, targets)
    instrument.save()
    _relate(instrument, innovation, wish, targets)
    cite(instrument, _sources(targets))
    instrument_assembled.send(Instrument, instrument=instrument, actor=actor)
    return instrument


@verb
def give_up(actor: User, code: str) -> None:
    """Let the draft of a case come to nothing, so that another one can be begun."""
    drafts = Instrument.objects.select_for_update().filter(subject_code=code)
    for draft in drafts.filter(status=Instrument.Status.DRAFT):
        draft.status = Instrument.Status.CANCELLED
        draft.save()


def check(wish: Wish, targets: Sequence[Instrument]) -> None:
    """Raise ValidationError with every reason for which such an instrument may not be drafted."""
    problems = {**_of_the_wish(wish, targets), **_of_the_targets(wish, targets)}
    if problems:
        raise ValidationError(problems)


def _of_the_wish(wish: Wish, targets: Sequence[Instrument]) -> dict[str, str]:
    found = {}
    if wish.purpose == Purpose.STIPULATE and targets:
        found["targets"] = _("Targets: an instrument that stipulates anew acts on no other one.")
    elif wish.purpose == Purpose.REVOKE and not targets:
        found["targets"] = _("Targets: choose what is revoked.")
    elif wish.purpose in (Purpose.AMEND, Purpose.CORRECT) and len(targets) != 1:
        found["targets"] = _("Targets: choose the one instrument that is amended or corrected.")
    wants_parts = wish.purpose in (Purpose.AMEND, Purpose.CORRECT)
    if wants_parts and not wish.parts:
        found["parts"] = _("Parts: say which parts change, for example “Diktum KEDUA”.")
    if wish.parts and not wants_parts:
        found["parts"] = _("Parts: a revocation takes away the whole. To take away parts, amend.")
    if wish.until and wish.purpose != Purpose.AMEND:
        found["until"] = _("New last day: only an amendment changes it.")
    elif wish.until and wish.until <= today():
        found["until"] = _("New last day: this day has passed. Choose a later one.")
    if wish.innovations and wish.purpose != Purpose.STIPULATE:
        found["innovations"] = _("Innovations: only what stipulates names further innovations.")
    return found


def _of_the_targets(wish: Wish, targets: Sequence[Instrument]) -> dict[str, str]:
    states = standings(targets)
    for target in targets:
        if not states[target.pk].in_force:
            sentence = _("Targets: %(target)s is not in force. %(why)s")
            values = {"target": target.number or target.title, "why": states[target.pk].sentence}
            return {"targets": sentence % values}
        if problem := _of_the_rank(wish, target):
            return {"targets": problem}
    if found := drafts_acting_on(targets).select_related("instrument", "target").first():
        sentence = _("Targets: the case %(code)s is to act on %(target)s already. Settle it first.")
        values = {"code": found.instrument.subject_code, "target": found.target.number}
        return {"targets": sentence % values}
    return {}


def _of_the_rank(wish: Wish, target: Instrument) -> str:
    """Why an instrument of this kind may not do that to the target; empty where it may."""
    if wish.purpose == Purpose.REVOKE:
        if RANKS[Kind(wish.kind)] < RANKS[Kind(target.kind)]:
            return _("Kind: a decree cannot revoke a regulation. Choose a regulation.")
        return ""
    if wish.kind != target.kind:
        return _("Kind: what amends or corrects an instrument is of the same kind as that.")
    if wish.purpose == Purpose.AMEND and target.purpose != Purpose.STIPULATE:
        return _("Targets: amend what was stipulated first, not an instrument that amends it.")
    return ""


# ---- the draft ----


def _new(
    innovation: Innovation, code: str, wish: Wish, targets: Sequence[Instrument]
) -> Instrument:
    return Instrument(
        kind=wish.kind,
        purpose=wish.purpose,
        innovation=innovation,
        subject_code=code,
        title=title_of(innovation, wish, targets),
        place=settings.REGION["capital"],
    )


def title_of(innovation: Innovation, wish: Wish, targets: Sequence[Instrument]) -> str:
    """The title that such an instrument bears, in the words of legal drafting."""
    if wish.purpose == Purpose.STIPULATE:
        return stipulating_title([innovation, *wish.innovations])
    opening = {
        Purpose.AMEND: _amendment(targets[0]) if targets else "",
        Purpose.REVOKE: "Pencabutan",
        Purpose.CORRECT: "Ralat",
    }[Purpose(wish.purpose)]
    title = f"{opening} {joined([citation(target) for target in targets])}"
    if len(title) <= TITLE_LENGTH:
        return title
    return f"{opening} {joined([short_citation(target) for target in targets])}"


def _amendment(target: Instrument) -> str:
    """`Perubahan atas`, `Perubahan Kedua atas` …: those issued before are counted."""
    before = LegalRelation.objects.filter(
        target=target,
        kind=LegalRelation.Kind.AMENDS,
        instrument__status=Instrument.Status.ISSUED,
    ).count()
    return " ".join(word for word in ("Perubahan", ordinal(before + 1), "atas") if word)


def _relate(
    instrument: Instrument, innovation: Innovation, wish: Wish, targets: Sequence[Instrument]
) -> None:
    for target in targets:
        LegalRelation.objects.create(
            instrument=instrument,
            target=target,
            kind=RELATION_OF[Purpose(wish.purpose)],
            parts=wish.parts,
        )
    if wish.purpose == Purpose.STIPULATE:
        for order, one in enumerate((innovation, *wish.innovations), start=1):
            Stipulation.objects.create(instrument=instrument, innovation=one, order=order)


def _sources(targets: Sequence[Instrument]) -> list[LegalSource]:
    """The law that the targets rest on, without what may no longer be cited; else the usual."""
    cited = LegalSource.objects.filter(uses__instrument__in=targets).distinct()
    found = [source for source in cited if source.is_citable]
    return found or [s for s in LegalSource.objects.filter(usual=True) if s.is_citable]


# ---- its text ----


def _content(
    innovation: Innovation, facts: DraftFacts, wish: Wish, targets: Sequence[Instrument]
) -> dict[str, Any]:
    values = values_of(innovation, told_of(facts, wish, targets), wish.kind)
    drafted = _with_wish(clauses.drafted(values, wish.kind, wish.purpose), wish, targets)
    stipulates = wish.purpose == Purpose.STIPULATE
    content: dict[str, Any] = {
        **drafted,
        "copy_recipients": clauses.copy_recipients(facts),
        "annex": clauses.annex(innovation, facts) if stipulates else None,
        "assembled": clauses.texts_of(drafted),
        "values": values,
    }
    return content | ({EXTENDS_UNTIL: wish.until.isoformat()} if wish.until else {})


def told_of(facts: DraftFacts, wish: Wish, targets: Sequence[Instrument]) -> DraftFacts:
    """What the library's clauses say of the wish: further targets are cited after the first."""
    told = cast(DraftFacts, dict(facts))
    told["reason"] = lowered(without_stop(wish.reason))
    told["further"] = [one.name for one in wish.innovations]
    if targets:
        first, *others = targets
        told["target_form"] = form_of(first)
        told["target_number"] = number_of(first)
        told["target_title"] = joined([first.title, *(citation(one) for one in others)])
        told["target_parts"] = wish.parts
        if first.dated:
            told["target_dated"] = first.dated
    return told


def _with_wish(rows: Rows, wish: Wish, targets: Sequence[Instrument]) -> Rows:
    """The same with what the library does not know: the reason, and the new last day."""
    reason = lowered(without_stop(wish.reason))
    considerations = rows["considerations"]
    if not any(reason in row["text"] for row in considerations):
        rows["considerations"] = [{"key": "reason", "text": f"bahwa {reason}"}, *considerations]
    if wish.until:
        block = "body" if wish.kind == Kind.REGENT_REGULATION else "dicta"
        last = long_date(wish.until)
        text = f"Masa berlaku {citation(targets[0])} diperpanjang sampai dengan tanggal {last}."
        row: clauses.Row = {"key": "extension", "text": text}
        rows[block].insert(1, row | {"unit": "pasal"} if block == "body" else row)
    return rows
