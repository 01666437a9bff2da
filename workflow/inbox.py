"""What waits for a person: the open seats of the offices held today, and the seats by name."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Appointment, User
from accounts.offices import offices_held, today
from approvals.models import Seat
from approvals.policies import groups_of
from approvals.sign_offs import late

from .flows.institutionalisation import Institutionalisation
from .flows.monitoring import Monitoring
from .nodes.stage import stage_nodes

PAGE = 20


@dataclass(frozen=True)
class Item:
    """One line of the inbox, with the reason why it is this person's."""

    id: int
    code: str
    title: str
    stage: str
    stage_label: str
    capacity: str
    why: str
    since: datetime.datetime | None
    due: datetime.date | None
    late: bool
    consequence: str
    url: str


def stage_labels() -> dict[str, str]:
    """The name of every human stage of both flows, in the reader's language."""
    nodes = [*stage_nodes(Institutionalisation), *stage_nodes(Monitoring)]
    return {node.name: str(node.task_title) for node in nodes}


def open_seats(held: list[Appointment], user: User) -> QuerySet[Seat]:
    """The open seats of these offices and of this person, the most urgent first."""
    offices = [appointment.office_id for appointment in held]
    return (
        Seat.objects.filter(Q(office__in=offices) | Q(person=user), state=Seat.State.OPEN)
        .select_related("policy", "office")
        .order_by("due", "id")
    )


def filtered(seats: QuerySet[Seat], wanted: Mapping[str, str]) -> QuerySet[Seat]:
    """Narrow by the filters of the address: stage, and late only."""
    if wanted.get("stage") in stage_labels():
        seats = seats.filter(stage=wanted["stage"])
    if wanted.get("late"):
        seats = seats.filter(due__lt=today())
    return seats


def page_of(user: User, wanted: Mapping[str, str]) -> tuple[list[Item], str]:
    """One page of the inbox and the cursor of the next one ("" on the last)."""
    held = offices_held(user, today())
    seats = filtered(open_seats(held, user), wanted)
    if after := _parse_cursor(wanted.get("cursor", "")):
        due, pk = after
        seats = seats.filter(Q(due__gt=due) | Q(due=due, id__gt=pk))
    rows = list(seats[: PAGE + 1])
    labels = stage_labels()
    by_office = {appointment.office_id: appointment for appointment in held}
    items = [_item(seat, by_office.get(seat.office_id or 0), labels) for seat in rows[:PAGE]]
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return items, f"{last.due},{last.pk}" if last else ""


def _parse_cursor(cursor: str) -> tuple[datetime.date, int] | None:
    due, _comma, pk = cursor.partition(",")
    try:
        return datetime.date.fromisoformat(due), int(pk)
    except ValueError:
        return None


def _item(seat: Seat, appointment: Appointment | None, labels: Mapping[str, str]) -> Item:
    capacity = appointment.title if appointment else ""
    return Item(
        id=seat.pk,
        code=seat.case_code,
        title=seat.case_title,
        stage=seat.stage,
        stage_label=labels.get(seat.stage, seat.stage),
        capacity=capacity,
        why=_why(seat, appointment),
        since=seat.opened_at,
        due=seat.due,
        late=late(seat, today()),
        consequence=_consequence(seat),
        url=reverse("act", args=[seat.case_code, seat.pk]),
    )


def _why(seat: Seat, appointment: Appointment | None) -> str:
    if appointment is None:
        return _("It is addressed to you by name.")
    if appointment.capacity == Appointment.Capacity.DEFINITIVE:
        return _("It is for your office, %(office)s.") % {"office": appointment.office.title}
    return _("You sign as %(capacity)s, by letter %(letter)s.") % {
        "capacity": appointment.title,
        "letter": appointment.basis_number,
    }


def _consequence(seat: Seat) -> str:
    """What happens if this person does nothing."""
    if seat.stage == "revision":
        return _("Until you resubmit, the innovation stays where it is.")
    rule = groups_of(seat.policy)[seat.group].rule
    if rule == "n_of_m":
        return _("The panel goes on without you once enough members have answered.")
    if rule == "any" and len(groups_of(seat.policy)[seat.group].members) > 1:
        return _("A colleague of your section can take it instead.")
    return _("The innovation waits: nobody else can sign for this office.")


def item_of(user: User, seat: Seat) -> Item:
    """The inbox line of one seat, for its own page; whose it is where it is not the reader's."""
    held = {a.office_id: a for a in offices_held(user, today())}
    item = _item(seat, held.get(seat.office_id or 0), stage_labels())
    if seat.office_id in held or seat.person_id == user.pk:
        return item
    return replace(item, why=_("It is for %(holder)s.") % {"holder": seat.holder_label})


def next_seat(user: User, after: Seat) -> Seat | None:
    """The next item by urgency, the same stage first: reviewers go on with what they are in."""
    seats = open_seats(offices_held(user, today()), user).exclude(pk=after.pk)
    return seats.filter(stage=after.stage).first() or seats.first()
