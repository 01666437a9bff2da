"""What an office could see and do at a moment: the rules of today, asked about the rows of then."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from accounts.authority import Authority
from accounts.models import Office, User
from approvals.matter import Matter
from approvals.models import DueNotice, Seat
from approvals.standing import Answer, Standing
from workflow.models import Case
from workflow.stages import stage_labels

from .holders import Holders
from .matters import answers_of, matter_then
from .moments import Moment


@dataclass(frozen=True)
class SeatThen:
    """A seat that waited for a signature, who could sign it, and what one reader was told."""

    seat: Seat
    stage: str
    able: list[tuple[User, str]]
    answer: Answer | None = None


@dataclass(frozen=True)
class Sight:
    """What the holder of an office could see of a case and do on it.

    `ground`: on what the case was visible, empty where it was not. `closed`: interests had to be
    declared before its content opened.
    """

    office: Office
    holder: Authority | None
    ground: str = ""
    closed: bool = False
    seats: list[SeatThen] = field(default_factory=list)

    @property
    def opens(self) -> bool:
        """Whether its holder could read the content."""
        return bool(self.ground) and not self.closed


class CaseThen:
    """One case at a moment, with the rules that decide who may see it and who may sign."""

    def __init__(self, moment: Moment, case: Case) -> None:
        self.moment = moment
        self.case = case
        self.holders = Holders(moment.names)
        self.innovation = moment.one("innovations.Innovation")

    @cached_property
    def seats(self) -> list[Seat]:
        """All seats of the case."""
        return [s for s in self.moment.of("approvals.Seat") if s.process_id == self.case.pk]

    @property
    def open_seats(self) -> list[Seat]:
        """The seats whose turn it was."""
        return [seat for seat in self.seats if seat.state == Seat.State.OPEN]

    def waiting(self, reader: User | None = None) -> list[SeatThen]:
        """The seats that waited, with everybody who could sign each; `reader` asks for oneself."""
        labels = stage_labels()
        return [
            self._seat(seat, labels.get(seat.stage, seat.stage), reader) for seat in self.open_seats
        ]

    def _seat(self, seat: Seat, stage: str, reader: User | None) -> SeatThen:
        standing = self._standing(seat)
        able = [
            (person, _capacity(standing.could_sign(seat, person)))
            for person in standing.eligible(seat)
        ]
        return SeatThen(seat, stage, able, standing.answer(seat, reader) if reader else None)

    def seen_by(self, office: Office) -> Sight:
        """As seen by whoever spoke for an office."""
        holder = self.holders.speaker(office)
        if holder is None:
            return Sight(office, None)
        person = holder.person
        ground = self.ground(person, self.holders.authorities_of(person))
        closed = bool(ground) and self.undeclared(person)
        seats = self.waiting(person) if ground else []
        return Sight(office, holder, ground, closed, seats)

    # ---- what `CaseQuerySet.readable_by` asks of the rows of today ----

    def ground(self, person: User, rights: Sequence[Authority]) -> str:
        """On what a person could see the case, in a sentence; empty where the person could not."""
        own = [right.office for right in rights if right.delegation is None]
        asked: list[tuple[Callable[[], bool], str]] = [
            (lambda: any(one.sees_all_cases for one in own), _("The office sees all cases.")),
            (lambda: self._led(own), _("It leads the owning unit, or the one above it.")),
            (lambda: person.pk in self._initiators, _("Its holder is one of the initiators.")),
            (lambda: self._seated(person, rights), _("It is asked to sign, or has signed.")),
            (lambda: self._passed_on(rights), _("Overdue work was passed on to it.")),
        ]
        return next((sentence for holds, sentence in asked if holds()), "")

    def _led(self, own: Iterable[Office]) -> bool:
        unit = self.innovation.owning_unit
        led = {office.unit_id for office in own if office.is_head}
        return bool(led & {unit.pk, unit.parent_id})

    @property
    def _initiators(self) -> set[int]:
        present = self.moment.of("innovations.Participant")
        return self.innovation.proposers | {one.user_id for one in present if one.left_at is None}

    def _seated(self, person: User, rights: Sequence[Authority]) -> bool:
        offices = {right.office.pk for right in rights}
        units = {right.office.unit_id for right in rights}
        counted = (Seat.State.OPEN, Seat.State.SIGNED)
        return any(
            seat.person_id == person.pk
            or (seat.state in counted and (seat.office_id in offices or seat.unit_id in units))
            for seat in self.seats
        ) or any(one.person_id == person.pk for one in answers_of(self.moment, self.seats))

    def _passed_on(self, rights: Sequence[Authority]) -> bool:
        offices = {right.office.pk for right in rights}
        told = DueNotice.objects.filter(at__lte=self.moment.at, office__in=offices)
        return told.filter(seat__process=self.case.pk).exists()

    def undeclared(self, person: User) -> bool:
        """Whether a person was asked to sign and had to declare interests first."""
        declared = {
            one.stage
            for one in self.moment.of("innovations.ConflictDeclaration")
            if one.person_id == person.pk
        }
        return any(
            seat.policy.declares_conflict
            and seat.stage not in declared
            and self._standing(seat).could_sign(seat, person).allowed
            for seat in self.open_seats
        )

    # ---- what `Standing` asks about the case ----

    def _standing(self, seat: Seat) -> Standing:
        return self._standings[seat.task_id]

    @cached_property
    def _standings(self) -> dict[int, Standing]:
        return {
            task: Standing(
                self._matter,
                [seat for seat in self.seats if seat.task_id == task],
                self.holders.on,
                authorities=self.holders.authorities,
                offices=self.holders.offices_of,
            )
            for task in {seat.task_id for seat in self.open_seats}
        }

    @cached_property
    def _matter(self) -> Matter:
        return matter_then(self.moment, self.case, self.seats, self.holders)


def _capacity(answer: Answer) -> str:
    return answer.authority.capacity if answer.authority else ""
