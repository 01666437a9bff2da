"""The open seats that concern a person, from an index of their own each: fast at any size.

A list over several offices would sort all of their seats for one page. Here every office, unit
and person is a source that gives its most urgent seats by its index; the page is their merge.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import (
    CharField,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.utils import timezone

from accounts.addresses import number
from accounts.authority import Authority
from accounts.models import Delegation, Office
from approvals.due_stories import standing_still, with_clock
from approvals.models import Seat, SignOff
from innovations.models import ConflictDeclaration
from legal_basis.drafting import LIVING
from legal_basis.models import Instrument
from planning.models import CommitmentLine

from .models import Case
from .reader import BY_NAME, BY_UNIT, Reader, kind_of
from .stages import stages_by_name

Source = QuerySet[Seat]
Cursor = tuple[datetime.date, int]
OTHERS, UNIT = "others", "unit"


def sources(reader: Reader, wanted: Mapping[str, str]) -> list[Source]:
    """The seats of the view that is wanted, narrowed by its filters: one source per index."""
    view = wanted.get("view", "")
    if view == OTHERS:
        found = [_of_others(reader)]
    elif view == UNIT:
        found = _of_units(reader)
    else:
        found = _for(reader, wanted.get("capacity", ""))
    narrow = _narrowing(wanted, reader.on)
    return [source.filter(narrow) for source in found]


# ---- the views ----


def _open() -> Source:
    return Seat.objects.filter(state=Seat.State.OPEN)


def _for(reader: Reader, capacity: str) -> list[Source]:
    """What waits for the person: by office, by unit, by name; `capacity` names one kind."""
    found = []
    for office, rights in reader.offices.items():
        if chosen := [right for right in rights if capacity in ("", kind_of(right))]:
            found.append(_within(_open().filter(office=office), chosen))
    if capacity in ("", BY_UNIT):
        found += [_within(_open().filter(unit=u), rights) for u, rights in reader.units.items()]
    found = [source.filter(_may_judge(reader)) for source in found]
    if capacity in ("", BY_NAME):
        found.append(_open().filter(person=reader.person))
    return found


def _within(seats: Source, rights: Sequence[Authority]) -> Source:
    """What one of the rights reaches, by the limits of its letter."""
    reaches = [_reach_of(right.delegation) for right in rights]
    if not all(reaches):
        # One of them is unlimited.
        return seats
    return seats.filter(reduce(or_, reaches))


def _reach_of(letter: Delegation | None) -> Q:
    """The seats within the limits of a letter; empty where nothing limits the right."""
    found = Q()
    if letter is None:
        return found
    if letter.stages:
        found &= Q(stage__in=letter.stages)
    of_case = OuterRef("process_id")
    if letter.instrument_kinds:
        living = Instrument.objects.filter(status__in=LIVING).order_by("-pk")
        newest = living.filter(innovation=OuterRef("innovation")).values("pk")[:1]
        drafts = Instrument.objects.filter(innovation__cases=of_case, pk=Subquery(newest))
        found &= Q(~Exists(drafts.exclude(kind__in=letter.instrument_kinds)))
    if letter.ceiling is not None:
        money = CommitmentLine.objects.filter(commitment__innovation__cases=of_case)
        sums = money.order_by().values("commitment").annotate(total=Sum("amount"))
        found &= Q(~Exists(sums.filter(total__gt=letter.ceiling)))
    return found


def _may_judge(reader: Reader) -> Q:
    """Not the own cases, nor those stepped back from; the initiator's own work is no judgement."""
    if not reader.barred:
        return Q()
    own_work = [name for name, node in stages_by_name().items() if node.own_work]
    return Q(stage__in=own_work) | ~Q(process__in=reader.barred)


def _of_others(reader: Reader) -> Source:
    """What waits for others, of the cases that the person initiated or has signed."""
    running = Case.objects.filter(finished__isnull=True).order_by().values("pk")
    signed = SignOff.objects.filter(person=reader.person).order_by().values("seat__process")
    mine = running.filter(innovation__initiator=reader.person).union(
        running.filter(innovation__caretaker=reader.person),
        running.filter(innovation__participants__user=reader.person),
        running.filter(pk__in=signed),
    )
    seats = _open().filter(process__in=mine).exclude(person=reader.person)
    return seats.exclude(office__in=reader.offices).exclude(unit__in=reader.units)


