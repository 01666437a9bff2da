"""The lines of the inbox, in sentences: why it is mine, since when, until when, who works on it."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.authority import Authority
from approvals.due_stories import DueStory
from approvals.models import Seat
from approvals.standing import group_of, holds_claim

from .due_dates import due_stories
from .reader import DELEGATED, OWN, Reader, kind_of
from .stages import stage_labels


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
    story: DueStory | None
    again: bool
    taken_up: str
    busy: bool
    undeclared: bool
    may_be_batched: bool
    consequence: str
    url: str


def lines_of(seats: Sequence[Seat], reader: Reader) -> list[Item]:
    """The lines of seats that were read with all that they tell (`waiting.with_story`)."""
    stories, labels = due_stories(seats), stage_labels()
    return [_line(seat, reader, stories.get(seat.pk), labels) for seat in seats]


def _line(seat: Seat, reader: Reader, story: DueStory | None, labels: Mapping[str, str]) -> Item:
    right, mine = reader.right_to(seat), reader.is_asked(seat)
    return Item(
        id=seat.pk,
        code=seat.case_code,
        title=seat.case_title,
        stage=seat.stage,
        stage_label=labels.get(seat.stage, seat.stage),
        capacity=right.capacity if right else "",
        why=_why(seat, right) if mine else _whose(seat),
        since=seat.opened_at,
        due=seat.due,
        late=story is not None and story.late,
        story=story,
        again=mine and (seat.reconfirms_id is not None or seat.round > 1),
        taken_up=_taken_up(seat, reader),
        busy=worked_on(seat, reader.on)[0] not in (None, reader.person.pk),
        undeclared=is_undeclared(seat, reader),
        may_be_batched=mine and seat.policy.batch_ceiling is not None,
        consequence=_consequence(seat) if mine else "",
        url=reverse("act", args=[seat.case_code, seat.pk]),
    )


def is_undeclared(seat: Seat, reader: Reader) -> bool:
    """Whether the reader is asked there, and has to declare their interests first."""
    if not seat.policy.declares_conflict or not reader.is_asked(seat):
        return False
    return not told(seat, "declared")


def told(seat: Seat, name: str) -> Any:
    """What the query that read the seat has looked up along with it."""
    return getattr(seat, name)


def _whose(seat: Seat) -> str:
    return _("It is for %(holder)s.") % {"holder": seat.holder_label}


def _why(seat: Seat, right: Authority | None) -> str:
    if right is None:
        return _("It is addressed to you by name.")
    if seat.unit is not None:
        sentence = _("It is for your unit, %(unit)s: any of its officials may answer.")
        return sentence % {"unit": seat.unit}
    if kind_of(right) == OWN:
        return _("It is for your office, %(office)s.") % {"office": right.office.title}
    sentence = _("You sign as %(capacity)s, by letter %(letter)s.")
    if kind_of(right) == DELEGATED:
        sentence = _("You sign %(capacity)s, by letter %(letter)s.")
    return sentence % {"capacity": right.capacity, "letter": right.basis}


def _taken_up(seat: Seat, reader: Reader) -> str:
    person, since = worked_on(seat, reader.on)
    if since is None:
        return ""
    time = formats.date_format(timezone.localtime(since), "H.i")
    if person == reader.person.pk:
        return _("You have been working on this since %(time)s.") % {"time": time}
    name = seat.claimed_by.get_short_name() if seat.claimed_by else told(seat, "shared_by")
    sentence = _("%(person)s has been working on this since %(time)s.")
    return sentence % {"person": name, "time": time}


def worked_on(seat: Seat, on: datetime.date) -> tuple[int | None, datetime.datetime | None]:
    """Who has taken up a seat on that day, or another one that the same answer settles."""
    if holds_claim(seat, on):
        return seat.claimed_by_id, seat.claimed_at
    if group_of(seat).shares:
        return told(seat, "shared_by_id"), told(seat, "shared_since")
    return None, None


def _consequence(seat: Seat) -> str:
    """What happens if this person does nothing."""
    if seat.stage == "revision":
        return _("Until you resubmit, the innovation stays where it is.")
    group = group_of(seat)
    if group.rule == "n_of_m":
        return _("The panel goes on without you once enough members have answered.")
    if group.shares and len(group.members) > 1:
        return _("A colleague of your section can take it instead.")
    if seat.unit is not None:
        return _("A colleague of your unit can take it instead.")
    return _("The innovation waits: nobody else can sign for this office.")
