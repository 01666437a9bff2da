"""What is wrong with a decree that somebody wants to enter: a sentence for each fault."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.offices import today

from .calendar import FIVE_DAYS, WorkingCalendar, holiday_name
from .models import CalendarDecree
from .new_decree import NewDays, NewDecree, NewWeek

DAYS, WEEKS = "days", "weeks"
LONGEST_SPAN = 31
YEARS_AHEAD = 5


@dataclass(frozen=True)
class Fault:
    """One fault: the table and the row (from 0) it is in, its field, and the way to mend it."""

    sentence: str
    field: str = ""
    table: str = ""
    row: int = 0

    @property
    def full_sentence(self) -> str:
        """The sentence with its row, for whoever sees no form."""
        if not self.table:
            return self.sentence
        return _("Row %(number)s, %(error)s") % {"number": self.row + 1, "error": self.sentence}


def faults_of(new: NewDecree, calendar: WorkingCalendar) -> list[Fault]:
    """What is wrong with the decree, in the calendar that it would change; one fault for a row.

    Rows are held against the calendar once each of them is in order by itself.
    """
    return [*_of_the_decree(new), *(list(_of_shapes(new)) or _of_contents(new, calendar))]


def _of_shapes(new: NewDecree) -> Iterator[Fault]:
    for number, row in enumerate(new.days):
        yield from _first(_shape_of_days(row), DAYS, number)
    for number, week in enumerate(new.weeks):
        yield from _first(_out_of_time(week.valid_from, "valid_from"), WEEKS, number)


def _of_contents(new: NewDecree, calendar: WorkingCalendar) -> Iterator[Fault]:
    for number, row in enumerate(new.days):
        yield from _first(_of_days(new, number, row, calendar), DAYS, number)
    for number, week in enumerate(new.weeks):
        yield from _first(_of_week(new, number, week, calendar), WEEKS, number)


def _first(faults: Iterator[Fault], table: str, row: int) -> Iterator[Fault]:
    for fault in faults:
        yield replace(fault, table=table, row=row)
        return


def written(day: datetime.date) -> str:
    """A day in words, in the reader's language."""
    return date_format(day, "l, j F Y")


def _of_the_decree(new: NewDecree) -> Iterator[Fault]:
    if not new.days and not new.weeks:
        yield Fault(_("Enter at least one day or one working week that the decree changes."))
    if new.date > today():
        yield Fault(
            _("The decree is dated in the future. Enter it once it has been issued."), "date"
        )
    known = CalendarDecree.objects.filter(number=new.number, date=new.date)
    if entered := known.select_related("entered_by").first():
        yield Fault(
            _("%(person)s entered this decree already. Give a correction its own number.")
            % {"person": entered.entered_by},
            "number",
        )


def _out_of_time(first: datetime.date, field: str) -> Iterator[Fault]:
    if first < today():
        sentence = _(
            "%(day)s has passed: due dates that have passed are not rewritten. "
            "Choose today or a later day."
        )
        yield Fault(sentence % {"day": written(first)}, field)
    if first.year > today().year + YEARS_AHEAD:
        sentence = _("%(day)s lies more than %(years)s years ahead. Check the year.")
        yield Fault(sentence % {"day": written(first), "years": YEARS_AHEAD}, field)


def _shape_of_days(row: NewDays) -> Iterator[Fault]:
    if row.last < row.first:
        yield Fault(_("The last day lies before the first. Check both days."), "last")
    yield from _out_of_time(row.first, "first")
    if row.length > LONGEST_SPAN:
        sentence = _("A row holds at most %(days)s days. Check the last day.")
        yield Fault(sentence % {"days": LONGEST_SPAN}, "last")


def _of_days(
    new: NewDecree, number: int, row: NewDays, calendar: WorkingCalendar
) -> Iterator[Fault]:
    yield from _twice(new, number, row)
    yield from _superseded(new, row, calendar)
    others = replace(new, days=[*new.days[:number], *new.days[number + 1 :]])
    yield from _idle(row, others.laid_over(calendar))


def _twice(new: NewDecree, number: int, row: NewDays) -> Iterator[Fault]:
    for earlier, other in enumerate(new.days[:number]):
        common = sorted(set(row.days) & set(other.days))
        if other.unit == row.unit and common:
            sentence = _("%(day)s stands in row %(row)s already. Keep one of the two.")
            yield Fault(sentence % {"day": written(common[0]), "row": earlier + 1}, "first")


def _superseded(new: NewDecree, row: NewDays, calendar: WorkingCalendar) -> Iterator[Fault]:
    unit = row.unit.pk if row.unit else None
    for day in row.days:
        rule = calendar.rules.days.get((unit, day))
        if rule and rule.basis.date > new.date:
            yield Fault(
                _("%(day)s was settled by a later decree, no. %(number)s of %(date)s.")
                % {
                    "day": written(day),
                    "number": rule.basis.number,
                    "date": date_format(rule.basis.date, "j F Y"),
                },
                "first",
            )


def _units_below(unit: int | None, calendar: WorkingCalendar) -> set[int | None]:
    """Whoever's days the row decides: the unit, and those below it that have rules of their own."""
    if unit is None:
        return {None, *calendar.rules.units}
    return {unit, *(own for own in calendar.rules.units if unit in _line(own, calendar))}


def _line(unit: int, calendar: WorkingCalendar) -> set[int]:
    line: set[int] = set()
    above: int | None = unit
    while above is not None and above not in line:
        line.add(above)
        above = calendar.parents.get(above)
    return line


def _idle(row: NewDays, calendar: WorkingCalendar) -> Iterator[Fault]:
    """A row that declares what is so already."""
    units = _units_below(row.unit.pk if row.unit else None, calendar)
    verdicts = [calendar.verdict(day, unit) for day in row.days for unit in units]
    if any(verdict.working != row.working for verdict in verdicts):
        return
    if row.working:
        sentence = _("%(day)s is a working day already. Remove the row.")
    else:
        sentence = _("%(day)s is free already%(name)s. Remove the row.")
    verdict = verdicts[0]
    name = verdict.rule.name if verdict.rule else holiday_name(row.first)
    values = {"day": written(row.first), "name": f" ({name})" if name else ""}
    yield Fault(sentence % values, "first")


def _of_week(
    new: NewDecree, number: int, week: NewWeek, calendar: WorkingCalendar
) -> Iterator[Fault]:
    yield from _out_of_time(week.valid_from, "valid_from")
    if any(other.unit == week.unit for other in new.weeks[:number]):
        sentence = _("%(unit)s stands in an earlier row already. Keep one of the two.")
        yield Fault(sentence % {"unit": week.unit}, "unit")
    for rule in calendar.rules.weeks.get(week.unit.pk, ()):
        if rule.basis.date > new.date:
            sentence = _("The week of %(unit)s was settled by a later decree, no. %(number)s.")
            yield Fault(sentence % {"unit": week.unit, "number": rule.basis.number}, "unit")
    now = calendar.week(week.valid_from, week.unit.pk)
    if (now.days if now else FIVE_DAYS) == week.days:
        sentence = _("%(unit)s works that week already. Remove the row.")
        yield Fault(sentence % {"unit": week.unit}, "days")
