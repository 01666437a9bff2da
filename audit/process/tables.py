"""The process view as tables: page, CSV and XLSX show the same cells."""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.models import Office
from approvals.models import ClockPause
from workflow.stages import place_labels, stages_by_name

from . import conformance, durations, stops, variants
from .conformance import DEVIATION, REOPENED, WRITTEN
from .days import Spread
from .durations import Answers
from .scope import Scope

SHOWN = 20
MOST_STANDING = 1_000
Row = list[Any]


@dataclass(frozen=True)
class Cell:
    """What stands under a head: a text, perhaps a link and the length of a bar in percent."""

    head: str
    text: str
    link: str = ""
    bar: int | None = None


@dataclass(frozen=True)
class Table:
    """Rows under heads.

    bar: the column that is drawn as well. percent: those that hold shares. code: the one that
    names a case.
    """

    key: str
    title: str
    note: str
    heads: Sequence[str]
    rows: list[Row]
    bar: int
    percent: frozenset[int] = frozenset()
    code: int | None = None

    @property
    def shown(self) -> list[list[Cell]]:
        """The first rows as they are drawn."""
        longest = max((row[self.bar] or 0 for row in self.rows), default=0)
        return [
            [self._cell(column, cell, longest) for column, cell in enumerate(row)]
            for row in self.rows[:SHOWN]
        ]

    @property
    def rest(self) -> int:
        """How many rows the download has beyond those shown."""
        return max(0, len(self.rows) - SHOWN)

    def _cell(self, column: int, cell: Any, longest: int) -> Cell:
        link = reverse("case", args=[cell]) if column == self.code and cell else ""
        drawn = column == self.bar and longest and cell is not None
        return Cell(
            self.heads[column],
            self._word(column, cell),
            link,
            round(100 * cell / longest) if drawn else None,
        )

    def _word(self, column: int, cell: Any) -> str:
        if cell is None or cell == "":
            return "–"
        if isinstance(cell, datetime.date):
            return date_format(cell, "j M Y")
        return f"{cell:.0%}" if column in self.percent else str(cell)


def tables_of(part: str, scope: Scope) -> list[Table]:
    """The tables of one part of the view; raises KeyError for a part that does not exist."""
    return list(PARTS[part][1](scope))


# ---- durations ----


def _times(scope: Scope) -> Iterable[Table]:
    days = durations.working_days(scope)
    measured = durations.answers(scope, days)
    yield _stages(durations.visits(scope, days), measured)
    yield _units(durations.journeys(scope, days), measured)
    yield _offices(measured)


def _stages(visits: Mapping[str, durations.Visits], measured: durations.Measured) -> Table:
    names = [name for name in stages_by_name() if name in visits]
    return Table(
        "stages",
        _("Stages"),
        _("Working days in a stage, and until those asked there answered."),
        [
            *(_("Stage"), _("Left"), _("There now")),
            *(_("Median in the stage"), _("9 of 10 within"), _("Longest")),
            *_answer_heads(),
        ],
        [
            [
                _label(name),
                visits[name].cycle.count,
                visits[name].running.count,
                *_spread(visits[name].cycle),
                *_answer_cells(measured.stages[name]),
            ]
            for name in names
        ],
        bar=3,
        percent=frozenset({9}),
    )


def _units(journeys: Mapping[int, durations.Journeys], measured: durations.Measured) -> Table:
    names = durations.unit_names()
    keys = sorted(journeys.keys() | measured.units.keys(), key=lambda key: names.get(key or 0, ""))
    return Table(
        "units",
        _("Units"),
        _("Working days until the unit's offices answered, and of the cases that the unit owns."),
        [
            *(_("Unit"), _("Answered"), *_answer_heads(), _("Open now"), _("Overdue now")),
            *(_("Own cases ended"), _("Median of a case"), _("Own cases running")),
        ],
        [
            [
                names.get(key or 0) or _("Asked by name"),
                measured.units[key].cycle.count,
                *_answer_cells(measured.units[key]),
                measured.units[key].open,
                measured.units[key].overdue,
                *_journey_cells(journeys.get(key or 0)),
            ]
            for key in keys
        ],
        bar=2,
        percent=frozenset({5}),
    )


def _journey_cells(journeys: durations.Journeys | None) -> Row:
    if journeys is None:
        return [0, None, 0]
    return [journeys.cycle.count, journeys.cycle.median, journeys.running]


def _offices(measured: durations.Measured) -> Table:
    titles = dict(Office.objects.order_by().values_list("pk", "title"))
    found = [(titles.get(key or 0, _("Asked by name")), one) for key, one in _slowest(measured)]
    return Table(
        "offices",
        _("Offices"),
        _("Working days from being asked until the answer, the slowest first."),
        [_("Office"), _("Answered"), *_answer_heads(), _("Open now"), _("Overdue now")],
        [
            [title, one.cycle.count, *_answer_cells(one), one.open, one.overdue]
            for title, one in found
        ],
        bar=2,
        percent=frozenset({5}),
    )


