"""What there is to say about the due dates of a case's seats."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from approvals.due_stories import DueStory, stories_of
from approvals.models import Seat

REVISION = "revision"


def due_stories(seats: Sequence[Seat], **known: Sequence[Any]) -> dict[int, DueStory]:
    """The story of each seat's due date, by the seat's number; `known` is as in `stories_of`."""
    stories = stories_of(seats, **known)
    for seat in seats:
        if seat.stage == REVISION and seat.pk in stories:
            stories[seat.pk].sentences.append(
                _("While the proposal is being revised, no other clock of the case runs.")
            )
    return stories
