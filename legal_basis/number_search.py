"""Which instruments were issued under a number, however it was typed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from accounts.texts import storable

from .models import GAZETTE, Instrument, RegisterEntry

Status = RegisterEntry.Status
LONGEST = 120
# A number names its place in the register; the years and codes beside it are numbers as well.
MOST_NUMBERS = 8
MOST_FOUND = 50
BIGGEST = 2**31 - 1
YEAR = re.compile(r"\b(?:tahun|of)\s+(\d{4})\b|\b(\d{4})\s*$")
PREFIX = re.compile(r"^(?:(?:keputusan|peraturan)\s+bupati\s+)?(?:(?:nomor|no)\b\s*[.:]?\s*)?")


@dataclass
class Found:
    """What a number leads to: instruments that were issued under it, or the lack of one.

    void: a number of the register under which nothing was issued.
    """

    instruments: list[Instrument] = field(default_factory=list)
    void: list[RegisterEntry] = field(default_factory=list)


def find(number: str, year: int | None = None) -> Found:
    """Everything that bears this number, in that year where one is given, the newest first.

    Capitals, spaces and leading zeros do not matter, nor do `Nomor` before and `Tahun …` behind.
    """
    typed = storable(number)[:LONGEST].strip()
    bare, told = _without_year(typed)
    wanted = {normalised(typed): year, normalised(bare): year or told}
    entries = [entry for entry in _candidates(typed) if _fits(entry, wanted)]
    issued = [one.instrument for one in entries if one.status == Status.ISSUED and one.instrument]
    void = [one for one in entries if one.status in (Status.RESERVED, Status.CANCELLED)]
    return Found(issued[:MOST_FOUND], void[:MOST_FOUND])


def normalised(number: str) -> str:
    """A number without what people write differently: capitals, spaces, leading zeros, `Nomor`."""
    bare = PREFIX.sub("", number.lower().strip())
    return re.sub(r"\d+", lambda digits: digits[0].lstrip("0") or "0", re.sub(r"\s+", "", bare))


def _without_year(typed: str) -> tuple[str, int | None]:
    """`12 Tahun 2026` is number 12 of that year."""
    found = YEAR.search(typed.lower())
    if found is None or not typed[: found.start()].strip():
        return typed, None
    return typed[: found.start()].rstrip(" /"), int(found[1] or found[2])


def _fits(entry: RegisterEntry, wanted: dict[str, int | None]) -> bool:
    own = normalised(entry.number)
    return own in wanted and wanted[own] in (None, entry.series.year)


def _candidates(typed: str) -> Iterable[RegisterEntry]:
    numbers = [int(digits) for digits in re.findall(r"\d{1,10}", typed)[:MOST_NUMBERS]]
    entries = RegisterEntry.objects.filter(sequence__in=[n for n in numbers if n <= BIGGEST])
    entries = entries.exclude(kind=GAZETTE).select_related("series", "instrument")
    return entries.order_by("-series__year", "kind", "-pk")
