"""What people do to a case in these tests, in few words."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from accounts.acting import acting_as
from accounts.models import Appointment, Office, User
from accounts.offices import today
from approvals.models import Seat, SignOff
from approvals.seats import with_answers
from innovations import proposals
from innovations.models import Innovation
from notifications.models import Message
from tests.accounts.factories import AppointmentFactory, system_account
from tests.regency import RUNS_ALREADY, person, record_of
from workflow.decisions import Act, Decision, decide
from workflow.declarations import declare
from workflow.models import Case
from workflow.submission import submit
from workflow.walking import sign_one, signer_of

BETTER = "Untuk 412 ibu hamil."


def fresh(case: Case) -> Case:
    """The case as it is stored."""
    return Case.objects.select_related("innovation").get(pk=case.pk)


def seats(case: Case, *states: str, stage: str = "") -> list[Seat]:
    """The seats of the case's newest task in these states ("open" if none is named)."""
    newest = Seat.objects.filter(process_id=case.pk).latest("task_id").task_id
    found = Seat.objects.filter(task=newest, state__in=states or ["open"])
    found = found.filter(stage=stage) if stage else found
    return list(with_answers(found))


def offices(found: Sequence[Seat]) -> list[str]:
    """The codes of the offices at which these seats are."""
    return [seat.office.code if seat.office else str(seat.person) for seat in found]


def seat_at(case: Case, office: str) -> Seat:
    """The open seat of an office."""
    return next(seat for seat in seats(case) if seat.office and seat.office.code == office)


def sign(
    case: Case, office: str = "", outcome: str = "approve", note: str = "", **record: Any
) -> Case:
    """Let whoever holds the first open seat (or that of an office) answer as the record says."""
    seat = seat_at(case, office) if office else seats(case)[0]
    note = note or ("" if outcome == "approve" else "Perbaiki.")
    with transaction.atomic():
        sign_one(fresh(case), seat, record_of(RUNS_ALREADY) | record, outcome, note)
    return fresh(case)


def confirm(case: Case, seat: Seat, outcome: str = "approve") -> Case:
    """Let an earlier signer say that the answer still stands, or return the case."""
    who = signer_of(fresh(case), seat)
    note = "" if outcome == "approve" else "Kini keliru."
    with transaction.atomic():
        decide(who, case.code, seat.pk, Act(outcome, note))
    return fresh(case)


def decided(who: User, seat: Seat, *act: Any, **more: Any) -> Decision:
    """Let a person answer a seat without any form."""
    with transaction.atomic():
        return decide(who, seat.case_code, seat.pk, Act(*act, **more))


def revised(case: Case, **changes: Any) -> Case:
    """Let the initiator revise the proposal and submit it again."""
    initiator = case.innovation.initiator
    if names := changes.get("co_initiators"):
        changes["co_initiators"] = [str(person(name).pk) for name in names]
    with transaction.atomic():
        draft = proposals.open_revision_draft(
            initiator, Innovation.objects.get(pk=case.innovation_id)
        )
        if changes:
            proposals.save_draft(initiator, draft.pk, changes)
        draft.refresh_from_db()
        submit(initiator, draft)
    return fresh(case)


def stepped_back(who: User, seat: Seat, sentence: str = "Kerabat inisiator.") -> None:
    """Let a person declare a conflict of interest at a seat."""
    with transaction.atomic():
        declare(who, seat.case_code, seat.pk, kind="recuse", sentence=sentence)


def counting(case: Case, stage: str) -> list[str]:
    """Who has an approval at a stage that counts, by user name."""
    signed = SignOff.objects.filter(
        seat__process=case.pk, seat__stage=stage, outcome="approve", lapse__isnull=True
    )
    return sorted(signed.values_list("person__username", flat=True))


def lapsed(case: Case, stage: str) -> list[tuple[str, str, list[str]]]:
    """Whose answers at a stage count no longer: user name, cause, sections that changed."""
    signed = SignOff.objects.filter(seat__process=case.pk, seat__stage=stage, lapse__isnull=False)
    return sorted(signed.values_list("person__username", "lapse__cause", "lapse__sections"))


def leave(username: str) -> Office:
    """Let a person's appointments end yesterday; returns the first office left."""
    held = Appointment.objects.filter(user=person(username), end__isnull=True)
    with acting_as(system_account()):
        for appointment in held:
            appointment.end = today().replace(year=today().year - 1)
            appointment.start = min(appointment.start, appointment.end)
            appointment.save()
    return held.model.objects.filter(user=person(username)).latest("pk").office


def take_office(username: str, code: str, capacity: str = "plt") -> Appointment:
    """Let a person speak for an office from today on."""
    office = Office.objects.get(code=code)
    days = {"start": today(), "end": None if capacity == "definitive" else today()}
    found: Appointment = AppointmentFactory.create(
        user=person(username), office=office, capacity=capacity, **days
    )
    return found


def told(case: Case, event: str) -> list[str]:
    """Who has been told of an event of the case, by user name; a repeat stands there again."""
    found = Message.objects.filter(case_code=case.code, event=event).order_by("pk")
    return list(found.values_list("recipient__username", flat=True))
