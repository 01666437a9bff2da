"""The register as administrators read it: people by pages, units as a tree, an office over time."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from .addresses import asked
from .models import Appointment, Delegation, Office, Unit, User
from .offices import appointments_on, holders_of, today
from .overview import Letter, state_of

PAGE = 25


@dataclass
class Person:
    """One line of the list of people."""

    user: User
    offices: list[str]


def page_of_people(wanted: Mapping[str, str]) -> tuple[list[Person], str]:
    """One page of people by name, with what they hold today, and the cursor of the next page."""
    wanted = asked(wanted)
    people = _filtered(
        User.objects.exclude(username=User.SYSTEM)
        .select_related("home_unit")
        .order_by("name_plain", "pk"),
        wanted,
    )
    name, _comma, pk = wanted.get("cursor", "").rpartition(",")
    if pk.isdecimal() and len(pk) <= 18:
        people = people.filter(Q(name_plain__gt=name) | Q(name_plain=name, pk__gt=int(pk)))
    rows = list(people[: PAGE + 1])
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    held = _titles(rows[:PAGE])
    page = [Person(user, held.get(user.pk, [])) for user in rows[:PAGE]]
    return page, f"{last.name_plain},{last.pk}" if last else ""


def _filtered(people: QuerySet[User], wanted: Mapping[str, str]) -> QuerySet[User]:
    if typed := wanted.get("q", "").strip():
        people = people.filter(
            Q(name_plain__icontains=typed) | Q(username__icontains=typed) | Q(nip__startswith=typed)
        )
    if wanted.get("unit", "").isdecimal():
        people = people.filter(home_unit=int(wanted["unit"][:18]))
    if wanted.get("state") in ("active", "inactive"):
        people = people.filter(is_active=wanted["state"] == "active")
    return people


def _titles(people: Iterable[User]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for one in appointments_on(today()).filter(user__in=people):
        found.setdefault(one.user_id, []).append(one.title)
    return found


@dataclass
class Post:
    """An office of the tree, with who speaks for it today."""

    office: Office
    holder: Appointment | None


@dataclass
class Branch:
    """A unit of the tree with its offices and the units below."""

    unit: Unit
    posts: list[Post] = field(default_factory=list)
    below: list["Branch"] = field(default_factory=list)


def tree_of_units(on: datetime.date) -> list[Branch]:
    """Every unit below the one it belongs to, with its offices and their holders: three queries."""
    branches = {unit.pk: Branch(unit) for unit in Unit.objects.order_by("name", "pk")}
    offices = list(Office.objects.order_by("-is_head", "title", "pk"))
    holders = holders_of(offices, on)
    for office in offices:
        branches[office.unit_id].posts.append(Post(office, holders.get(office.pk)))
    roots: list[Branch] = []
    for branch in branches.values():
        above = branches.get(branch.unit.parent_id or 0)
        (above.below if above else roots).append(branch)
    return roots


@dataclass
class Span:
    """Some days of an office: an appointment, or a gap in which nobody was appointed."""

    start: datetime.date
    end: datetime.date | None
    appointment: Appointment | None
    state: str

    @property
    def days(self) -> int:
        """How long it was or has been, both days counted."""
        return ((self.end or today()) - self.start).days + 1


A_DAY = datetime.timedelta(days=1)


def spans_of(office: Office, on: datetime.date) -> list[Span]:
    """Who held the office when, the newest first, with the gaps in which nobody did."""
    speaking = holders_of([office], on).get(office.pk)
    appointments = office.appointments.select_related("user", "letter", "office")
    spans: list[Span] = []
    reached: datetime.date | None = None
    for one in appointments.order_by("start", "pk"):
        if reached is not None and one.start - A_DAY > reached:
            spans.append(Span(reached + A_DAY, one.start - A_DAY, None, "gap"))
        spans.append(Span(one.start, one.end, one, _state(one, speaking, on)))
        last = one.end or datetime.date.max
        reached = last if reached is None else max(reached, last)
    if reached is not None and reached < on:
        spans.append(Span(reached + A_DAY, None, None, "gap"))
    return spans[::-1]


def _state(one: Appointment, speaking: Appointment | None, on: datetime.date) -> str:
    if one.start > on:
        return "coming"
    if one.end is not None and one.end < on:
        return "over"
    return "speaks" if speaking and speaking.pk == one.pk else "resting"


def letters_of(office: Office, on: datetime.date) -> list[Letter]:
    """Who acts on behalf of the holders of an office or will, and the letters of before."""
    speaking = holders_of([office], on).get(office.pk)
    given = Delegation.objects.filter(principal__office=office).select_related(
        "delegate", "letter", "principal__user", "principal__office"
    )
    return [Letter(one, state_of(one, speaking, on)) for one in given]
