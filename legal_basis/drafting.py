"""The text of an instrument: assembled from what the case knows, then edited by lawyers."""

from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
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
from .relations import UNDER_WAY
from .signals import facts_wanted, instrument_assembled, instrument_edited
from .wording import joined

Kind, Status = Instrument.Kind, Instrument.Status
TITLE_LENGTH = 400
REFERRED_TO = ("considerations", "dicta", "body")
Row = dict[str, str]
# Instruments in these states are still on their way, or count already.
LIVING = (*UNDER_WAY, Status.ISSUED)


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
    """Replace title, dates, clauses, legal bases and copy recipients of a draft by the edited ones.

    `cleaned`: title, in_force_from, legal_sources, the rows (`{"key", "text"}`) of the blocks that
    its kind has, and copy_recipients as texts; where they are given, in_force_until, paper, kind,
    and `innovations`, which it stipulates beside that of its case. Raises ValidationError once the
    instrument has its number.
    """
    draft = Instrument.objects.select_for_update().get(pk=instrument.pk)
    take_over(draft, cleaned)
    draft.save()
    cite(draft, cleaned["legal_sources"])
    if _reshaped(draft, cleaned):
        facts_wanted.send(Instrument, instrument=draft, actor=actor)
        draft.refresh_from_db()
    check_printable(anatomy_of(draft))
    instrument_edited.send(Instrument, instrument=draft, actor=actor)
    return draft


def take_over(draft: Instrument, cleaned: dict[str, Any]) -> None:
    """Put title, dates, paper and clauses of `edit` into a draft; nothing is saved.

    Raises ValidationError once the instrument has its number.
    """
    if not draft.is_open:
        raise ValidationError(
            _("The instrument has its number %s; its text can no longer be edited.") % draft.number
        )
    draft.title = cleaned["title"]
    draft.in_force_from = cleaned.get("in_force_from")
    draft.in_force_until = cleaned.get("in_force_until")
    draft.paper = cleaned.get("paper") or draft.paper
    draft.content = draft.content | {
        block: clauses.kept_rows(draft.content.get(block, []), cleaned[block])
        for block in clauses.BLOCKS[Kind(draft.kind)]
    }
    _name_rows(draft.content)
    draft.content["copy_recipients"] = list(cleaned["copy_recipients"])


def _name_rows(content: dict[str, Any]) -> None:
    """Give each row that may be referred to a key, which stays with it wherever it is moved."""
    rows = [row for block in REFERRED_TO for row in content.get(block, [])]
    taken = {row["key"] for row in rows}
    free = (key for n in count(1) if (key := f"butir-{n}") not in taken)
    for row in rows:
        row["key"] = row["key"] or next(free)


def _reshaped(draft: Instrument, cleaned: dict[str, Any]) -> bool:
    """Take over another kind and other innovations; False where both are what they were."""
    kind = cleaned.get("kind") or draft.kind
    before = further_innovations(draft)
    wanted = list(cleaned.get("innovations", before))
    if (kind, set(wanted)) == (draft.kind, set(before)):
        return False
    if draft.purpose != Instrument.Purpose.STIPULATE:
        raise ValidationError(_("What amends, revokes or corrects keeps its kind and its subject."))
    if draft.title == stipulating_title([draft.innovation, *before]):
        draft.title = stipulating_title([draft.innovation, *wanted])
    draft.kind = kind
    draft.save()
    _stipulate(draft, wanted)
    return True


def further_innovations(instrument: Instrument) -> list[Innovation]:
    """What it stipulates beside the innovation on whose case it is drafted, in order."""
    rows = instrument.stipulations.filter(withdrawn=False).exclude(
        innovation=instrument.innovation_id
    )
    return [row.innovation for row in rows.select_related("innovation__owning_unit")]


def innovations_to_join(innovation: Innovation) -> QuerySet[Innovation]:
    """What an instrument of this innovation may stipulate as well: what has its umbrella already.

    What is still on its way gets its own first: its money is not settled before.
    """
    done = Innovation.objects.filter(status=Innovation.Status.INSTITUTIONALISED)
    return done.exclude(pk=innovation.pk).select_related("owning_unit").order_by("name", "pk")


def stipulating_title(innovations: Sequence[Innovation]) -> str:
    """The title of an instrument that stipulates these; a short one where the names are many."""
    names = joined([one.name.rstrip(".") for one in innovations])
    region = settings.REGION["name"]
    title = f"Penetapan {names} sebagai Inovasi Daerah {region}"
    return title if len(title) <= TITLE_LENGTH else f"Penetapan Inovasi Daerah {region}"


def _stipulate(draft: Instrument, wanted: Iterable[Innovation]) -> None:
    """Let the rows say which further innovations it stipulates; what is taken out stays seen."""
    known = {row.innovation_id: row for row in draft.stipulations.all()}
    for order, innovation in enumerate(wanted, start=2):
        row = known.pop(innovation.pk, None) or Stipulation(instrument=draft, innovation=innovation)
        if row.pk is None or row.withdrawn or row.order != order:
            row.order, row.withdrawn = order, False
            row.save()
    for row in known.values():
        if row.innovation_id != draft.innovation_id and not row.withdrawn:
            row.withdrawn = True
            row.save()


def current_instrument(innovation: Innovation) -> Instrument | None:
    """The instrument that the innovation is being given, or has."""
    return Instrument.objects.filter(innovation=innovation, status__in=LIVING).first()


def cite(instrument: Instrument, sources: Iterable[LegalSource]) -> None:
    """Let the instrument rest on these sources, in the order of the hierarchy."""
    wanted = in_order(sources)
    kept = {basis.source_id: basis for basis in instrument.bases.all()}
    for order, source in enumerate(wanted, start=1):
        basis = kept.pop(source.pk, None) or LegalBasis(instrument=instrument, source=source)
        if basis.order != order:
            basis.order = order
            basis.save()
    for basis in kept.values():
        basis.delete()


def in_order(sources: Iterable[LegalSource]) -> list[LegalSource]:
    """The sources as they are cited: by rank, then year, then number."""
    return sorted(sources, key=lambda source: source.position)


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


def name_signatory(instrument: Instrument, code: str) -> None:
    """Let whoever speaks for this office today be the one who is to sign."""
    office = Office.objects.get(code=code)
    speaking = holder_of(office, today())
    instrument.signatory_office = office
    instrument.signatory_name = speaking.user.name_plain if speaking else ""
    instrument.signatory_capacity = speaking.title if speaking else office.title


def _new(innovation: Innovation) -> Instrument:
    return Instrument(
        innovation=innovation,
        subject_code=innovation.code,
        title=stipulating_title([innovation]),
        place=settings.REGION["capital"],
    )


def _fill(
    instrument: Instrument, before: Instrument | None, innovation: Innovation, facts: DraftFacts
) -> None:
    if before and before is not instrument:
        instrument.title = before.title
    name_signatory(instrument, facts["signatory_office"])
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
