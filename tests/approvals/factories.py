"""Policies, tasks of a process, seats and the people who hold their offices."""

import datetime
from collections.abc import Sequence
from typing import Any

import factory
from factory.django import DjangoModelFactory
from viewflow.workflow.models import Process, Task

from accounts.models import Office, User
from accounts.offices import holder_of, today
from approvals.models import Outcome, Remark, Seat, SignOff, SignOffPolicy
from approvals.sign_offs import Member, Signed, open_seats, sign
from tests.accounts.factories import (
    AppointmentFactory,
    OfficeFactory,
    SystemFactory,
    UserFactory,
    system_account,
)
from workflow.flows.institutionalisation import Institutionalisation

APPROVE, RETURN, REJECT = Outcome.APPROVE.value, Outcome.RETURN.value, Outcome.REJECT.value
SEEN = "0" * 64


class ProcessFactory(DjangoModelFactory):
    class Meta:
        model = Process

    flow_class = Institutionalisation


class TaskFactory(DjangoModelFactory):
    class Meta:
        model = Task

    process = factory.SubFactory(ProcessFactory)
    flow_task = Institutionalisation.verification


class PolicyFactory(SystemFactory):
    class Meta:
        model = SignOffPolicy

    stage = "verification"
    version = factory.Sequence(lambda number: number + 1)
    valid_from = datetime.date(2026, 1, 1)
    groups = factory.LazyFunction(lambda: [{"rule": "all", "members": ["panel-1"]}])
    exclusions = factory.LazyFunction(lambda: ["initiator", "co_initiator"])
    working_days = 5


class SeatFactory(SystemFactory):
    class Meta:
        model = Seat

    task = factory.SubFactory(TaskFactory)
    process = factory.SelfAttribute("task.process")
    policy = factory.SubFactory(PolicyFactory)
    stage = factory.SelfAttribute("policy.stage")
    office = factory.SubFactory(OfficeFactory)
    group = 0
    position = 0
    state = Seat.State.OPEN
    case_code = factory.Sequence(lambda number: f"INV-2026-{number:04d}")
    case_title = "Sirup Pala"


class SignOffFactory(SystemFactory):
    class Meta:
        model = SignOff

    seat = factory.SubFactory(SeatFactory, state=Seat.State.SIGNED)
    person = factory.SubFactory(UserFactory)
    capacity = factory.SelfAttribute("seat.office.title")
    outcome = APPROVE
    content_hash = SEEN


class RemarkFactory(SystemFactory):
    class Meta:
        model = Remark

    sign_off = factory.SubFactory(SignOffFactory, outcome=RETURN)
    section = "design"
    text = "Lengkapi alur layanan."


def group(rule: str, count: int, need: object = 0) -> dict[str, Any]:
    """One group of a policy, with as many members."""
    named: dict[str, Any] = {
        "rule": rule,
        "members": [f"jabatan-{number}" for number in range(count)],
    }
    return named | ({"need": need} if need else {})


def held_offices(count: int) -> list[Office]:
    """Offices, each with a person who holds it."""
    return [appointment.office for appointment in AppointmentFactory.create_batch(count)]


def seated(
    *groups: dict[str, Any], members: Sequence[Sequence[Member]] | None = None, **policy: object
) -> list[Seat]:
    """All seats of a stage that has just opened with a policy of these groups."""
    task = TaskFactory()
    open_seats(
        system_account(),
        task,
        PolicyFactory(groups=list(groups), **policy),
        members or [held_offices(len(g["members"])) for g in groups],
        case_code="INV-2026-0042",
        case_title="Sirup Pala",
    )
    return seats_of(task)


def seats_of(task: Task) -> list[Seat]:
    """The seats as they are stored now, in order."""
    return list(task.seats.select_related("office", "policy", "person"))


def holder(seat: Seat) -> User:
    """Who may sign the seat today."""
    if seat.person:
        return seat.person
    assert seat.office
    speaking = holder_of(seat.office, today())
    assert speaking
    return speaking.user


def sign_as_holder(seat: Seat, outcome: str = APPROVE) -> Signed:
    """Let the holder of the seat's office answer, reading the seat anew as a request does."""
    fresh = Seat.objects.get(pk=seat.pk)
    return sign(holder(fresh), fresh, outcome, excluded={}, content_hash=SEEN)
