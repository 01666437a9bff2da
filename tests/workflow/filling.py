"""More seats than a walk leaves, and what people do at them, in few words."""

from itertools import count
from typing import Any

from django.db import transaction

from accounts.acting import acting_as
from accounts.models import User
from approvals.models import Seat
from approvals.seats import with_answers
from tests.accounts.factories import system_account
from tests.regency import RUNS_ALREADY, person, record_of
from workflow.decisions import Act, Decision, decide
from workflow.models import Case
from workflow.walking import sign_one, signer_of

_positions = count(100)


def fresh(case: Case) -> Case:
    """The case as it is stored."""
    return Case.objects.select_related("innovation").get(pk=case.pk)


def waiting(case: Case, office: str = "") -> Seat:
    """The first open seat of a case, or that of an office."""
    seats = with_answers(Seat.objects.filter(process_id=case.pk, state=Seat.State.OPEN))
    found = seats.filter(office__code=office) if office else seats
    return found[0]


def copied(pattern: Seat, **changes: Any) -> Seat:
    """One more open seat beside this one."""
    seat = Seat.objects.get(pk=pattern.pk)
    seat.pk, seat.position = None, next(_positions)
    for name, value in changes.items():
        setattr(seat, name, value)
    with acting_as(system_account()):
        seat.save()
    return seat


def signed(case: Case, outcome: str = "approve", remarks: Any = (), office: str = "") -> Case:
    """Let whoever is asked answer as the record says."""
    note = "" if outcome == "approve" or remarks else "Perbaiki."
    with transaction.atomic():
        seat = waiting(case, office)
        sign_one(fresh(case), seat, record_of(RUNS_ALREADY), outcome, note, remarks)
    return fresh(case)


def answered(who: User, seat: Seat, outcome: str = "approve", **act: Any) -> Decision:
    """Let a person answer a seat that has no form."""
    with transaction.atomic():
        return decide(who, seat.case_code, seat.pk, Act(outcome, **act))


def asked(case: Case, seat: Seat) -> User:
    """Whoever may sign the seat today."""
    return signer_of(fresh(case), seat)


__all__ = ["answered", "asked", "copied", "fresh", "person", "signed", "waiting"]
