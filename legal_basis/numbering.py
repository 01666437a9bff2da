"""Numbers without gaps: a counter row and a register row in one short transaction."""

import datetime
import re
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.models import User
from accounts.offices import today

from . import wording
from .anatomy import anatomy_of, sources_of
from .drafting import cite_problem
from .form_rules import check_form
from .limits import check_printable
from .models import Instrument, NumberSeries, RegisterEntry, Signature
from .signals import number_cancelled, number_taken

# The regency's own pattern is not confirmed: settings.NUMBER_TEMPLATES replaces these.
TEMPLATES: dict[str, dict[str, str]] = {
    Instrument.Kind.REGENT_DECREE: {
        "template": "{class}/{seq:03d}/{unit}/{year}",
        "classification": "100.3.3.2",
        "unit_code": "KUM",
    }
}
TOKEN = re.compile(r"\{(seq(?::0(?P<width>[1-9])d)?|class|unit|year|month_roman)\}")
MAX_LENGTH = 80


@verb
def take_number(
    actor: User, instrument: Instrument, *, signatory: User, capacity: str
) -> RegisterEntry:
    """Give the instrument its number, date and signatory; a second call returns the same entry.

    Locks the instrument and the counter of its year: nothing slow may follow in this transaction.
    Raises ValidationError when it may not be numbered.
    """
    locked = Instrument.objects.select_for_update().get(pk=instrument.pk)
    if entry := locked.register_entry:
        _copy(locked, instrument)
        return entry
    _check_ready(locked)
    dated = today()
    series = _locked_series(locked.kind, dated)
    _check_date(series, dated)
    entry = _take(series, locked, dated)
    _settle(locked, entry, signatory, capacity)
    _copy(locked, instrument)
    number_taken.send(Instrument, instrument=locked, actor=actor, entry=entry)
    return entry


@verb
def cancel_number(actor: User, entry: RegisterEntry, reason: str) -> None:
    """Record that a number came to nothing; it stays in the register and is never used again."""
    if not reason.strip():
        raise ValidationError(
            {"reason": _("Reason: say in a sentence why the number is cancelled.")}
        )
    instrument = entry.instrument
    assert instrument is not None
    instrument = Instrument.objects.select_for_update().get(pk=instrument.pk)
    entry.refresh_from_db()
    if entry.status == RegisterEntry.Status.ISSUED:
        raise ValidationError(
            _("Number %s is on an issued instrument. Revoke the instrument instead.") % entry.number
        )
    if entry.status == RegisterEntry.Status.CANCELLED:
        return
    entry.status = RegisterEntry.Status.CANCELLED
    entry.reason = reason.strip()
    entry.save()
    instrument.status = Instrument.Status.CANCELLED
    instrument.save()
    number_cancelled.send(Instrument, instrument=instrument, actor=actor, entry=entry)


def format_number(series: NumberSeries, sequence: int, dated: datetime.date) -> str:
    """The number as printed; raises ValidationError when the series' template is not usable."""
    values = {
        "class": series.classification,
        "unit": series.unit_code,
        "year": str(dated.year),
        "month_roman": wording.ROMAN[dated.month - 1],
    }

    def value(token: re.Match[str]) -> str:
        if token[1].startswith("seq"):
            return f"{sequence:0{token['width'] or 1}d}"
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
        kind=kind, year=year, defaults=_template(kind, year)
    )
    return series


def _template(kind: str, year: int) -> dict[str, Any]:
    before = NumberSeries.objects.filter(kind=kind, year__lt=year).order_by("-year").first()
    if before:
        names = ("template", "classification", "unit_code")
        return {name: getattr(before, name) for name in names}
    return dict(getattr(settings, "NUMBER_TEMPLATES", TEMPLATES)[kind])


def _locked_series(kind: str, dated: datetime.date) -> NumberSeries:
    series = series_for(kind, dated.year)
    return NumberSeries.objects.select_for_update().get(pk=series.pk)


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


def _take(series: NumberSeries, instrument: Instrument, dated: datetime.date) -> RegisterEntry:
    sequence = series.next_sequence
    series.next_sequence += 1
    series.save()
    return RegisterEntry.objects.create(
        series=series,
        kind=series.kind,
        sequence=sequence,
        number=format_number(series, sequence, dated),
        instrument=instrument,
        taken_at=timezone.now(),
        dated=dated,
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


def _copy(source: Instrument, target: Instrument) -> None:
    """Let the caller's object show what was written on the locked row."""
    for field in Instrument._meta.concrete_fields:
        setattr(target, field.attname, getattr(source, field.attname))
