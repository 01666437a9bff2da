"""What waits for a person, page by page; for others; and in the person's units."""

import datetime
from collections.abc import Mapping
from urllib.parse import urlencode

from accounts.addresses import asked, number
from accounts.models import User
from approvals.models import Seat

from .inbox_lines import Item, is_undeclared, lines_of, worked_on
from .reader import Reader, reader_of
from .stages import stage_labels
from .waiting import Cursor, most_urgent, sources, with_story

PAGE = 20
FILTERS = ("view", "stage", "late", "unit", "capacity", "q")


def filters_of(query: Mapping[str, str]) -> dict[str, str]:
    """The view and the filters that an address asks for; what says nothing is left out."""
    wanted = asked(query)
    if wanted.get("stage") not in stage_labels():
        wanted.pop("stage", None)
    return {name: wanted[name] for name in FILTERS if wanted.get(name)}


def query_of(filters: Mapping[str, str]) -> str:
    """The same as the query of an address."""
    return urlencode(filters)


def page_of(
    user: User, wanted: Mapping[str, str], reader: Reader | None = None
) -> tuple[list[Item], str]:
    """One page of the inbox and the cursor of the next one ("" on the last)."""
    reader = reader or reader_of(user)
    seats, following = seats_of_page(reader, wanted)
    return lines_of(seats, reader), following


def seats_of_page(reader: Reader, wanted: Mapping[str, str]) -> tuple[list[Seat], str]:
    """The seats of one page, and the cursor of the next one."""
    after = _place(asked(wanted).get("cursor", ""))
    found = most_urgent(sources(reader, filters_of(wanted)), PAGE + 1, after)
    seats = with_story(found[:PAGE], reader)
    last = seats[-1] if seats and len(found) > PAGE else None
    return seats, f"{last.due},{last.pk}" if last else ""


def undeclared_of_page(reader: Reader, wanted: Mapping[str, str]) -> tuple[list[Seat], str]:
    """The seats of a page of what waits for the reader that ask for a declaration first."""
    seats, following = seats_of_page(reader, {**asked(wanted), "view": ""})
    return [seat for seat in seats if is_undeclared(seat, reader)], following


def _place(cursor: str) -> Cursor | None:
    due, _comma, pk = cursor.partition(",")
    try:
        day, last = datetime.date.fromisoformat(due), number(pk)
    except ValueError:
        return None
    return (day, last) if last else None


def item_of(reader: Reader, seat: Seat) -> Item:
    """The inbox line of one seat, for its own page; whose it is where it is not the reader's."""
    (line,) = lines_of(with_story([seat.pk], reader), reader)
    return line


def next_seat(user: User, after: Seat, wanted: Mapping[str, str] | None = None) -> Seat | None:
    """What to go on with: the next of the same stage, else the next of all; then from the top.

    Within the filters first, without them when nothing is left there. What a colleague works on
    today is passed over.
    """
    reader, filters = reader_of(user), filters_of(wanted or {})
    if filters.get("view"):
        filters = {}
    same = {**filters, "stage": after.stage}
    behind = (after.due, after.pk) if after.due else None
    for narrowed in (same, filters, {}) if filters else (same, {}):
        for place in (behind, None) if behind else (None,):
            if found := _first_free(reader, narrowed, place, after):
                return found
    return None


def _first_free(
    reader: Reader, filters: Mapping[str, str], place: Cursor | None, but: Seat
) -> Seat | None:
    found = most_urgent(sources(reader, filters), PAGE, place)
    for seat in with_story([pk for pk in found if pk != but.pk], reader):
        if worked_on(seat, reader.on)[0] in (None, reader.person.pk):
            return seat
    return None
