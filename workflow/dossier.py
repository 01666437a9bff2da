"""The seats, signatures and clocks of an innovation, read once for all that a page says of them."""

from dataclasses import dataclass

from accounts.models import User
from approvals.due_stories import changes_of, pauses_of, with_clock
from approvals.models import ClockPause, DueChange, Seat, SignOff
from approvals.seats import with_answers
from innovations.models import Innovation

from .access import visible_cases
from .models import Case


@dataclass(frozen=True)
class Dossier:
    """An innovation's cases that a person may read, with all that was asked and answered."""

    case: Case
    cases: list[Case]
    seats: list[Seat]
    sign_offs: list[SignOff]
    pauses: list[ClockPause]
    due_changes: list[DueChange]

    @property
    def innovation(self) -> Innovation:
        """What the cases are about."""
        return self.case.innovation

    @property
    def open_seats(self) -> list[Seat]:
        """The seats that wait for an answer."""
        return [seat for seat in self.seats if seat.state == Seat.State.OPEN]


def dossier_of(user: User, code: str) -> Dossier:
    """What a person may read of the case with this code, and of its innovation's other cases.

    Raises NotFound where the person may not read that case.
    """
    cases = visible_cases(user, code)
    case = next(one for one in cases if one.code == code)
    read = with_answers(with_clock(Seat.objects.filter(process__in=cases)))
    seats = list(read.select_related("task"))
    signed = SignOff.objects.filter(seat__process__in=cases)
    return Dossier(
        case,
        cases,
        seats,
        list(signed.select_related("person", "seat__task", "seat__office", "lapse")),
        pauses_of(seats),
        changes_of(seats),
    )
