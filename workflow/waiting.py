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
from accounts.models import Delegation, Office, User
from approvals.due_stories import standing_still, with_clock
from approvals.models import Seat, SignOff
from innovations.models import ConflictDeclaration, Participant
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
    found = [source.filter(_may_judge(reader.person)) for source in found]
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
        drafts = Instrument.objects.filter(innovation__cases=of_case, status__in=LIVING)
        found &= Q(~Exists(drafts.exclude(kind__in=letter.instrument_kinds)))
    if letter.ceiling is not None:
        money = CommitmentLine.objects.filter(commitment__innovation__cases=of_case)
        sums = money.order_by().values("commitment").annotate(total=Sum("amount"))
        found &= Q(~Exists(sums.filter(total__gt=letter.ceiling)))
    return found


def _may_judge(person: User) -> Q:
    """Not the own cases, nor those stepped back from; the initiator's own work is no judgement.

    Three questions, each from the index of the person: as one they would read every case.
    """
    of_case = OuterRef("process_id")
    own = Case.objects.filter(pk=of_case, innovation__initiator=person)
    shared = Participant.objects.filter(innovation__cases=of_case, user=person)
    left = ConflictDeclaration.objects.filter(
        innovation__cases=of_case, person=person, kind=ConflictDeclaration.Kind.RECUSE
    )
    own_work = [name for name, node in stages_by_name().items() if node.own_work]
    barred = Exists(own) | Exists(shared) | Exists(left)
    return Q(stage__in=own_work) | ~Q(barred)


def _of_others(reader: Reader) -> Source:
    """What waits for others, of the cases that the person initiated or has signed."""
    running = Case.objects.filter(finished__isnull=True).order_by().values("pk")
    signed = SignOff.objects.filter(person=reader.person).order_by().values("seat__process")
    mine = running.filter(innovation__initiator=reader.person).union(
        running.filter(innovation__participants__user=reader.person), running.filter(pk__in=signed)
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
    slices = [_slice(source, size, after) for source in found]
    if not slices:
        return []
    merged = slices[0].union(*slices[1:], all=True) if slices[1:] else slices[0]
    return [pk for _due, pk in merged.order_by("due", "pk")[:size]]


def _slice(source: Source, size: int, after: Cursor | None) -> QuerySet[Seat, Any]:
    if after:
        due, pk = after
        source = source.filter(due__gte=due).exclude(due=due, pk__lte=pk)
    urgent = source.order_by("due", "pk").values("pk")[:size]
    return Seat.objects.filter(pk__in=urgent).order_by().values_list("due", "pk")


def with_story(numbers: Sequence[int], reader: Reader) -> list[Seat]:
    """These seats with all that their lines tell, the most urgent first: one query.

    `shared_by`, `shared_since`: who has taken up a seat of the same group today; `declared`:
    whether the reader has declared their interests at the stage.
    """
    midnight = timezone.make_aware(
        datetime.datetime.combine(reader.on, datetime.time()), timezone.get_default_timezone()
    )
    taken_up = Seat.objects.filter(
        task=OuterRef("task"),
        group=OuterRef("group"),
        reconfirms__isnull=True,
        state=Seat.State.OPEN,
        claimed_at__gte=midnight,
    ).order_by("-claimed_at")
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
