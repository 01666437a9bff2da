"""Numbers without gaps: a counter row and a register row in one short transaction."""

import datetime
import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.models import Office, User
from accounts.offices import today
from accounts.texts import TEXT_LENGTH, clean_text

from . import wording
from .anatomy import anatomy_of, sources_of
from .drafting import cite_problem
from .form_rules import check_form
from .limits import check_printable
from .models import GAZETTE, Instrument, NumberSeries, RegisterEntry, Signature
from .signals import number_cancelled, number_taken, number_wanted

# The regency's own pattern is not confirmed: settings.NUMBER_TEMPLATES changes single values.
TEMPLATES: dict[str, dict[str, str]] = {
    Instrument.Kind.REGENT_DECREE: {
        "template": "{class}/{seq:03d}/{unit}/{year}",
        "classification": "100.3.3.2",
        "unit_code": "KUM",
    },
    Instrument.Kind.REGENT_REGULATION: {
        "template": "{seq}",
        "classification": "",
        "unit_code": "",
    },
    GAZETTE: {"template": "{seq}", "classification": "", "unit_code": ""},
}
TOKEN = re.compile(r"\{(seq(?::0(?P<width>[1-9])d)?|class|unit|year|month_roman)\}")
MAX_LENGTH = 80
Status = RegisterEntry.Status


def registers_of(kind: str) -> list[str]:
    """The registers in which an instrument of that kind is numbered, in the order of locking."""
    return [kind, GAZETTE] if kind == Instrument.Kind.REGENT_REGULATION else [kind]


@dataclass(frozen=True)
class Promulgator:
    """Who promulgates a regulation after the regent has signed it, and in which capacity."""

    person: User
    capacity: str
    office: Office


@verb
def take_number(
    actor: User,
    instrument: Instrument,
    *,
    signatory: User,
    capacity: str,
    promulgator: Promulgator | None = None,
) -> RegisterEntry:
    """Give the instrument its number, date and signatory; a second call returns the same entry.

    A regulation takes its number in the regional gazette along with it. A number that the legal
    section has reserved for this instrument is taken instead of the next one. Locks the instrument,
    then the counters of its year: nothing slow may follow in this transaction.
    Raises ValidationError when it may not be numbered.
    """
    locked = Instrument.objects.select_for_update().get(pk=instrument.pk)
    entry = locked.register_entry
    if entry and entry.status != Status.RESERVED:
        _copy(locked, instrument)
        return entry
    _check_ready(locked)
    number_wanted.send(Instrument, instrument=locked, actor=actor)
    dated = today()
    entry, *_others = [_take(register, locked, dated) for register in registers_of(locked.kind)]
    _settle(locked, entry, signatory, capacity)
    if promulgator:
        _plan_promulgation(locked, promulgator)
    _copy(locked, instrument)
    number_taken.send(Instrument, instrument=locked, actor=actor, entry=entry)
    return entry


@verb
def cancel_number(actor: User, entry: RegisterEntry, reason: str) -> None:
    """Record that a taken number came to nothing; it stays in the register, never used again.

    The instrument that held it is cancelled, and with it all its numbers.
    """
    checked_reason(reason)
    assert entry.instrument is not None
    instrument = Instrument.objects.select_for_update().get(pk=entry.instrument.pk)
    entry.refresh_from_db()
    if entry.status == Status.ISSUED:
        raise ValidationError(
            _("Number %s is on an issued instrument. Revoke the instrument instead.") % entry.number
        )
    if entry.status == Status.CANCELLED:
        return
    for held in instrument.entries.exclude(status=Status.CANCELLED):
        mark_cancelled(held, reason)
    entry.refresh_from_db()
    instrument.status = Instrument.Status.CANCELLED
    instrument.save()
    number_cancelled.send(Instrument, instrument=instrument, actor=actor, entry=entry)


def mark_cancelled(entry: RegisterEntry, reason: str) -> None:
    """Write the cancellation below the reason for which the number was set apart, if it was."""
    entry.status = Status.CANCELLED
    entry.reason = "\n".join(filter(None, [entry.reason, reason.strip()]))
    entry.save()


def checked_reason(reason: str) -> str:
    """The cleaned reason; raises ValidationError for none, and for what cannot be printed."""
    cleaned = clean_text(reason, max_length=TEXT_LENGTH, field=_("Reason"))
    if not cleaned:
        raise ValidationError({"reason": _("Reason: say in a sentence why.")})
    return cleaned


def format_number(
    series: NumberSeries, sequence: int, dated: datetime.date, suffix: str = ""
) -> str:
    """The number as printed; raises ValidationError when the series' template is not usable."""
    values = {
        "class": series.classification,
        "unit": series.unit_code,
        "year": str(series.year),
        "month_roman": wording.ROMAN[dated.month - 1],
    }

    def value(token: re.Match[str]) -> str:
        if token[1].startswith("seq"):
            return f"{sequence:0{token['width'] or 1}d}{suffix}"
        return values[token[1]]

    number = TOKEN.sub(value, series.template)
    if "{seq" not in series.template or set("{}") & set(number) or len(number) > MAX_LENGTH:
        raise ValidationError(
            _(
                "The number template “%s” is not usable. It needs {seq} and may use {seq:03d}, "
                "{class}, {unit}, {year} and {month_roman}."
            )
            % series.template
        )
    return number