def _of_units(reader: Reader) -> list[Source]:
    """What waits at the offices of the units that the person belongs to or leads."""
    units = reader.units_around().values("pk")
    waiting = Exists(_open().filter(office=OuterRef("pk")))
    offices = Office.objects.filter(waiting, unit__in=units).order_by().values_list("pk", flat=True)
    found = [_open().filter(office=office) for office in offices]
    found.append(_open().filter(unit__in=units))
    readable = Case.objects.readable_by(reader.person, reader.rights)
    if readable.query.where:
        readable = readable.filter(pk=OuterRef("process_id"))
        found = [source.filter(Exists(readable)) for source in found]
    return found


# ---- the filters ----


def _narrowing(wanted: Mapping[str, str], on: datetime.date) -> Q:
    found = Q()
    if stage := wanted.get("stage"):
        found &= Q(stage=stage)
    if wanted.get("late"):
        found &= Q(~standing_still(), due__lt=on)
    if unit := number(wanted.get("unit", "")):
        of_unit = Case.objects.filter(innovation__owning_unit=unit)
        found &= Q(process__in=of_unit.order_by().values("pk"))
    if words := wanted.get("q"):
        found &= Q(case_title__icontains=words) | Q(case_code__icontains=words)
    return found


# ---- pages ----


def most_urgent(found: Iterable[Source], size: int, after: Cursor | None = None) -> list[int]:
    """The numbers of the most urgent seats of all sources, behind a place: one query."""
    merged = _merged([_slice(source, size, after) for source in found])
    return [pk for _due, pk, _stage in merged[:size]]


def nearest_to(seat: Seat, found: Iterable[Source], size: int, on: datetime.date) -> list[Seat]:
    """What to go on with after a seat, the best first: two queries.

    The nearest behind it and the most urgent of all, those of its stage before the others. `busy`:
    somebody may be working on it today.
    """
    place = (seat.due, seat.pk) if seat.due else None
    others = [source.exclude(pk=seat.pk) for source in found]
    rows = set(_merged([_slice(one, size, after) for one in others for after in {place, None}]))

    def order(row: tuple[datetime.date, int, str]) -> tuple[bool, bool, datetime.date, int]:
        due, pk, stage = row
        return stage != seat.stage, place is not None and (due, pk) < place, due, pk

    numbers = [pk for _due, pk, _stage in sorted(rows, key=order)[:size]]
    busy = Q(claimed_at__gte=_midnight(on)) | Exists(_taken_up(on))
    seats = Seat.objects.filter(pk__in=numbers).annotate(busy=Q(busy)).in_bulk()
    return [seats[pk] for pk in numbers if pk in seats]


def _merged(slices: Sequence[QuerySet[Seat, Any]]) -> Any:
    if not slices:
        return []
    merged = slices[0].union(*slices[1:], all=True) if slices[1:] else slices[0]
    return merged.order_by("due", "pk")


def _slice(source: Source, size: int, after: Cursor | None) -> QuerySet[Seat, Any]:
    if after:
        due, pk = after
        source = source.filter(due__gte=due).exclude(due=due, pk__lte=pk)
    urgent = source.order_by("due", "pk").values("pk")[:size]
    return Seat.objects.filter(pk__in=urgent).order_by().values_list("due", "pk", "stage")


def with_story(numbers: Sequence[int], reader: Reader) -> list[Seat]:
    """These seats with all that their lines tell, the most urgent first: one query at most.

    `shared_by`, `shared_since`: who has taken up a seat of the same group today; `declared`:
    whether the reader has declared their interests at the stage.
    """
    if not numbers:
        return []
    taken_up = _taken_up(reader.on).order_by("-claimed_at")
    declared = ConflictDeclaration.objects.filter(
        person=reader.person, stage=OuterRef("stage"), innovation__cases=OuterRef("process_id")
    )
    seats = with_clock(Seat.objects.filter(pk__in=numbers)).annotate(
        shared_by=Subquery(taken_up.values("claimed_by__name_plain")[:1], output_field=CharField()),
        shared_by_id=Subquery(taken_up.values("claimed_by")[:1]),
        shared_since=Subquery(taken_up.values("claimed_at")[:1], output_field=DateTimeField()),
        declared=Exists(declared),
    )
    related = ("policy", "office", "unit", "person", "claimed_by")
    return list(seats.select_related(*related).order_by(F("due"), "pk"))


def _taken_up(on: datetime.date) -> Source:
    """The seats that somebody has taken up today, of the group of the seat outside."""
    return _open().filter(
        task=OuterRef("task"),
        group=OuterRef("group"),
        reconfirms__isnull=True,
        claimed_at__gte=_midnight(on),
    )


def _midnight(on: datetime.date) -> datetime.datetime:
    start = datetime.datetime.combine(on, datetime.time())
    return timezone.make_aware(start, timezone.get_default_timezone())
