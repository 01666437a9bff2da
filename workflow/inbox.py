"""What waits for a person, page by page; for others; and in the person's units."""

import datetime
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from accounts.addresses import asked, number
from accounts.models import User
from approvals.models import Seat

from .inbox_lines import Item, is_undeclared, lines_of, told, worked_on
from .reader import Reader, reader_of
from .stages import stage_labels
from .waiting import Cursor, most_urgent, nearest_to, sources, with_story

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


def next_seat(reader: Reader, after: Seat, wanted: Mapping[str, str] | None = None) -> Seat | None:
    """What to go on with: one of the same stage first, else the next behind, else from the top.

    Of the nearest ones, that is. Within the filters first, without them when nothing is left
    there. What a colleague works on today is passed over.
    """
    filters = filters_of(wanted or {})
    if filters.get("view"):
        filters = {}
    for narrowed in (filters, {}) if filters else ({},):
        for seat in nearest_to(after, sources(reader, narrowed), PAGE, reader.on):
            if not told(seat, "busy") or _is_free(seat, reader):
                return seat
    return None


def following_on_page(items: Sequence[Item], after: Seat, wanted: Mapping[str, str]) -> Item | None:
    """The next of the same stage behind a seat on a page of what waits for the reader.

    None where the page cannot tell: `next_seat` looks further.
    """
    if wanted.get("view") or after.due is None:
        return None
    for item in items:
        behind = item.due is not None and (item.due, item.id) > (after.due, after.pk)
        if behind and item.stage == after.stage and not item.busy:
            return item
    return None


def _is_free(seat: Seat, reader: Reader) -> bool:
    (line,) = with_story([seat.pk], reader)
    return worked_on(line, reader.on)[0] in (None, reader.person.pk)