def series_for(kind: str, year: int) -> NumberSeries:
    """The counter of a kind in a year; a new one takes last year's template, or the set one."""
    series, _created = NumberSeries.objects.get_or_create(
        kind=kind, year=year, defaults=template_for(kind, year)
    )
    return series


def template_for(kind: str, year: int) -> dict[str, Any]:
    """What a series of that year starts with: template, classification and unit code."""
    before = NumberSeries.objects.filter(kind=kind, year__lt=year).order_by("-year").first()
    if before:
        names = ("template", "classification", "unit_code")
        return {name: getattr(before, name) for name in names}
    return TEMPLATES[kind] | settings.NUMBER_TEMPLATES.get(kind, {})


def locked_series(kind: str, year: int) -> NumberSeries:
    """The counter of a kind in a year, held until the transaction ends."""
    series = series_for(kind, year)
    return NumberSeries.objects.select_for_update().get(pk=series.pk)


def next_entry(series: NumberSeries, day: datetime.date, **fields: Any) -> RegisterEntry:
    """Write the next number of a locked series into the register."""
    sequence = series.next_sequence
    series.next_sequence += 1
    series.save()
    return RegisterEntry.objects.create(
        series=series,
        kind=series.kind,
        sequence=sequence,
        number=unused_number(series, sequence, day),
        taken_at=timezone.now(),
        **fields,
    )


def unused_number(
    series: NumberSeries, sequence: int, dated: datetime.date, suffix: str = ""
) -> str:
    """The number as printed; raises ValidationError where another entry of the series prints so."""
    number = format_number(series, sequence, dated, suffix)
    same = series.entries.filter(number=number).exclude(sequence=sequence, suffix=suffix)
    if same.exists():
        raise ValidationError(
            _("Number %s is in the register already. Let the legal section mend the template.")
            % number
        )
    return number


def _check_ready(instrument: Instrument) -> None:
    if instrument.status != Instrument.Status.DRAFT:
        raise ValidationError(
            _("This instrument is “%s” and cannot be numbered.") % instrument.get_status_display()
        )
    if problem := cite_problem(sources_of(instrument)):
        raise ValidationError(_("Legal bases: %s") % problem)
    check_printable(anatomy_of(instrument))
    check_form(instrument)


def _check_date(series: NumberSeries, dated: datetime.date) -> None:
    last = series.entries.aggregate(last=Max("dated"))["last"]
    if last and dated < last:
        raise ValidationError(
            _(
                "The last number of this register is dated %(last)s, today is %(today)s. "
                "Set the server's clock right first."
            )
            % {"last": last.isoformat(), "today": dated.isoformat()}
        )


def _take(register: str, instrument: Instrument, dated: datetime.date) -> RegisterEntry:
    """The number reserved for the instrument in that register, else the next one."""
    kept = instrument.entries.filter(kind=register, status=Status.RESERVED)
    if reserved := kept.select_related("series").first():
        return _take_reserved(reserved, dated)
    series = locked_series(register, dated.year)
    _check_date(series, dated)
    return next_entry(series, dated, instrument=instrument, dated=dated)


def _take_reserved(entry: RegisterEntry, dated: datetime.date) -> RegisterEntry:
    """What was reserved is the sequence; it is printed by the template and month of today."""
    check_year(entry, dated)
    series = locked_series(entry.kind, entry.series.year)
    _check_date(series, dated)
    entry.number = unused_number(series, entry.sequence, dated, entry.suffix)
    entry.status, entry.dated, entry.taken_at = Status.TAKEN, dated, timezone.now()
    entry.save()
    return entry


def check_year(entry: RegisterEntry, dated: datetime.date) -> None:
    """Raise ValidationError for a reserved number of another year; one put in may be of one."""
    if not entry.suffix and entry.series.year != dated.year:
        raise ValidationError(
            _(
                "Number %(number)s was reserved for %(year)s, and that year is over. "
                "Let the legal section cancel it."
            )
            % {"number": entry.number, "year": entry.series.year}
        )


def _settle(instrument: Instrument, entry: RegisterEntry, signatory: User, capacity: str) -> None:
    assert entry.dated is not None
    if instrument.in_force_from and instrument.in_force_from < entry.dated:
        raise ValidationError(
            _(
                "The date on which the instrument comes into force has passed. "
                "Send it back to drafting and choose a later date, or none."
            )
        )
    instrument.number = entry.number
    instrument.dated = entry.dated
    instrument.in_force_from = instrument.in_force_from or entry.dated
    instrument.signatory = signatory
    instrument.signatory_name = signatory.name_plain
    instrument.signatory_capacity = capacity
    instrument.status = Instrument.Status.NUMBERED
    instrument.failure = ""
    instrument.signing_way = settings.SIGNING_PROVIDER
    instrument.save()
    Signature.objects.create(
        instrument=instrument,
        order=1,
        role=Signature.Role.SIGNATORY,
        office=instrument.signatory_office,
        person=signatory,
        name=instrument.signatory_name,
        capacity=capacity,
    )


def _plan_promulgation(instrument: Instrument, promulgator: Promulgator) -> None:
    Signature.objects.create(
        instrument=instrument,
        order=2,
        role=Signature.Role.PROMULGATOR,
        office=promulgator.office,
        person=promulgator.person,
        name=promulgator.person.name_plain,
        capacity=promulgator.capacity,
    )


def _copy(source: Instrument, target: Instrument) -> None:
    """Let the caller's object show what was written on the locked row."""
    for field in Instrument._meta.concrete_fields:
        setattr(target, field.attname, getattr(source, field.attname))
