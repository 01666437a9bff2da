"""Innovations at a stage, for the screens that show them."""

import datetime
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from itertools import count
from typing import Any

import time_machine
from django.contrib.auth.models import Permission
from django.db import transaction
from django.urls import reverse

from accounts.acting import acting_as
from accounts.offices import holder_of, today
from approvals.calendar import DAY, current_calendar
from approvals.models import CalendarDecree, Seat, SignOffPolicy
from approvals.new_decree import NewDays, NewDecree
from innovations.models import Draft
from innovations.proposals import open_revision_draft, save_draft
from legal_basis.models import Instrument
from planning.models import MonitoringPeriod
from tests.accounts.factories import system_account
from tests.regency import (
    NEEDS_A_TRIAL,
    RUNS_ALREADY,
    SAMPLE,
    Record,
    case_at,
    person,
    record_of,
)
from tests.workflow.governing import in_use, proposed
from workflow.calendar_changes import enter_decree
from workflow.clocks import pause
from workflow.decisions import Act, decide, take_up
from workflow.declarations import declare
from workflow.demo.story import written_out
from workflow.further import start_further
from workflow.models import Case
from workflow.remarks import open_remarks, resolve_remark
from workflow.submission import submit
from workflow.timers import fire_due_timers
from workflow.walking import draft_of, issue_now, sign_one, walk

from .site import backstage

_numbers = count(1)
# The tests together must not use up the ceilings of the budget.
SMALL = "1.000.000"
TOGETHER = [{"rule": "all", "members": ["kepala-bappelitbangda", "sekda"]}]
REMARKS = [("design", "Sebutkan jumlah ibu hamil."), ("evidence", "Lampirkan daftar hadir.")]


def small_record(name: str = RUNS_ALREADY) -> Record:
    """A record of the demo under a name of its own, with little money."""
    record = record_of(name)
    record["name"] = f"{record['name']} {next(_numbers)}"
    for line in record["commitment"]["money"]:
        line["amount"] = SMALL
    return record


def new_case(stage: str, name: str = RUNS_ALREADY, record: Record | None = None) -> Case:
    """A new innovation that waits at a stage."""
    return backstage(case_at, stage, record=record or small_record(name))


def open_seat(case: Case) -> Seat:
    """The seat that is asked first."""
    seats = Seat.objects.filter(process_id=case.pk, state=Seat.State.OPEN)
    found = seats.select_related("office", "person").first()
    assert found is not None, f"{case.code} waits for nobody at {case.stage}"
    return found


def signer_of(seat: Seat) -> str:
    """The account that may answer the seat today."""
    if seat.person:
        return seat.person.username
    assert seat.office is not None
    holder = holder_of(seat.office, today())
    assert holder is not None
    return holder.user.username


def seat_path(seat: Seat) -> str:
    """The address on which a seat is decided."""
    return reverse("act", args=[seat.case_code, seat.pk])


def sign_once(case: Case, record: Record | None = None) -> None:
    """Let the next signer approve."""
    with transaction.atomic():
        sign_one(case, open_seat(case), record or small_record())


def return_case(case: Case) -> None:
    """Let the next signer send the proposal back, with remarks."""
    seat = open_seat(case)
    with transaction.atomic():
        decide(person(signer_of(seat)), case.code, seat.pk, Act("return", "Perjelas.", REMARKS))


def declare_none(seat: Seat) -> None:
    """Let whoever is asked declare that they have no conflict of interest."""
    with transaction.atomic():
        declare(person(signer_of(seat)), seat.case_code, seat.pk, kind="none")


def resubmit_case(case: Case, **changes: str) -> None:
    """Let the initiator answer every remark, change the proposal, and hand it in again."""
    innovation = case.innovation
    initiator = innovation.initiator
    changes = changes or {"benefit": f"{innovation.benefit} Untuk 412 ibu hamil."}
    with transaction.atomic():
        draft = open_revision_draft(initiator, innovation)
        save_draft(initiator, draft.pk, changes)
        for remark in open_remarks(case):
            resolve_remark(initiator, case.code, remark.pk, "Sudah ditambahkan.")
        draft.refresh_from_db()
        submit(initiator, draft)


def end_period(case: Case) -> Case:
    """Let the first monitoring period of an institutionalised innovation end; its monitoring."""
    period = MonitoringPeriod.objects.get(action_item__innovation=case.innovation)
    with time_machine.travel(after(period), tick=True):
        fire_due_timers()
    return Case.objects.get(code=f"{case.code}-M")


def after(period: MonitoringPeriod) -> datetime.datetime:
    """A moment at which the period is over."""
    moment = datetime.datetime.combine(period.end, datetime.time(9))
    return moment.replace(tzinfo=datetime.UTC) + datetime.timedelta(days=1)


def new_draft(owner: str, **changes: Any) -> Draft:
    """A filled draft of this person, with its files."""
    record = small_record() | changes
    with transaction.atomic():
        return draft_of(record, person(owner), folder=SAMPLE.parent)


def keep_the_calendar(username: str) -> str:
    """Let this person change the calendar; the account again."""
    right = Permission.objects.get(codename="change_calendar")
    with acting_as(system_account()):
        person(username).user_permissions.add(right)
    return username


