"""What people and links write into an address, read so that no list stumbles over it."""

import datetime
from collections.abc import Mapping

from django.utils.dateparse import parse_datetime

from accounts.texts import storable

BIGGEST_NUMBER = 2**63 - 1


def asked(query: Mapping[str, str]) -> dict[str, str]:
    """The filters of an address as text that every database can look for."""
    return {name: storable(query[name]).strip() for name in query}


def number(text: str) -> int | None:
    """The number of a row, or None for what can be none."""
    try:
        found = int(text)
    except ValueError:
        return None
    return found if 0 < found <= BIGGEST_NUMBER else None


def place(cursor: str) -> tuple[datetime.datetime, int] | None:
    """Where a page ended: the moment and the number of its last row; None for anything else."""
    since, _comma, pk = cursor.partition(",")
    try:
        moment, last = parse_datetime(since), number(pk)
        return (moment.astimezone(datetime.UTC), last) if moment and last else None
    except (ValueError, OverflowError):
        return None
