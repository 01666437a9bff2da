"""Who has initialled a draft, as the sheet in front of its signatory prints it."""

from django.utils import timezone

from approvals.models import Outcome, Seat
from approvals.seats import with_answers
from legal_basis.initials import Initial, Initials
from legal_basis.wording import long_date

STAGE = "initialling"
# The first group of the stage's policy are the related units; those after it lead up to the regent.
COORDINATION = 0


def initials_of(code: str) -> Initials | None:
    """The initials of a case's draft, given and wanted; None before it has come that far."""
    seats = Seat.objects.filter(case_code=code, stage=STAGE, reconfirms=None)
    task = seats.order_by("-task").values_list("task", flat=True).first()
    if task is None:
        return None
    asked = list(with_answers(seats.filter(task=task).exclude(state=Seat.State.RECUSED)))
    return Initials(
        tuple(_initial(seat) for seat in asked if seat.group == COORDINATION),
        tuple(_initial(seat) for seat in asked if seat.group != COORDINATION),
    )


def _initial(seat: Seat) -> Initial:
    answer = seat.answer
    if answer is None or answer.outcome != Outcome.APPROVE:
        return Initial(seat.holder_label, "")
    day = long_date(timezone.localtime(answer.decided_at).date())
    own = seat.office and answer.capacity == seat.office.title
    capacity = "" if own else f"{answer.capacity}, "
    return Initial(seat.holder_label, f"Diparaf secara elektronik, {capacity}{day}")
