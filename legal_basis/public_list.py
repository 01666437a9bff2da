"""The public list of issued instruments, by keyset pages, the newest first."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.addresses import asked, place

from .citations import heading_of
from .models import Instrument
from .public_state import FILTERS, Standing, matching, standings

PAGE = 25
LONGEST = 200


@dataclass(frozen=True)
class Row:
    """One line of the list."""

    instrument: Instrument
    heading: str
    standing: Standing


def issued() -> QuerySet[Instrument]:
    """What the public may see: instruments that were issued."""
    return Instrument.objects.filter(status=Instrument.Status.ISSUED)


def page_of_instruments(query: Mapping[str, str]) -> tuple[list[Row], str]:
    """One page of issued instruments that fit the filters of the address, and the next cursor."""
    wanted = asked(query)
    found = _filtered(issued(), wanted).select_related("publication")
    found = found.order_by("-issued_at", "-pk")
    if after := place(wanted.get("cursor", "")):
        moment, pk = after
        found = found.filter(Q(issued_at__lt=moment) | Q(issued_at=moment, pk__lt=pk))
    shown = list(found[: PAGE + 1])
    last = shown[PAGE - 1] if len(shown) > PAGE else None
    cursor = f"{last.issued_at.isoformat()},{last.pk}" if last and last.issued_at else ""
    standing = standings(shown[:PAGE])
    return [Row(one, heading_of(one), standing[one.pk]) for one in shown[:PAGE]], cursor


def years() -> list[int]:
    """The years in which instruments were issued, the newest first."""
    dates = issued().exclude(dated=None).order_by().dates("dated", "year", order="DESC")
    return [date.year for date in dates]


def _filtered(found: QuerySet[Instrument], wanted: Mapping[str, str]) -> QuerySet[Instrument]:
    for word in wanted.get("q", "")[:LONGEST].split():
        found = found.filter(
            Q(number__icontains=word)
            | Q(title__icontains=word)
            | Q(publication__abstract__icontains=word)
        )
    if wanted.get("kind") in Instrument.Kind.values:
        found = found.filter(kind=wanted["kind"])
    year = wanted.get("year", "")
    if year.isascii() and year.isdecimal() and len(year) == 4 and int(year):
        found = found.filter(dated__year=int(year))
    return matching(found, wanted["state"]) if wanted.get("state") in FILTERS else found
