"""Opening a case: whoever is asked to declare their interests does so before its content opens."""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.models import User
from approvals.models import Seat
from approvals.refusals import Refused
from approvals.seats import read_on, seats_of_stage
from approvals.standing import Standing
from innovations.models import ConflictDeclaration, Innovation

from .access import visible_case
from .facts import matter_of
from .models import Case


class DeclareFirst(Refused):
    """The content stays closed until the reader has declared their interests at a seat."""

    def __init__(self, seat: Seat) -> None:
        super().__init__(
            _("Declare first whether you have a conflict of interest; then the content opens.")
        )
        self.seat = seat


def opened_case(user: User, code: str) -> Case:
    """The case with this code, for its content to be read.

    Raises NotFound where the person may not see it, DeclareFirst where the person is asked to sign
    and has not declared yet.
    """
    case = visible_case(user, code)
    check_opened(user, case.innovation)
    return case


def check_opened(person: User, innovation: Innovation) -> None:
    """Raise DeclareFirst where a person is asked to sign and has not declared their interests."""
    if seat := undeclared_seat(person, innovation):
        raise DeclareFirst(seat)


def undeclared_seat(person: User, innovation: Innovation) -> Seat | None:
    """The open seat that waits for a person's declaration: one query where none is asked for."""
    declared = ConflictDeclaration.objects.filter(
        innovation=innovation, person=person, stage=OuterRef("stage")
    )
    waiting = Seat.objects.filter(
        ~Exists(declared),
        process__in=Case.objects.filter(innovation=innovation).order_by().values("pk"),
        state=Seat.State.OPEN,
        policy__declares_conflict=True,
    )
    for task in sorted(set(waiting.order_by().values_list("task", flat=True))):
        seats = seats_of_stage(task)
        case = Case.objects.select_related("innovation").get(pk=seats[0].process_id)
        standing = Standing(matter_of(case), seats, read_on(seats))
        for seat in seats:
            if seat.state == Seat.State.OPEN and standing.could_sign(seat, person).allowed:
                return seat
    return None
