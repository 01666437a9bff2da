"""The text of an instrument: assembled from what the case knows, then edited by lawyers."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.models import Office, User
from accounts.offices import holder_of, today
from innovations.models import Innovation

from . import clauses
from .anatomy import anatomy_of
from .clauses import DraftFacts
from .library import values_of
from .limits import check_printable
from .models import Instrument, LegalBasis, LegalSource, Stipulation
from .signals import instrument_assembled, instrument_edited

Status = Instrument.Status
Row = dict[str, str]
# Instruments in these states are still on their way, or count already.
LIVING = (Status.DRAFT, Status.NUMBERED, Status.RENDERED, Status.FAILED, Status.ISSUED)


@verb
def assemble(actor: User, innovation: Innovation, facts: DraftFacts) -> Instrument:
    """Write the draft of the decree from the case, or bring an open draft up to date.

    In an open draft (or one whose number was cancelled) a clause that was edited by hand stays,
    unless the facts behind it have changed since.
    """
    before = Instrument.objects.select_for_update().filter(innovation=innovation).first()
    if before and before.status in LIVING and not before.is_open:
        raise ValidationError(
            _("The innovation already has the instrument %s.") % (before.number or before.title)
        )
    instrument = before if before and before.is_open else _new(innovation)
    _fill(instrument, before, innovation, facts)
    instrument.save()
    Stipulation.objects.get_or_create(instrument=instrument, innovation=innovation)
    if not instrument.bases.exists():
        cite(instrument, _first_sources(before))
    instrument_assembled.send(Instrument, instrument=instrument, actor=actor)
    return instrument


@verb
def edit(actor: User, instrument: Instrument, cleaned: dict[str, Any]) -> Instrument:
    """Replace title, date, clauses, legal bases and copy recipients of a draft by the edited ones.

    `cleaned`: title, in_force_from, legal_sources, and the rows (`{"key", "text"}`) of
    considerations, noting and dicta, and copy_recipients as texts. Raises ValidationError
    once the instrument has its number.
    """
    draft = Instrument.objects.select_for_update().get(pk=instrument.pk)
    if not draft.is_open:
        raise ValidationError(
            _("The instrument has its number %s; its text can no longer be edited.") % draft.number
        )
    draft.title = cleaned["title"]
    draft.in_force_from = cleaned.get("in_force_from")
    draft.content = draft.content | {
        block: clauses.kept_rows(draft.content.get(block, []), cleaned[block])
        for block in clauses.BLOCKS
    }
    draft.content["copy_recipients"] = list(cleaned["copy_recipients"])
    draft.save()
    cite(draft, cleaned["legal_sources"])
    check_printable(anatomy_of(draft))
    instrument_edited.send(Instrument, instrument=draft, actor=actor)
    return draft


def current_instrument(innovation: Innovation) -> Instrument | None:
    """The instrument that the innovation is being given, or has."""
    return Instrument.objects.filter(innovation=innovation, status__in=LIVING).first()


def cite(instrument: Instrument, sources: Iterable[LegalSource]) -> None:
    """Let the instrument rest on these sources, in the order of the hierarchy."""
    wanted = sorted(sources, key=lambda source: source.position)
    kept = {basis.source_id: basis for basis in instrument.bases.all()}
    for order, source in enumerate(wanted, start=1):
        basis = kept.pop(source.pk, None) or LegalBasis(instrument=instrument, source=source)
        if basis.order != order:
            basis.order = order
            basis.save()
    for basis in kept.values():
        basis.delete()


def cite_problem(sources: Iterable[LegalSource]) -> str:
    """Why one of these sources cannot be cited, as a sentence; empty when all can."""
    for source in sources:
        if not source.is_citable:
            return (
                _(
                    "“%s” has no number yet or is no longer in force. Choose another one, or let "
                    "the master data be completed first."
                )
                % source
            )
    return ""


def _new(innovation: Innovation) -> Instrument:
    region = settings.REGION["name"]
    return Instrument(
        innovation=innovation,
        subject_code=innovation.code,
        title=f"Penetapan {innovation.name.rstrip('.')} sebagai Inovasi Daerah {region}",
        place=settings.REGION["capital"],
    )


def _fill(
    instrument: Instrument, before: Instrument | None, innovation: Innovation, facts: DraftFacts
) -> None:
    if before and before is not instrument:
        instrument.title = before.title
    office = Office.objects.get(code=facts["signatory_office"])
    instrument.signatory_office = office
    speaking = holder_of(office, today())
    instrument.signatory_name = speaking.user.name_plain if speaking else ""
    instrument.signatory_capacity = speaking.title if speaking else office.title
    values = values_of(innovation, facts, instrument.kind)
    drafted = clauses.drafted(values, instrument.kind, instrument.purpose)
    content = dict(before.content) if before else {}
    same = values == content.get("values")
    for block, rows in drafted.items():
        assembled = content.get("assembled", {}).get(block, {})
        content[block] = _merged(content.get(block), assembled, rows, same)
    content.setdefault("copy_recipients", clauses.copy_recipients(facts))
    content["annex"] = clauses.annex(innovation, facts)
    content["assembled"] = clauses.texts_of(drafted)
    # With these, a later wording of the library can be filled in without asking the case.
    content["values"] = values
    instrument.content = content


def _merged(
    rows: list[Any] | None, assembled: Row, drafted: list[clauses.Row], same: bool
) -> list[Any]:
    """The edited rows, with those written anew whose facts changed; removed ones stay removed.

    Of the `same` facts, a new wording of the library replaces only what nobody edited by hand.
    """
    if rows is None:
        return list(drafted)
    edited = {row["key"] for row in rows if assembled.get(row["key"]) != row["text"]}
    changed = {
        row["key"]: row
        for row in drafted
        if assembled.get(row["key"]) != row["text"] and not (same and row["key"] in edited)
    }
    gone = assembled.keys() - {row["key"] for row in drafted}
    merged = [changed.pop(row["key"], row) for row in rows if row["key"] not in gone]
    return merged + list(changed.values())


def _first_sources(before: Instrument | None) -> list[LegalSource]:
    if before and before.bases.exists():
        return [basis.source for basis in before.bases.select_related("source")]
    return [s for s in LegalSource.objects.filter(usual=True) if s.is_citable]
