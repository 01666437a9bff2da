"""The moments at which something of a case was written: where the slider of the time line stops."""

import datetime
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from workflow.models import Case

from .history import ONE_ACT
from .names import versions
from .registry import GOVERNED, versions_of
from .showing import stage_then

# More stops than a slider has room for are thinned out; first and last stay.
MOST_STOPS = 240

Moments = Sequence[datetime.datetime]


@dataclass(frozen=True)
class Station:
    """A stage, and the moment at which the case stood there first."""

    stage: str
    at: datetime.datetime


def stops_of(innovation: int) -> list[datetime.datetime]:
    """The end of every act, the first one first; two columns in one query."""
    parts = [versions_of(governed, innovation).order_by() for governed in GOVERNED]
    written = [part.values_list("history_date", "history_user") for part in parts]
    found: list[datetime.datetime] = []
    last = None
    for moment, who in written[0].union(*written[1:]).order_by("history_date"):
        if found and who == last and moment - found[-1] < ONE_ACT:
            found[-1] = moment
        else:
            found.append(moment)
        last = who
    return found


def thinned(stops: Moments) -> list[datetime.datetime]:
    """As many stops as a slider has room for, evenly chosen, the first and the last among them."""
    if len(stops) <= MOST_STOPS:
        return list(stops)
    last = len(stops) - 1
    return [stops[round(n * last / (MOST_STOPS - 1))] for n in range(MOST_STOPS)]


def place_of(stops: Moments, at: datetime.datetime) -> int:
    """The number of the last stop up to a moment; 0 before the first."""
    return max(bisect_right(stops, at) - 1, 0)


def act_of(stops: Moments, written: datetime.datetime) -> datetime.datetime:
    """The end of the act in which something was written."""
    return stops[min(bisect_left(stops, written), len(stops) - 1)]


def neighbours(
    stops: Moments, at: datetime.datetime
) -> tuple[datetime.datetime | None, datetime.datetime | None]:
    """The stops before and after the one at which a moment stands."""
    here = bisect_right(stops, at)
    before = stops[here - 2] if here >= 2 else None
    return before, stops[here] if here < len(stops) else None


def stations_of(case: Case, stops: Moments) -> list[Station]:
    """Every time that the case entered a stage, the first one first."""
    rows = versions(Case).filter(process_ptr_id=case.pk).order_by("history_id")
    found: list[Station] = []
    last = None
    for stage, at in rows.values_list("stage", "history_date"):
        if stage != last and stage:
            found.append(Station(stage_then(stage), act_of(stops, at)))
        last = stage or last
    return found