def _slowest(measured: durations.Measured) -> list[tuple[int | None, Answers]]:
    return sorted(
        measured.offices.items(),
        key=lambda item: (-(item[1].cycle.median or 0), -item[1].cycle.count, item[0] or 0),
    )


def _answer_heads() -> list[str]:
    return [_("Median until answered"), _("Median until taken up"), _("Norm"), _("Late")]


def _answer_cells(one: Answers) -> Row:
    return [one.cycle.median, one.waiting.median, one.norm, one.late_share]


def _spread(spread: Spread) -> Row:
    return [spread.median, spread.ninth, spread.longest]


# ---- variants ----


def _variants(scope: Scope) -> Iterable[Table]:
    found = variants.variants(scope, durations.working_days(scope))
    total = sum(one.cases for one in found)
    yield Table(
        "variants",
        _("Variants"),
        _("Cases that went through the same stages in the same order."),
        [_("Way"), _("Cases"), _("Share"), _("Running"), _("Median of a case"), _("For example")],
        [
            [_way(one.path), one.cases, one.cases / total, one.running, one.cycle.median]
            + [one.example]
            for one in found
        ],
        bar=1,
        percent=frozenset({2}),
        code=5,
    )
    yield _returns(found)


def _returns(found: Sequence[variants.Variant]) -> Table:
    back = variants.sent_back(found)
    ordered = sorted(back.items(), key=lambda item: (-item[1], item[0]))
    return Table(
        "returns",
        _("Sent back"),
        _("How often cases went back to the initiator or to a stage that they had left."),
        [_("From step"), _("To step"), _("Times")],
        [[_label(before), _label(after), times] for (before, after), times in ordered],
        bar=2,
    )


def _way(path: Sequence[str]) -> str:
    return " → ".join(map(_label, path)) or "–"


# ---- stops ----


def _stops(scope: Scope) -> Iterable[Table]:
    days = durations.working_days(scope)
    ends = stops.ends(scope, days)
    yield Table(
        "ends",
        _("Ends without a decree"),
        _("Where cases ended that came to no instrument, and after how many working days."),
        [_("How it ended"), _("Last stage"), _("Cases"), _("Median of a case")],
        [[_label(one.end), _label(one.stage), one.cases, one.cycle.median] for one in ends],
        bar=2,
    )
    waits = stops.standing(scope, days, MOST_STANDING)
    yield Table(
        "standing",
        _("Cases that stand the longest"),
        _("Working days in the step in which each running case is now."),
        [_("Code"), _("Innovation"), _("Step"), _("Since"), _("Working days")],
        [[one.code, one.name, scope.label(one.stage), one.since, one.days] for one in waits],
        bar=4,
        code=0,
    )
    yield _pauses(stops.pauses(scope, days))


def _pauses(found: Iterable[stops.Pauses]) -> Table:
    kinds = dict(ClockPause.Kind.choices)
    return Table(
        "pauses",
        _("Clocks that stood still"),
        _("Working days for which the clock of a stage was stopped, by the reason given."),
        [_("Stage"), _("Reason"), _("Ended"), _("Standing now"), _("Median"), _("Longest")],
        [
            [_label(one.stage), str(kinds[one.kind]), one.spread.count, one.running]
            + [one.spread.median, one.spread.longest]
            for one in found
        ],
        bar=4,
    )


# ---- conformance ----

VERDICTS = {
    WRITTEN: gettext_lazy("as written"),
    REOPENED: gettext_lazy("opened anew by the secretariat"),
    DEVIATION: gettext_lazy("not in the written process"),
}


def _conformance(scope: Scope) -> Iterable[Table]:
    faults = conformance.faults(scope)
    yield Table(
        "faults",
        _("What the written process rules out"),
        _("Cases in which it happened all the same; none is as it should be."),
        [_("Deviation"), _("Cases"), _("For example")],
        [[str(one.label), one.cases, one.example] for one in faults],
        bar=1,
        code=2,
    )
    moves = conformance.moves(scope)
    yield Table(
        "moves",
        _("Steps compared with the written process"),
        _("Every move from one step to the next, deviations first."),
        [_("From step"), _("To step"), _("Verdict"), _("Times"), _("Cases"), _("For example")],
        [
            [scope.label(one.before), scope.label(one.after), str(VERDICTS[one.verdict])]
            + [one.times, one.cases, one.example]
            for one in moves
        ],
        bar=3,
        code=5,
    )


@cache
def _labels(_language: str | None) -> Mapping[str, str]:
    return place_labels()


def _label(name: str) -> str:
    return _labels(get_language()).get(name, name)


PARTS: dict[str, tuple[Any, Callable[[Scope], Iterable[Table]]]] = {
    "times": (gettext_lazy("Durations"), _times),
    "variants": (gettext_lazy("Variants"), _variants),
    "stops": (gettext_lazy("Where cases stop"), _stops),
    "conformance": (gettext_lazy("Conformance"), _conformance),
}
