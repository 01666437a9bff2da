"""The seats and signatures of an innovation, read once for all that a page says of them."""

from dataclasses import dataclass

from accounts.models import User
from approvals.models import Seat, SignOff
from innovations.models import Innovation

from .access import visible_cases
from .models import Case


@dataclass(frozen=True)
class Dossier:
    """An innovation's cases that a person may read, with every seat and signature of them."""

    case: Case
    cases: list[Case]
    seats: list[Seat]
    sign_offs: list[SignOff]

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
    seats = Seat.objects.filter(process__in=cases)
    signed = SignOff.objects.filter(seat__process__in=cases)
    return Dossier(
        case,
        cases,
        list(seats.select_related("policy", "office", "person")),
        list(signed.select_related("person", "seat__task")),
    )
