"""Cases that travelled: their steps, the seats asked and what was answered, each on its day."""

import datetime
from typing import Any

from viewflow.workflow.models import Task

from accounts.acting import acting_as
from accounts.models import Office
from approvals.models import Seat, SignOff
from tests.accounts.factories import OfficeFactory, system_account
from tests.approvals.factories import PolicyFactory, SeatFactory, SignOffFactory, TaskFactory
from tests.workflow.factories import CaseFactory
from workflow.flows.institutionalisation import Institutionalisation
from workflow.models import Case

# A Monday; the two weeks from it on have no holiday.
MONDAY = datetime.datetime(2026, 3, 2, 3, tzinfo=datetime.UTC)
REJECTED = ("start", "completeness", "after_completeness", "rejected")
REVISED = (
    *("start", "completeness", "after_completeness", "revision", "after_revision"),
    *("completeness", "after_completeness", "verification"),
)


def day(number: int, hours: int = 0) -> datetime.datetime:
    """So many days and hours after ten o'clock of that Monday."""
    return MONDAY + datetime.timedelta(days=number, hours=hours)


def travelled(*steps: str, stays: int = 1, **fields: Any) -> Case:
    """A case that stayed so many days in each stage; a last stage is open, an end ends it."""
    number, before, case = 0, None, CaseFactory(created=day(0), **fields)
    for name in steps:
        node = getattr(Institutionalisation, name)
        human, last = node.task_type == "HUMAN", name == steps[-1]
        stay = stays if human and not last else 0
        still_open = last and node.task_type != "END"
        task = TaskFactory(
            process=case.process_ptr,
            flow_task=node,
            created=day(number),
            finished=None if still_open else day(number + stay),
            status="NEW" if still_open else "DONE",
        )
        if before is not None:
            link(before, task)
        number, before = number + stay, task
        if human:
            case.asked_by, case.stage = case.stage, name
        if node.task_type == "END":
            case.asked_by, case.stage = case.stage, name
            case.finished, case.status = day(number), "DONE"
    save(case)
    return case


def link(before: Task, after: Task) -> None:
    """Say that one step followed from another."""
    with acting_as(system_account()):
        after.previous.add(before)


def save(row: Any) -> None:
    """Write a row in the name of the system."""
    with acting_as(system_account()):
        row.save()


def step_of(case: Case, name: str) -> Task:
    """The newest step of that name."""
    node = getattr(Institutionalisation, name)
    return Task.objects.filter(process_id=case.pk, flow_task=node).latest("pk")


def asked(case: Case, stage: str, *offices: Office, **fields: Any) -> Seat:
    """A seat at the newest visit of a stage, asked on the first day, three working days given."""
    defaults: dict[str, Any] = {
        "task": step_of(case, stage),
        "policy": PolicyFactory(stage=stage, working_days=3),
        "office": offices[0] if offices else None,
        "case_code": case.code,
        "opened_at": day(0),
        "due": day(3).date(),
    }
    if not offices and "office" not in fields:
        fields["office"] = OfficeFactory()
    seat: Seat = SeatFactory(**defaults | fields)
    return seat


def answered(seat: Seat, number: int, **fields: Any) -> SignOff:
    """An answer given so many days after that Monday."""
    sign_off: SignOff = SignOffFactory(seat=seat, decided_at=day(number), **fields)
    seat.state, seat.answer = Seat.State.SIGNED, sign_off
    save(seat)
    return sign_off