def free_day_ahead(days: int) -> datetime.date:
    """A working day some working days from now, which a decree may make free."""
    return current_calendar().working_days_after(today(), days)


def decree_of(day: datetime.date, administrator: str) -> CalendarDecree:
    """A decree that makes a day free for everybody, entered by an administrator."""
    number = f"{next(_numbers)} Tahun {today().year}"
    row = NewDays(day, day, False, "Cuti bersama tambahan")
    new = NewDecree(number, today() - DAY, "Cuti bersama tambahan", [row])
    with transaction.atomic():
        return enter_decree(person(keep_the_calendar(administrator)), new).decree


def _returned() -> Case:
    case = new_case("alignment")
    return_case(case)
    return _fresh(case)


def _finance() -> Case:
    case = new_case("commitment")
    sign_once(case)
    return case


def _declared() -> Case:
    """Whoever is asked first has declared their interests."""
    case = new_case("verification")
    declare_none(open_seat(case))
    return case


def _again() -> Case:
    """Came back from a revision; whoever had signed what changed is asked again."""
    case = _returned()
    resubmit_case(case)
    return _fresh(case)


def _taken() -> Case:
    """A colleague of whoever is asked first works on it."""
    case = new_case("completeness")
    _mine, other = Seat.objects.filter(process_id=case.pk, state=Seat.State.OPEN)
    with transaction.atomic():
        take_up(person(signer_of(other)), case.code, other.pk)
    return case


def _answered() -> Case:
    """The first of two has initialled."""
    case = new_case("initialling")
    sign_once(case)
    return case


def _stalled() -> Case:
    """Whoever is asked has stepped back, and nobody is left."""
    case = new_case("signing")
    seat = open_seat(case)
    with transaction.atomic():
        declare(person(signer_of(seat)), case.code, seat.pk, kind="recuse", sentence="Kerabat.")
    return case


def _rejected() -> Case:
    case = new_case("completeness")
    with transaction.atomic():
        sign_one(case, open_seat(case), small_record(), "reject", "Bukan inovasi daerah.")
    return _fresh(case)


def _fresh(case: Case) -> Case:
    return Case.objects.select_related("innovation").get(pk=case.pk)


def _revoked() -> Case:
    """Institutionalised; its decree was amended first and revoked then."""
    case = new_case("done")
    for purpose, parts in (("amend", "Diktum KEDUA"), ("revoke", "")):
        backstage(_act_on_first, case, purpose, parts)
    return _fresh(case)


def _act_on_first(case: Case, purpose: str, parts: str) -> None:
    """Walk a further instrument to its end."""
    target = Instrument.objects.get(subject_code=case.code)
    with transaction.atomic():
        further = start_further(
            person("hukum"),
            case.code,
            kind=target.kind,
            purpose=purpose,
            targets=[target],
            parts=parts,
            reason="Penanggung jawab pelaksanaan berganti.",
        )
        draft = Instrument.objects.get(subject_code=further.code)
        walk(further, {"drafting": written_out(draft, "Menunjuk penanggung jawab baru.")})
    issue_now(further)
    with transaction.atomic():
        walk(further, {})


# What is no stage, but a state that a case can be in.
SPECIAL: dict[str, Callable[[], Case]] = {
    "revision": _returned,
    "finance": _finance,
    "declared": _declared,
    "again": _again,
    "taken": _taken,
    "answered": _answered,
    "stalled": _stalled,
    "rejected": _rejected,
    "revoked": _revoked,
}


class Stock:
    """Cases by stage: each is walked there when it is first asked for, and then left alone."""

    def __init__(self) -> None:
        self._cases: dict[str, Case] = {}

    @cached_property
    def proposal(self) -> SignOffPolicy:
        """A version of the decision's policy that waits, with cases to rehearse it over."""
        self.at("alignment")
        return proposed("decision", replace(in_use("decision"), groups=TOGETHER))

    def at(self, stage: str) -> Case:
        """The case that waits at a stage ("done": institutionalised; "report": its monitoring)."""
        if stage not in self._cases:
            self._cases[stage] = self._make(stage)
        return self._cases[stage]

    def seat(self, stage: str) -> Seat:
        """The open seat of that case."""
        return open_seat(self.at(stage))

    def _make(self, stage: str) -> Case:
        if stage == "report":
            return end_period(self.at("done"))
        if stage == "paused":
            return self._paused()
        if stage == "moved":
            return self._moved()
        if stage in SPECIAL:
            return SPECIAL[stage]()
        return new_case(stage, NEEDS_A_TRIAL if stage == "trial" else RUNS_ALREADY)

    def _paused(self) -> Case:
        """A case whose clock stands still for the ministry."""
        case = new_case("alignment")
        stopper = person(signer_of(open_seat(case)))
        with transaction.atomic():
            pause(stopper, case.code, kind="ministry", note="Menunggu izin prinsip kementerian.")
        return case

    def _moved(self) -> Case:
        """A case whose due date a decree has moved."""
        case = new_case("alignment")
        due = open_seat(case).due
        assert due is not None
        self.decree = decree_of(due, "admin")
        return case
