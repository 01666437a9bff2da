"""Innovations at a stage, for the screens that show them."""

import datetime
from itertools import count
from typing import Any

import time_machine
from django.db import transaction
from django.urls import reverse

from accounts.offices import holder_of, today
from approvals.models import Seat
from innovations.models import Draft
from planning.models import MonitoringPeriod
from tests.regency import (
    NEEDS_A_TRIAL,
    RUNS_ALREADY,
    SAMPLE,
    Record,
    case_at,
    person,
    record_of,
)
from workflow.decisions import Act, decide
from workflow.models import Case
from workflow.timers import fire_due_timers
from workflow.walking import draft_of, sign_one

from .site import backstage

_numbers = count(1)
# The tests together must not use up the ceilings of the budget.
SMALL = "1.000.000"
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


class Stock:
    """Cases by stage: each is walked there when it is first asked for, and then left alone."""

    def __init__(self) -> None:
        self._cases: dict[str, Case] = {}

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
        if stage == "revision":
            case = new_case("alignment")
            return_case(case)
            case.refresh_from_db()
            return case
        if stage == "finance":
            case = new_case("commitment")
            sign_once(case)
            return case
        return new_case(stage, NEEDS_A_TRIAL if stage == "trial" else RUNS_ALREADY)
