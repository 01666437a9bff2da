"""Declaring one's interests before the content opens, and stepping back from a case."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.models import User
from approvals.models import Lapse, Outcome, Seat
from approvals.refusals import Refused
from approvals.sign_offs import let_go, sign
from approvals.standing import Answer, refusal_of
from innovations.conflicts import declaration_of, record_declaration
from innovations.models import ConflictDeclaration, Innovation

from .desk import Desk, desk_of
from .hints import hints_for
from .models import Case
from .rerouting import fill_or_tell

Kind = ConflictDeclaration.Kind


class Undeclared(ValidationError):
    """The stage wants a declaration of interests before its content is opened or decided on."""


def must_declare(person: User, innovation: Innovation, seat: Seat) -> bool:
    """Whether a person who may sign has still to declare their interests at this stage."""
    if not seat.policy.declares_conflict:
        return False
    return declaration_of(person, innovation, seat.stage) is None


def check_declared(person: User, innovation: Innovation, seat: Seat) -> None:
    """Raise Undeclared where a declaration is missing."""
    if must_declare(person, innovation, seat):
        raise Undeclared(
            {"conflict": _("Conflict of interest: declare first whether you have one.")}
        )


def hints(person: User, case: Case) -> list[str]:
    """What the system knows of a person's nearness to a case, in sentences."""
    return hints_for(person, [case])[case.pk]


@verb
def declare(actor: User, code: str, seat_id: int, *, kind: str, sentence: str = "") -> None:
    """Declare one's interests at a seat that one may sign; whoever steps back leaves it.

    A seat that was left goes to whoever else may sign it, else to the office above, else the
    secretariat is told. Raises NotFound, NotAllowed, Busy, or ValidationError with a sentence.
    """
    desk = desk_of(code, seat_id)
    answer = desk.standing.answer(desk.seat, actor)
    if answer.rule == "claimed":
        answer = desk.standing.could_sign(desk.seat, actor)
    if not answer.allowed:
        raise refusal_of(answer)
    if not desk.seat.policy.declares_conflict and kind != Kind.RECUSE:
        raise Refused(_("This stage asks for no declaration of interests."))
    record_declaration(
        actor,
        desk.case.innovation,
        stage=desk.seat.stage,
        kind=kind,
        sentence=sentence,
        hints=hints(actor, desk.case),
    )
    if kind == Kind.RECUSE:
        _step_back(actor, desk, answer, sentence)


def _step_back(actor: User, desk: Desk, answer: Answer, sentence: str) -> None:
    """Leave the seat empty, with the reason on the record, and find somebody else for it.

    What the person had answered at other seats of the open stage counts no longer either.
    """
    for seat in desk.standing.seats:
        if seat.answer is not None and seat.answer.person_id == actor.pk:
            let_go(actor, seat, Lapse.Cause.TAKEN_BACK, reason=sentence)
    sign(
        actor,
        desk.seat,
        Outcome.RECUSE.value,
        standing=desk.standing,
        answer=answer,
        policy=desk.policy,
        content=desk.content().of(()),
        at=desk.moment,
        note=sentence,
    )
    fill_or_tell(actor, desk.case, desk.standing.seats, desk.policy)
