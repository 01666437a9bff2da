"""What can be done at an open seat through the domain's own functions, and what came of it."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.acting import acting_as
from accounts.models import Office, User
from accounts.offices import today
from approvals.refusals import Claimed, NotAllowed, NotFound, Refused
from innovations.models import ConflictDeclaration
from workflow.decisions import Act, decide, take_up
from workflow.declarations import declare
from workflow.desk import form_class_at
from workflow.explaining import explain_seat
from workflow.overrides import record_override
from workflow.rerouting import name_replacement
from workflow.reversals import reopen, withdraw

from .seats import Waiting
from .world import REASON


def _declared(waiting: Waiting, who: User) -> None:
    """Let nothing but the right to decide be in the way."""
    with acting_as(who):
        ConflictDeclaration.objects.create(
            innovation=waiting.case.innovation, person=who, stage=waiting.stage, kind="none"
        )


def answer(waiting: Waiting, who: User) -> None:
    """Decide, with everything that the stage asks for."""
    _declared(waiting, who)
    outcome, form = waiting.answer["outcome"], None
    if form_class := form_class_at(waiting.seat, outcome):
        form = form_class(waiting.answer, {}, innovation=waiting.case.innovation, actor=who)
    act = Act(outcome, note=waiting.answer["note"], form=form)
    decide(who, waiting.case.code, waiting.seat.pk, act)


def take(waiting: Waiting, who: User) -> None:
    """Take the seat up."""
    take_up(who, waiting.case.code, waiting.seat.pk)


def take_over(waiting: Waiting, who: User) -> None:
    """Take the seat over from whoever works on it."""
    take_up(who, waiting.case.code, waiting.seat.pk, take_over=True)


def step_back(waiting: Waiting, who: User) -> None:
    """Declare a conflict of interest and leave the seat."""
    sentence = "Adik saya inisiatornya."
    declare(who, waiting.case.code, waiting.seat.pk, kind="recuse", sentence=sentence)


def answer_elsewhere(waiting: Waiting, who: User) -> None:
    """Decide the seat under the number of another case."""
    decide(who, waiting.world.returned.code, waiting.seat.pk, Act("approve"))


def replace(waiting: Waiting, who: User) -> None:
    """Name another office for the seat."""
    office = Office.objects.get(code="inspektur")
    name_replacement(who, waiting.case.code, waiting.seat.pk, office, reason=REASON)


def override(waiting: Waiting, who: User) -> None:
    """Record a letter that lets a mandate bind the region."""
    letter = {"basis_number": "100/1/2026", "basis_date": today(), "reason": REASON}
    record_override(who, waiting.case.code, waiting.seat.pk, **letter)


def open_anew(waiting: Waiting, who: User) -> None:
    """Open the case anew, as if it had ended."""
    reopen(who, waiting.case.code, REASON)


def withdraw_it(waiting: Waiting, who: User) -> None:
    """Withdraw the innovation."""
    withdraw(who, waiting.case.code, REASON)


ACTS: dict[str, Callable[[Waiting, User], None]] = {
    "answer": answer,
    "take": take,
    "take_over": take_over,
    "step_back": step_back,
    "answer_elsewhere": answer_elsewhere,
    "replace": replace,
    "override": override,
    "open_anew": open_anew,
    "withdraw": withdraw_it,
}


def came_of(name: str, waiting: Waiting, who: User) -> str:
    """`ok`, the rule that refused, or the status of another refusal."""
    explained = explain_seat(who, waiting.case, waiting.seat)
    try:
        with transaction.atomic():
            ACTS[name](waiting, who)
    except (Claimed, NotFound) as refusal:
        return str(refusal.status)
    except NotAllowed as refusal:
        return explained.rule if refusal.sentence == explained.sentence else "403"
    except Refused:
        return "409"
    except ValidationError as invalid:
        return f"422 {invalid.messages}"
    return "ok"
