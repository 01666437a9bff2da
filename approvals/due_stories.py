"""A due date explains itself: from when it runs, what did not count, what moved it, and why."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.offices import today

from .calendar import (
    DAY,
    FIVE_DAYS,
    LEAVE,
    Basis,
    Verdict,
    WorkingCalendar,
    current_calendar,
    holiday_name,
)
from .deadlines import late, local_day, unit_of
from .models import ClockPause, DueChange, Seat


@dataclass(frozen=True)
class DueStory:
    """A due date and what there is to say about it, in the reader's language."""

    day: datetime.date
    late: bool
    pause: ClockPause | None
    moves: list[str]
    sentences: list[str]

    @property
    def stands_since(self) -> datetime.date | None:
        """Since when the clock stands still."""
        return local_day(self.pause.started_at) if self.pause else None


def with_clock(seats: QuerySet[Seat]) -> QuerySet[Seat]:
    """The seats, each knowing whether a pause or a move is worth a look: most need no query."""
    paused = ClockPause.objects.filter(task=OuterRef("task"))
    moved = DueChange.objects.filter(seat=OuterRef("pk"))
    return seats.annotate(clock_paused=Exists(paused), due_moved=Exists(moved))


def standing_still() -> Exists:
    """Of seats: whether their clock stands still now."""
    return Exists(ClockPause.objects.filter(task=OuterRef("task"), ended_at=None))


def pauses_of(seats: Iterable[Seat]) -> list[ClockPause]:
    """Every pause of the seats' stages, in order."""
    tasks = {seat.task_id for seat in seats if getattr(seat, "clock_paused", True)}
    if not tasks:
        return []
    return list(ClockPause.objects.filter(task__in=tasks).select_related("started_by", "ended_by"))


def changes_of(seats: Iterable[Seat]) -> list[DueChange]:
    """Every move of the seats' due dates, in order."""
    moved = [seat.pk for seat in seats if getattr(seat, "due_moved", True)]
    if not moved:
        return []
    return list(DueChange.objects.filter(seat__in=moved).select_related("decree", "pause"))


def stories_of(
    seats: Sequence[Seat],
    pauses: Sequence[ClockPause] | None = None,
    changes: Sequence[DueChange] | None = None,
) -> dict[int, DueStory]:
    """The story of each seat's due date by the seat's number; a seat without a date has none.

    At most four queries for any number of seats, which come with `office` and `policy`. Whoever
    has read their pauses and moves already hands them over.
    """
    dated = [seat for seat in seats if seat.due]
    if not dated:
        return {}
    calendar = current_calendar()
    pauses = pauses_of(dated) if pauses is None else pauses
    changes = changes_of(dated) if changes is None else changes
    stories = {}
    for seat in dated:
        own = [pause for pause in pauses if pause.task_id == seat.task_id]
        moves = [_move(change) for change in changes if change.seat_id == seat.pk]
        stories[seat.pk] = _story(seat, own, moves, calendar)
    return stories


def _story(
    seat: Seat, pauses: list[ClockPause], moves: list[str], calendar: WorkingCalendar
) -> DueStory:
    assert seat.due is not None
    standing = next((pause for pause in pauses if pause.ended_at is None), None)
    sentences = [*_counting(seat, calendar), *moves]
    if standing:
        sentences.append(_standing(standing))
    overdue = standing is None and late(seat, today())
    return DueStory(seat.due, overdue, standing, moves, sentences)


def written(day: datetime.date) -> str:
    """A day in words: `Friday, 20 March 2026`."""
    return date_format(day, "l, j F Y")


def decree_label(basis: Basis) -> str:
    """A decree as a sentence names it."""
    values = {"number": basis.number, "date": date_format(basis.date, "j F Y")}
    return _("decree no. %(number)s of %(date)s") % values


