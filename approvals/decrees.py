"""A decree changes the calendar: which due dates it would move, and the move itself."""

import datetime
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.models import User
from accounts.offices import today

from .calendar import (
    DAY,
    WorkingCalendar,
    basis_of,
    claim_calendar,
    current_rules,
    unit_parents,
)
from .deadlines import local_day, moved_due, unit_of
from .decree_faults import faults_of
from .models import CalendarDay, CalendarDecree, DueChange, Seat, WorkingWeek
from .new_decree import NewDecree
from .refusals import NotAllowed

RIGHT = "approvals.change_calendar"
# So many seats of a preview are shown by name, and so many are moved at a time.
SHOWN, BATCH = 20, 500


@dataclass(frozen=True)
class Move:
    """So many due dates go from one day to another."""

    before: datetime.date
    after: datetime.date
    count: int


@dataclass(frozen=True)
class Preview:
    """What a decree would move: how many due dates, from when to when, and the first seats."""

    count: int
    moves: list[Move]
    first: list[tuple[Seat, datetime.date]]


@dataclass
class Enacted:
    """A decree that took effect, and whose work it moved: numbers of offices, units and people."""

    decree: CalendarDecree
    moved: int = 0
    offices: set[int] = field(default_factory=set)
    units: set[int] = field(default_factory=set)
    people: set[int] = field(default_factory=set)


Dating = Callable[[datetime.date, datetime.datetime | None, int | None], datetime.date]


def check_right(person: User) -> None:
    """Raise NotAllowed for whoever may not change the calendar."""
    if not person.has_perm(RIGHT):
        raise NotAllowed(_("Only administrators of the calendar enter decrees that change it."))


def whole_calendar() -> WorkingCalendar:
    """The calendar with every unit's place, for a decree that may name any of them."""
    return WorkingCalendar(current_rules(), unit_parents())


def preview(new: NewDecree) -> Preview:
    """What the decree would do to the due dates of the open seats; nothing is changed."""
    calendar = whole_calendar()
    dating = _dating(calendar, new.laid_over(calendar))
    counted: Counter[tuple[datetime.date, datetime.date]] = Counter()
    first: dict[int, datetime.date] = {}
    rows = _touched(new).order_by("due", "pk")
    unit_of_row = Coalesce("office__unit", "unit")
    for pk, due, opened, unit in rows.values_list("pk", "due", "opened_at", unit_of_row):
        assert due is not None
        after = dating(due, opened, unit)
        if after != due:
            counted[due, after] += 1
            if len(first) < SHOWN:
                first[pk] = after
    moves = [Move(*days, count) for days, count in sorted(counted.items())]
    return Preview(counted.total(), moves, _named(first))


def _named(first: dict[int, datetime.date]) -> list[tuple[Seat, datetime.date]]:
    seats = Seat.objects.select_related("office", "unit", "person").in_bulk(first)
    return [(seats[pk], after) for pk, after in first.items()]


def _touched(new: NewDecree) -> QuerySet[Seat]:
    """The open seats that the decree may move: dates that have passed stay what they are."""
    return Seat.objects.filter(state=Seat.State.OPEN, due__gte=new.first_day)


def _dating(old: WorkingCalendar, new: WorkingCalendar) -> Dating:
    """The rule by which due dates move; equal cases are reckoned once."""
    yesterday = today() - DAY
    reckon = cache(lambda due, since, unit: moved_due(due, since, unit, old, new))

    def after(
        due: datetime.date, opened: datetime.datetime | None, unit: int | None
    ) -> datetime.date:
        since = max(yesterday, local_day(opened)) if opened else yesterday
        return reckon(due, since, unit)

    return after


@verb
def enact(actor: User, new: NewDecree) -> Enacted:
    """Enter a decree and move the due dates of open seats by it, each with its old date kept.

    What remained of a clock remains. Raises NotAllowed without the right, and ValidationError with
    a sentence for each fault that `faults_of` finds; nothing is changed then.
    """
    check_right(actor)
    claim_calendar()
    calendar = whole_calendar()
    if faults := faults_of(new, calendar):
        raise ValidationError([fault.full_sentence for fault in faults])
    decree = CalendarDecree.objects.create(
        number=new.number, date=new.date, title=new.title, entered_by=actor
    )
    _write_rules(decree, new)
    enacted = Enacted(decree)
    dating = _dating(calendar, new.laid_over(calendar, basis_of(decree)))
    for seats in _batches(_touched(new)):
        _move(actor, seats, dating, enacted)
    return enacted


def _write_rules(decree: CalendarDecree, new: NewDecree) -> None:
    for row in new.days:
        for day in row.days:
            CalendarDay.objects.create(
                decree=decree, day=day, working=row.working, name=row.name, unit=row.unit
            )
    for week in new.weeks:
        WorkingWeek.objects.create(
            decree=decree, unit=week.unit, valid_from=week.valid_from, days=week.days
        )


def _batches(seats: QuerySet[Seat]) -> Iterator[list[Seat]]:
    """The seats, locked, in pieces that fit into memory and into a statement."""
    last = 0
    while found := list(
        seats.filter(pk__gt=last)
        .select_related("office")
        .select_for_update(of=("self",))
        .order_by("pk")[:BATCH]
    ):
        yield found
        last = found[-1].pk


def _move(actor: User, seats: Sequence[Seat], dating: Dating, enacted: Enacted) -> None:
    moved: list[Seat] = []
    changes: list[DueChange] = []
    for seat in seats:
        assert seat.due is not None
        after = dating(seat.due, seat.opened_at, unit_of(seat))
        if after != seat.due:
            changes.append(
                DueChange(seat=seat, before=seat.due, after=after, decree=enacted.decree)
            )
            seat.due = after
            moved.append(seat)
    _write_dues(actor, moved)
    DueChange.objects.bulk_create(changes)
    enacted.moved += len(moved)
    enacted.offices |= {seat.office_id for seat in moved if seat.office_id}
    enacted.units |= {seat.unit_id for seat in moved if seat.unit_id}
    enacted.people |= {seat.person_id for seat in moved if seat.person_id}


def _write_dues(actor: User, seats: Sequence[Seat]) -> None:
    """One statement for each day; the versions of the rows are written beside it (SH1)."""

    def by_due(seat: Seat) -> datetime.date:
        assert seat.due is not None
        return seat.due

    for due, same in groupby(sorted(seats, key=by_due), by_due):
        Seat.objects.filter(pk__in=[seat.pk for seat in same]).update(due=due)
    Seat.history.bulk_history_create(seats, update=True, default_user=actor)
