"""One seat of a stage, and what happens when somebody posts an answer to it."""

from dataclasses import dataclass
from typing import Any, Self

from django.urls import reverse
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext

from accounts.acting import acting_as
from approvals.models import Refusal, Seat, SignOff
from innovations.models import ConflictDeclaration
from tests.regency import person
from workflow.declarations import must_declare
from workflow.models import Case

from . import stages
from .world import World, answer_for, seat_of


@dataclass(frozen=True)
class Waiting:
    """A seat that waits for its holder's answer."""

    world: World
    stage: str
    case: Case
    seat: Seat
    answer: dict[str, Any]

    @classmethod
    def at(cls, world: World, stage: str) -> Self:
        """The seat of the stage that the table names."""
        case = world.at(stage)
        seat = seat_of(case, stages.ANSWERS[stage][0])
        return cls(world, stage, case, seat, answer_for(seat, world.record))

    @property
    def url(self) -> str:
        """Where the seat is answered."""
        return reverse("act", args=[self.case.code, self.seat.pk])

    @property
    def holder(self) -> str:
        """Who may answer."""
        return stages.ANSWERS[self.stage][0]

    def expected(self, kind: str) -> str:
        """The cell of the table."""
        return stages.ANSWERS[self.stage][1][kind]

    def declare(self) -> None:
        """The holder has declared that no conflict of interest stands in the way."""
        holder = person(self.holder)
        if must_declare(holder, self.case.innovation, self.seat):
            with acting_as(holder):
                ConflictDeclaration.objects.create(
                    innovation=self.case.innovation, person=holder, stage=self.stage, kind="none"
                )

    def decide(self, username: str) -> Any:
        """Post the answer as this person."""
        if username == self.holder:
            self.declare()
        return self.world.client(username).post(self.url, self.answer)

    @property
    def sign_offs(self) -> int:
        """How many signatures the seat has."""
        return SignOff.objects.filter(seat=self.seat).count()


def assert_refused(response: Any, username: str, code: str) -> str:
    """The page says why, and one row keeps who was refused where and why; returns the reason."""
    assert response.status_code == 403
    refusal = Refusal.objects.get()
    assert (refusal.person.username, refusal.case_code) == (username, code)
    assert refusal.path == response.request["PATH_INFO"]
    assert refusal.reason
    assert escape(refusal.reason) in response.content.decode()
    return refusal.reason


def assert_refused_by_the_initiators_rule(reason: str, relation: str) -> None:
    """The reason is the initiator's or co-initiator's own, in the language of the page."""
    sentences = {
        "initiator": (
            "You are the initiator or its caretaker: nobody signs on their own innovation."
        ),
        "co_initiator": "You are a co-initiator: nobody signs on their own innovation.",
    }
    with translation.override("id"):
        assert reason == gettext(sentences[relation])
