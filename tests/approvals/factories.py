"""Policies, tasks of a process, seats and the people who hold their offices."""

import datetime
import hashlib
from collections.abc import Sequence
from functools import partial
from typing import Any

import factory
from viewflow.workflow.models import Process, Task

from accounts.models import Office, User
from accounts.offices import holder_of, today
from approvals.matter import Matter
from approvals.models import Lapse, Outcome, Override, Remark, Seat, SignOff, SignOffPolicy
from approvals.seats import Member, Place, open_seats, seats_of_stage
from approvals.sign_offs import Content, Signed, sign
from approvals.standing import Standing
from tests.accounts.factories import (
    AppointmentFactory,
    OfficeFactory,
    SystemFactory,
    UserFactory,
    system_account,
)
from workflow.flows.institutionalisation import Institutionalisation

APPROVE, RETURN, REJECT = Outcome.APPROVE.value, Outcome.RETURN.value, Outcome.REJECT.value
RECUSE = Outcome.RECUSE.value
SEEN = "0" * 64
EXCLUSIONS = ("initiator", "co_initiator", "conflict")


class ProcessFactory(SystemFactory):
    class Meta:
        model = Process

    flow_class = Institutionalisation


class TaskFactory(SystemFactory):
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
    exclusions = factory.LazyFunction(lambda: list(EXCLUSIONS))
    covers = factory.LazyFunction(lambda: ["identity", "design"])
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


class LapseFactory(SystemFactory):
    class Meta:
        model = Lapse

    sign_off = factory.SubFactory(SignOffFactory)
    cause = Lapse.Cause.TAKEN_BACK
    reason = "Salah menekan tombol."


class OverrideFactory(SystemFactory):
    class Meta:
        model = Override

    process = factory.SubFactory(ProcessFactory)
    stage = "signing"
    basis_number = "100.2.1.3/012/2026"
    basis_date = datetime.date(2026, 3, 2)
    reason = "Persetujuan tertulis gubernur."


class RemarkFactory(SystemFactory):
    class Meta:
        model = Remark

    sign_off = factory.SubFactory(SignOffFactory, outcome=RETURN)
    section = "design"
    text = "Lengkapi alur layanan."


def group(rule: str, count: int, need: object = 0, **more: object) -> dict[str, Any]:
    """One group of a policy, with as many members."""
    named: dict[str, Any] = {
        "rule": rule,
        "members": [f"jabatan-{number}" for number in range(count)],
    }
    return named | ({"need": need} if need else {}) | more


def held_offices(count: int) -> list[Office]:
    """Offices, each with a person who holds it."""
    return [appointment.office for appointment in AppointmentFactory.create_batch(count)]


def matter(
    process: Process | None = None,
    facts: dict[str, Any] | None = None,
    labels: dict[str, str] | None = None,
    **people: User,
) -> Matter:
    """A case with these facts, and a person for each exclusion that is named."""
    facts = facts or {}
    near = {name: [people[name].pk] if name in people else [] for name in NEAR}
    return Matter(
        process.pk if process else 0,
        facts={name: partial(facts.get, name) for name in facts},
        people={name: partial(near.__getitem__, name) for name in near},
        labels=lambda: labels or {},
    )


NEAR = ("initiator", "co_initiator", "initiator_unit", "drafter", "conflict")


def written(**sections: str) -> Content:
    """The content of a case: two sections, as they are or as a test says."""
    texts = {"identity": "Sirup Pala", "design": "Kelompok ibu mengolah pala."} | sections
    return Content({key: hashlib.sha256(text.encode()).hexdigest() for key, text in texts.items()})


def places_of(members: Sequence[Sequence[Member]]) -> list[list[Place]]:
    """Places for these offices, units and people, group by group."""
    return [[Place(str(who), who) for who in in_group] for in_group in members]


def seated(
    *groups: dict[str, Any],
    members: Sequence[Sequence[Member]] | None = None,
    about: Matter | None = None,
    again: Sequence[SignOff] = (),
    task: Task | None = None,
    **policy: object,
) -> list[Seat]:
    """All seats of a stage that has just opened with a policy of these groups."""
    task = task or TaskFactory.create()
    open_seats(
        system_account(),
        task,
        PolicyFactory.create(groups=list(groups), **policy),
        places_of(members or [held_offices(len(g["members"])) for g in groups]),
        matter=about or matter(task.process),
        case_code="INV-2026-0042",
        case_title="Sirup Pala",
        again=again,
    )
    return seats_of(task)


def seats_of(task: Task) -> list[Seat]:
    """The seats as they are stored now, in order."""
    return list(task.seats.select_related("office", "policy", "person", "answer"))


def standing_of(
    seat: Seat, about: Matter | None = None, on: datetime.date | None = None
) -> tuple[Standing, Seat]:
    """Who may sign at a seat's stage, read as a request reads it; and the seat among the others."""
    seats = seats_of_stage(seat.task_id)
    here = next(one for one in seats if one.pk == seat.pk)
    return Standing(about or matter(seat.process), seats, on or today()), here


def policy_of(seats: Sequence[Seat]) -> SignOffPolicy:
    """The stage's own policy, not that of an earlier stage's signer who is asked again."""
    return next(seat.policy for seat in seats if seat.reconfirms_id is None)


def holder(seat: Seat) -> User:
    """Who may sign the seat today."""
    if seat.person:
        return seat.person
    assert seat.office
    speaking = holder_of(seat.office, today())
    assert speaking
    return speaking.user


def sign_as(
    person: User,
    seat: Seat,
    outcome: str = APPROVE,
    *,
    about: Matter | None = None,
    content: Content | None = None,
    **more: Any,
) -> Signed:
    """Let a person answer, reading the stage anew as a request does."""
    standing, here = standing_of(seat, about)
    return sign(
        person,
        here,
        outcome,
        standing=standing,
        answer=standing.answer(here, person),
        policy=policy_of(standing.seats),
        content=(content or written()).of(here.policy.covers),
        at=more.pop("at", None) or datetime.datetime.now(datetime.UTC),
        **more,
    )


def sign_as_holder(seat: Seat, outcome: str = APPROVE, **more: Any) -> Signed:
    """Let the holder of the seat's office answer."""
    return sign_as(holder(seat), seat, outcome, **more)
