"""The register of a year by keyset pages, the newest number first."""

import re
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from .models import RegisterEntry
from .models.register import REGISTERS

PAGE = 25
PLACE = re.compile(r"(\d{1,9})([A-Z]{0,2})")


@dataclass(frozen=True)
class RegisterPage:
    """Some entries, and where the next page begins; empty on the last one."""

    entries: list[RegisterEntry]
    next_cursor: str


def page_of_register(register: str, year: int, cursor: str = "") -> RegisterPage:
    """One page of a register; a cursor that means nothing is the first page."""
    entries = entries_of(register, year).order_by("-sequence", "-suffix")
    if after := PLACE.fullmatch(cursor):
        sequence, suffix = int(after[1]), after[2]
        entries = entries.filter(Q(sequence__lt=sequence) | Q(sequence=sequence, suffix__lt=suffix))
    found = list(entries[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return RegisterPage(found[:PAGE], f"{last.sequence}{last.suffix}" if last else "")


def entries_of(register: str, year: int) -> QuerySet[RegisterEntry]:
    """Every number that a register gave in a year, in its order."""
    entries = RegisterEntry.objects.filter(kind=register, series__year=year)
    return entries.select_related("series", "instrument").order_by("sequence", "suffix")


def register_name(register: str) -> str:
    """What a register is called on a screen."""
    return str(dict(REGISTERS)[register])
