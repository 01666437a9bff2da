"""A seat of a locked case, with everything that an act on it looks at."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.acting import verb
from accounts.clock import day_of
from accounts.models import User
from approvals.models import Outcome, Seat, SignOffPolicy
from approvals.refusals import NotFound
from approvals.seats import READ_AT, seats_of_stage, with_answers
from approvals.sign_offs import Content, let_go_changed
from approvals.standing import Standing

from .facts import matter_of
from .locking import lock_case
from .models import Case
from .nodes import Choice, Stage
from .sealing import sealed_content
from .seating import policy_for, tell_holders
from .stages import stages_by_name

# What an earlier signer may answer whose content has changed.
CONFIRMATION = {
    Outcome.APPROVE.value: Choice(
        gettext_lazy("It still stands"), gettext_lazy("confirmed the earlier answer")
    ),
    Outcome.RETURN.value: Choice(
        gettext_lazy("Return for revision"), gettext_lazy("returned it after the change")
    ),
}


@dataclass(frozen=True)
class Desk:
    """What lies before whoever acts on a seat; made under the case's lock."""

    case: Case
    seat: Seat
    node: Stage
    policy: SignOffPolicy
    standing: Standing
    moment: datetime.datetime

    def content(self) -> Content:
        """What the seat's page shows, and what any signature of the stage binds, as it is now."""
        covers = {section for seat in self.standing.seats for section in seat.policy.covers}
        return sealed_content(self.case.innovation, covers.union(read_at(self.seat)))


def desk_of(code: str, seat_id: int) -> Desk:
    """Lock a case and find one of its seats through it: another case's seat does not exist (VF1).

    Raises NotFound, or Busy after waiting for somebody else.
    """
    case = lock_case(code)
    task = Seat.objects.filter(process_id=case.pk, pk=seat_id).values("task_id")[:1]
    seats = seats_of_stage(task)
    seat = next((one for one in seats if one.pk == seat_id), None)
    if seat is None:
        raise no_such_seat()
    at: datetime.datetime = getattr(seat, READ_AT)
    standing = Standing(matter_of(case), seats, day_of(at))
    return Desk(case, seat, stage_of(seat), stage_policy(case, seats), standing, at)


def stage_policy(case: Case, seats: Sequence[Seat]) -> SignOffPolicy:
    """The policy of the stage that these seats belong to, not of an earlier one asked again."""
    own = next((seat.policy for seat in seats if seat.reconfirms_id is None), None)
    return own or policy_for(case, stage_of(seats[0]).name)


def seat_of(case: Case, seat_id: int) -> Seat:
    """The seat, found through its case: a seat of another case does not exist here (VF1)."""
    seat = with_answers(Seat.objects.filter(process_id=case.pk, pk=seat_id)).first()
    if seat is None:
        raise no_such_seat()
    return seat


def stage_of(seat: Seat) -> Stage:
    """The node of the flow at which the seat waits: an earlier signer's, where it has gone on."""
    asked_again = seat.reconfirms_id is not None
    return seat.task.flow_task if asked_again else stages_by_name()[seat.stage]


def answers_at(seat: Seat) -> Mapping[str, Choice]:
    """What may be answered at a seat, with the words on the buttons."""
    if seat.reconfirms_id is not None:
        return CONFIRMATION
    return stage_of(seat).answers_for(seat.case_code)


def read_at(seat: Seat) -> set[str]:
    """The sections that the seat's page shows: never less than what a signature there binds."""
    reads = stage_of(seat).reads if seat.reconfirms_id is None else ()
    return {*reads, *seat.policy.covers}


def form_class_at(seat: Seat, outcome: str | None = None) -> Any:
    """The form that the seat's signer fills in (for this answer), or None."""
    if seat.reconfirms_id is not None:
        return None
    node = stage_of(seat)
    return node.form_class(seat.group) if outcome is None else node.wants_form(seat.group, outcome)


@verb
def ask_again(actor: User, desk: Desk, *, but: Seat | None = None) -> Content:
    """Read the content anew after an edit; ask those again whose signature covered the change.

    `but` is the seat of whoever edited, about to be answered.
    """
    desk.standing.matter.forget_facts()
    content = desk.content()
    again = let_go_changed(actor, desk.standing, desk.policy, content, but=but)
    tell_holders(desk.case, again, desk.standing)
    return content


@verb
def content_changed(actor: User, code: str) -> None:
    """Let go the answers of a case's open stage that covered what was edited from elsewhere."""
    waiting = Seat.objects.filter(process__case__code=code, task__finished__isnull=True)
    if (seat := waiting.values_list("pk", flat=True).first()) is not None:
        ask_again(actor, desk_of(code, seat))


def no_such_seat() -> NotFound:
    """The refusal for a seat that does not exist, or is none of the case in the address."""
    return NotFound(_("There is no such case, or you may not see it."))