def _counting(seat: Seat, calendar: WorkingCalendar) -> Iterator[str]:
    if seat.opened_at is None or seat.due is None:
        return
    arrived, allowed = local_day(seat.opened_at), seat.policy.working_days
    yield ngettext(
        "It arrived on %(day)s; the stage allows %(count)s working day from then.",
        "It arrived on %(day)s; the stage allows %(count)s working days from then.",
        allowed,
    ) % {"day": written(arrived), "count": allowed}
    yield from _not_counted(arrived, seat.due, unit_of(seat), calendar)


def _not_counted(
    arrived: datetime.date, due: datetime.date, unit: int | None, calendar: WorkingCalendar
) -> Iterator[str]:
    """The days from arrival to due date that did not count, and those that did by a decree."""
    days = [arrived + number * DAY for number in range(1, (due - arrived).days + 1)]
    verdicts = [(day, calendar.verdict(day, unit)) for day in days]
    if any(_by_week(day, verdict) for day, verdict in verdicts):
        yield _week_sentence(verdicts[-1][1])
    told = ((day, _remark(day, verdict)) for day, verdict in verdicts)
    yield from _joined([(day, remark) for day, remark in told if remark])


def _by_week(day: datetime.date, verdict: Verdict) -> bool:
    return not (verdict.working or verdict.rule or verdict.holiday)


def _week_sentence(verdict: Verdict) -> str:
    if verdict.week is None or verdict.week.days == FIVE_DAYS:
        return _("Saturdays and Sundays do not count.")
    return _("Sundays do not count: the unit works six days a week (%(decree)s).") % {
        "decree": decree_label(verdict.week.basis)
    }


def _remark(day: datetime.date, verdict: Verdict) -> tuple[str, str] | None:
    """A sentence about a day that does not go by the week, and the reason to fill in."""
    if rule := verdict.rule:
        sentence = (
            _("Counted: %(days)s (%(reason)s).")
            if rule.working
            else _("Not counted: %(days)s (%(reason)s).")
        )
        return sentence, f"{rule.name}, {decree_label(rule.basis)}"
    if verdict.holiday == LEAVE:
        return _("Not counted: %(days)s (%(reason)s)."), holiday_name(day)
    if verdict.holiday:
        return _("Not counted: %(days)s (national holiday: %(reason)s)."), holiday_name(day)
    return None


def _joined(days: Sequence[tuple[datetime.date, tuple[str, str]]]) -> Iterator[str]:
    """One sentence for days in a row that have the same remark."""
    start = 0
    for index, (day, remark) in enumerate(days):
        following = days[index + 1] if index + 1 < len(days) else None
        if following == (day + DAY, remark):
            continue
        sentence, reason = remark
        yield sentence % {"days": _span(days[start][0], day), "reason": reason}
        start = index + 1


def _span(first: datetime.date, last: datetime.date) -> str:
    if first == last:
        return written(first)
    return _("%(first)s to %(last)s") % {"first": written(first), "last": written(last)}


def _move(change: DueChange) -> str:
    values = {"before": written(change.before), "after": written(change.after)}
    sentence = _("Moved from %(before)s to %(after)s: %(reason)s.")
    return sentence % (values | {"reason": cause_of(change)})


def cause_of(change: DueChange) -> str:
    """Why a due date moved, in words."""
    if decree := change.decree:
        label = decree_label(Basis(decree.number, decree.date, decree.title))
        return f"{decree.title}, {label}"
    pause = change.pause
    assert pause is not None
    assert pause.ended_at is not None
    return _("the clock stood still from %(start)s to %(end)s, %(reason)s") % {
        "start": date_format(local_day(pause.started_at), "j F Y"),
        "end": date_format(local_day(pause.ended_at), "j F Y"),
        "reason": pause.reason,
    }


def _standing(pause: ClockPause) -> str:
    return _(
        "The clock has stood still since %(day)s, %(reason)s (%(person)s). "
        "The due date moves on by the working days that pass until it runs again."
    ) % {
        "day": written(local_day(pause.started_at)),
        "reason": pause.reason,
        "person": pause.started_by,
    }
