"""What the legal section does with numbers: set apart, put in, given away, cancelled."""

from string import ascii_uppercase

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.models import User
from accounts.offices import today

from .legal_section import check_legal_section
from .models import GAZETTE, Instrument, NumberSeries, RegisterEntry
from .numbering import (
    check_year,
    checked_reason,
    format_number,
    locked_series,
    mark_cancelled,
    next_entry,
    registers_of,
    unused_number,
)

Status = RegisterEntry.Status


@verb
def reserve_number(actor: User, register: str, reason: str) -> RegisterEntry:
    """Set the next number of this year's series apart; no date goes with it."""
    check_legal_section(actor)
    told, day = checked_reason(reason), today()
    series = locked_series(register, day.year)
    return next_entry(series, day, status=Status.RESERVED, reason=told)


@verb
def insert_number(actor: User, after: RegisterEntry, reason: str) -> RegisterEntry:
    """Put a number in behind one that was given, this year or before: 8A, then 8B."""
    check_legal_section(actor)
    told, day = checked_reason(reason), today()
    series = locked_series(after.kind, after.series.year)
    suffix = _next_suffix(series, after.sequence)
    return RegisterEntry.objects.create(
        series=series,
        kind=series.kind,
        sequence=after.sequence,
        suffix=suffix,
        number=unused_number(series, after.sequence, day, suffix),
        taken_at=timezone.now(),
        status=Status.RESERVED,
        reason=told,
    )


@verb
def assign_reserved(actor: User, entry: RegisterEntry, instrument: Instrument) -> RegisterEntry:
    """Let an open draft take this reserved or inserted number instead of the next one.

    Given to another draft before, the number moves. Raises ValidationError for a number that is
    taken or cancelled, and for a draft that has its number or cannot be in that register.
    """
    check_legal_section(actor)
    drafts = _locked_drafts(entry, instrument)
    held = _held(entry)
    check_year(held, today())
    _check_assignable(held, drafts[instrument.pk])
    held.instrument = drafts[instrument.pk]
    held.save()
    return held


@verb
def cancel_reserved(actor: User, entry: RegisterEntry, reason: str) -> RegisterEntry:
    """Record that a reserved or inserted number will not be used; its draft takes the next one."""
    check_legal_section(actor)
    told = checked_reason(reason)
    _locked_drafts(entry)
    held = _held(entry)
    if held.status == Status.CANCELLED:
        return held
    _check_reserved(held)
    mark_cancelled(held, told)
    return held


@verb
def edit_template(
    actor: User, register: str, year: int, *, template: str, classification: str, unit_code: str
) -> NumberSeries:
    """Change how the numbers of this or the next year are printed that nobody has taken yet.

    Raises ValidationError when no number can be made by the template, or two would be the same.
    """
    check_legal_section(actor)
    day = today()
    if year not in (day.year, day.year + 1):
        raise ValidationError(_("Only the numbers of this and of the next year can be changed."))
    series = locked_series(register, year)
    series.template, series.classification = template.strip(), classification.strip()
    series.unit_code = unit_code.strip()
    format_number(series, series.next_sequence, day)
    series.save()
    for entry in series.entries.filter(status=Status.RESERVED):
        entry.number = unused_number(series, entry.sequence, day, entry.suffix)
        entry.save()
    return series


def assignable_to(entry: RegisterEntry) -> QuerySet[Instrument]:
    """The open drafts that may be given this number."""
    kind = Instrument.Kind.REGENT_REGULATION if entry.kind == GAZETTE else entry.kind
    held = RegisterEntry.objects.filter(~Q(status=Status.CANCELLED), kind=entry.kind)
    numbered = held.filter(instrument__isnull=False).values("instrument")
    drafts = Instrument.objects.filter(kind=kind, status=Instrument.Status.DRAFT)
    return drafts.exclude(pk__in=numbered)


def _next_suffix(series: NumberSeries, sequence: int) -> str:
    """The letter behind the last one that was put in at that number."""
    used = series.entries.filter(sequence=sequence).values_list("suffix", flat=True)
    position = len([suffix for suffix in used if suffix])
    if position == len(ascii_uppercase):
        raise ValidationError(_("No more numbers fit behind %s: all letters are used.") % sequence)
    return ascii_uppercase[position]


def _locked_drafts(entry: RegisterEntry, *others: Instrument) -> dict[int, Instrument]:
    """The instruments concerned, locked before the counter as `take_number` does."""
    concerned = {one.pk for one in others}
    if entry.instrument_id:
        concerned.add(entry.instrument_id)
    locked = Instrument.objects.select_for_update().filter(pk__in=concerned).order_by("pk")
    return {one.pk: one for one in locked}


def _held(entry: RegisterEntry) -> RegisterEntry:
    """The entry as it is now, under its counter's lock."""
    locked_series(entry.kind, entry.series.year)
    fresh = RegisterEntry.objects.select_related("series").get(pk=entry.pk)
    if fresh.instrument_id != entry.instrument_id:
        raise ValidationError(
            _("Somebody else has given number %s away meanwhile. Look again.") % fresh.number
        )
    return fresh


def _check_reserved(entry: RegisterEntry) -> None:
    if entry.status != Status.RESERVED:
        raise ValidationError(
            _("Number %(number)s is “%(status)s”. Only a reserved one can be given or cancelled.")
            % {"number": entry.number, "status": entry.get_status_display()}
        )


def _check_assignable(entry: RegisterEntry, instrument: Instrument) -> None:
    _check_reserved(entry)
    if not instrument.is_open:
        raise ValidationError(
            _("Draft: it is “%s”, no longer a draft.") % instrument.get_status_display()
        )
    if entry.kind not in registers_of(instrument.kind):
        raise ValidationError(_("Draft: it is not numbered in this register. Choose another one."))
    other = instrument.entries.filter(kind=entry.kind).exclude(status=Status.CANCELLED)
    if found := other.exclude(pk=entry.pk).first():
        raise ValidationError(_("Draft: number %s is set apart for it already.") % found.number)
