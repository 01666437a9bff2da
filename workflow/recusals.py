"""What follows when somebody has stepped back, in a sentence for that person."""

from django.utils.translation import gettext as _

from approvals.models import Seat
from approvals.reach import gaps
from approvals.seats import read_on, seats_of_stage
from approvals.standing import Standing

from .desk import stage_policy
from .facts import matter_of
from .models import Case


def what_followed(case: Case, left: Seat) -> str:
    """Who is asked instead, that the others suffice, or that the secretariat was told.

    `left` is the seat as it was when the person stepped back.
    """
    seats = seats_of_stage(left.task_id)
    now = next(seat for seat in seats if seat.pk == left.pk)
    if now.state != Seat.State.RECUSED:
        if now.office_id != left.office_id:
            return _("%(holder)s is asked instead of you.") % {"holder": now.holder_label}
        sentence = _("Somebody else who may sign for %(holder)s is asked instead of you.")
        return sentence % {"holder": now.holder_label}
    standing = Standing(matter_of(case), seats, read_on(seats))
    if gaps(stage_policy(case, seats), seats, standing):
        return _(
            "Nobody else may sign for %(holder)s. The innovation secretariat has been told, "
            "and asks another office."
        ) % {"holder": now.holder_label}
    return _("The others go on without you: enough of them remain.")
