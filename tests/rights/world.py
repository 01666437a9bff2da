"""The demo's regency with three cases of one initiator in it, loaded once for the folder."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count
from typing import Any, cast

import time_machine
from django.db import transaction
from django.test import Client

from accounts.acting import acting_as
from accounts.models import Appointment, Delegation, StoredFile, User
from accounts.offices import holder_of, today
from approvals.calendar import DAY, NATIONAL
from approvals.models import CalendarDecree, Remark, Seat, SignOff, SignOffPolicy
from approvals.new_decree import NewDays, NewDecree
from audit.models import EvidencePack
from audit.packing import ask_for_pack
from innovations.models import Draft, Evidence, Innovation
from legal_basis.copies import certify_copy
from legal_basis.drafting import current_instrument
from legal_basis.models import (
    CertifiedCopy,
    Consequence,
    ExternalReview,
    Instrument,
    LibraryClause,
)
from notifications.jobs import beat
from notifications.models import Message
from planning.models import MonitoringPeriod
from tests.accounts.factories import DelegationFactory, stored_file, system_account
from tests.accounts.files import samples
from tests.regency import SAMPLE, Record, case_at, person, record_of
from tests.workflow.governing import in_use, proposed
from workflow.calendar_changes import enter_decree
from workflow.decisions import Act, decide
from workflow.desk import stage_of
from workflow.models import Case
from workflow.timers import fire_due_timers
from workflow.walking import OF_THE_DECLARATION, as_recorded, draft_of, issue_now, laid_over, walk

from .audited import Audited, audited
from .kinds import KINDS
from .stages import JOURNEY, MONITORING, OUTCOMES

SCHOOL, OFFICE_OF_A_SUBSTITUTE = "KETAM LEGIT", "SEMANGAT"
MANAGEMENT = ("TOTAL_FORMS", "INITIAL_FORMS")
# A working day on which nothing is due.
FAR_AHEAD = NATIONAL.working_days_after(today(), 400)
REASON = "Lengkapi dahulu menurut catatan."
_numbers = count(1)


def copied(instrument: Instrument) -> CertifiedCopy:
    """A certified copy of the decree, whose file is the decree's: this test's alone."""
    with transaction.atomic():
        copy = certify_copy(person("hukum"), instrument)
    with acting_as(system_account()):
        copy.document = instrument.document
        copy.save()
    return copy


def a_pack(code: str) -> EvidencePack:
    """An evidence pack of a case, whose ZIP is no longer kept: this test's alone."""
    with transaction.atomic():
        pack = ask_for_pack(person("inspektur"), [code])
    with acting_as(system_account()):
        pack.state = EvidencePack.State.READY
        pack.save()
    return pack


def small_record(name: str = SCHOOL) -> Record:
    """The record of a case with a co-initiator; all of them together fit into the budget."""
    record = record_of(name)
    record["name"] = f"{name} {next(_numbers)}"
    record["co_initiators"] = [KINDS["co_initiator"]] if name == SCHOOL else []
    for line in record["commitment"]["money"]:
        line["amount"] = "1000000"
    return record


@dataclass
class World:
    """What the requests are about, and who makes them."""

    issued: Case
    returned: Case
    draft: Draft
    record: Record
    decree: CalendarDecree
    policy: SignOffPolicy
    sessions: dict[str, str]
    appointment: Appointment
    delegation: Delegation
    consequence: Consequence
    audited: Audited
    _traveller: Case | None = None

    def client(self, username: str, **options: Any) -> Client:
        """A browser in which this person is logged in; nobody is where the name is empty."""
        client = Client(**options)
        if username:
            client.cookies["sessionid"] = self.sessions[username]
        return client

    @cached_property
    def seat(self) -> Seat:
        """The seat at which the drafter publishes the issued decree."""
        return seat_of(self.issued, KINDS["drafter"])

    @cached_property
    def answer(self) -> dict[str, Any]:
        """A complete answer for that seat."""
        return answer_for(self.seat, self.record)

    @cached_property
    def instrument(self) -> Instrument:
        """The issued decree."""
        return cast(Instrument, current_instrument(self.issued.innovation))

    @cached_property
    def sha256(self) -> str:
        """The hash of the issued document."""
        return cast(StoredFile, self.instrument.document).sha256

    @cached_property
    def review(self) -> ExternalReview:
        """A review that the decree's draft has been through, with the letter of the answer."""
        return ExternalReview.objects.get(instrument=self.instrument)

    @cached_property
    def clause(self) -> LibraryClause:
        """A clause of the library."""
        return LibraryClause.objects.get(kind="regent_decree", purpose="stipulate", key="cost")

    @cached_property
    def sign_off(self) -> SignOff:
        """The first answer given on the issued case."""
        return cast(SignOff, SignOff.objects.filter(seat__process=self.issued.pk).first())

    @cached_property
    def remark(self) -> Remark:
        """The remark with which the other case was returned."""
        return Remark.objects.get(sign_off__seat__process=self.returned.pk)

    @cached_property
    def evidence(self) -> Evidence:
        """A file of the case."""
        return cast(Evidence, Evidence.objects.filter(innovation=self.issued.innovation).first())

    @cached_property
    def message(self) -> Message:
        """A message that has arrived at the initiator."""
        return cast(Message, Message.objects.visible_to(self.issued.innovation.initiator).first())

    @cached_property
    def versions(self) -> list[int]:
        """The first and the last version of the case's innovation."""
        history = cast(Any, Innovation).history.filter(id=self.issued.innovation_id)
        pks = list(history.order_by("pk").values_list("pk", flat=True))
        return [pks[0], pks[-1]]

    @cached_property
    def new_decree(self) -> dict[str, Any]:
        """What an administrator fills in to see what a decree would move."""
        tables = {f"{table}-{name}": 0 for table in ("days", "weeks") for name in MANAGEMENT}
        return tables | {
            "number": "2",
            "date": today().isoformat(),
            "title": "Cuti bersama",
            "days-TOTAL_FORMS": 1,
            "days-0-first": FAR_AHEAD.isoformat(),
            "days-0-becomes": "working",
            "days-0-name": "Pengganti",
        }

    def at(self, stage: str) -> Case:
        """A case that waits at a stage; one and the same case is walked on where that can be."""
        if stage == "revision":
            return self.returned
        before = self._traveller
        if before is None or JOURNEY.index(before.stage) > JOURNEY.index(stage):
            before = new_case(JOURNEY[0], self.record)
        self._traveller = go_on(before, stage, self.record)
        return self._traveller


def go_on(case: Case, stage: str, record: Record) -> Case:
    """Let the officials sign until the case, or its monitoring, waits at the stage."""
    if case.stage not in MONITORING:
        first = "publication" if stage in ("publication", *MONITORING) else stage
        with transaction.atomic():
            case = walk(case, record, until=first)
        if first == "publication" and case.stage != first:
            issue_now(case)
            case = Case.objects.get(pk=case.pk)
    if stage in MONITORING and case.stage not in MONITORING:
        case = _monitored(case, record)
    if case.stage != stage:
        with transaction.atomic():
            case = walk(case, record, until=stage)
    assert case.stage == stage, case.stage
    return case


def _monitored(case: Case, record: Record) -> Case:
    """The monitoring of a published case, at the end of its first period."""
    with transaction.atomic():
        walk(case, record)
    period = MonitoringPeriod.objects.get(action_item__innovation=case.innovation)
    with time_machine.travel(f"{period.end.isoformat()}T23:30:00Z"), transaction.atomic():
        assert fire_due_timers() == 1
    return Case.objects.get(code=f"{case.innovation.code}-M")


def new_case(stage: str, record: Record | None = None) -> Case:
    """A new case under a name of its own."""
    told = dict(record or small_record())
    told["name"] = f"{told['name']} {next(_numbers)}"
    return case_at(stage, record=told)


def open_seats(case: Case) -> Iterator[Seat]:
    """The seats of a case that can be signed now, with what a decision needs of them."""
    seats = Seat.objects.filter(process_id=case.pk, state=Seat.State.OPEN)
    yield from seats.select_related("task", "policy", "office", "person")


def seat_of(case: Case, username: str) -> Seat:
    """The open seat of a case that this person may sign today."""
    return next(seat for seat in open_seats(case) if signer(seat).username == username)


def signer(seat: Seat) -> User:
    """Who may sign a seat today."""
    speaking = holder_of(seat.office, today()) if seat.office else None
    return speaking.user if speaking else cast(User, seat.person)


def answer_for(seat: Seat, record: Record) -> dict[str, Any]:
    """What the browser sends when the right person decides, with the stage's form filled in."""
    outcome = OUTCOMES.get(seat.stage, "approve")
    about: Record = {"innovation": _case_of(seat).innovation, "actor": signer(seat)}
    posted = {"outcome": outcome, "note": "" if outcome == "approve" else REASON}
    form_class = stage_of(seat).wants_form(seat.group, outcome)
    if form_class is None:
        return posted
    filled = laid_over(as_recorded(form_class(**about)), _given(seat.stage, record))
    data = form_class.from_record(filled, **about).data
    return {k: v for k, v in data.items() if v is not None and v is not False} | posted


def _case_of(seat: Seat) -> Case:
    return Case.objects.select_related("innovation").get(pk=seat.process_id)


def _given(stage: str, record: Record) -> Record:
    if stage == "verification":
        rows = (row for row in record["assessments"] if row["assessor"] == KINDS["panel"])
        return {k: v for k, v in next(rows).items() if k not in OF_THE_DECLARATION}
    given: Record = record["monitoring"][stage] if stage in MONITORING else record.get(stage, {})
    return given


def build() -> World:
    """Walk the cases of a settled regency to where they stand."""
    system = system_account()
    with acting_as(system):
        User.objects.create_superuser(KINDS["superuser"], name_plain="Akar", email="a@example.test")
    record = small_record()
    issued = new_case("publication", record)
    returned = new_case("completeness", record)
    with transaction.atomic():
        clerk, seat = person(KINDS["secretariat"]), seat_of(returned, KINDS["secretariat"])
        decide(clerk, returned.code, seat.pk, _return(seat, record))
    returned.refresh_from_db()
    fields = record | {"name": f"{SCHOOL} {next(_numbers)}"}
    draft = draft_of(fields, person(KINDS["initiator"]), folder=SAMPLE.parent)
    _reviewed(issued)
    Message.objects.update(delivered_at=issued.created)
    beat("test")
    with transaction.atomic():
        row = NewDays(FAR_AHEAD, FAR_AHEAD, False, "Cuti bersama")
        new = NewDecree("1", today() - DAY, "Cuti bersama", [row])
        decree = enter_decree(person(KINDS["superuser"]), new).decree
    policy = proposed("signing", replace(in_use("signing"), working_days=4))
    people = (_sessions(), _appointment(), _delegation())
    rows = (*people, _consequence(issued), audited(issued))
    return World(issued, returned, draft, record, decree, policy, *rows)


def _reviewed(case: Case) -> None:
    """The draft had been outside the house and had come back with a letter."""
    instrument = current_instrument(case.innovation)
    assert instrument is not None
    with acting_as(system_account()):
        ExternalReview.objects.create(
            instrument=instrument,
            kind="harmonisation",
            body="Kantor Wilayah Kementerian Hukum",
            sent_on=today(),
            sent_letter="1",
            returned_on=today(),
            returned_letter="2",
            result="agreed",
            letter=stored_file(samples.pdf(), "application/pdf"),
        )


def _appointment() -> Appointment:
    """The appointment of the unit's head, with its letter."""
    appointment = Appointment.objects.get(user__username=KINDS["unit_head"], end=None)
    with acting_as(system_account()):
        appointment.letter = stored_file(samples.pdf(), "application/pdf")
        appointment.save()
    return appointment


def _delegation() -> Delegation:
    """What somebody has handed on of the own office, to nobody of the kinds."""
    principal = Appointment.objects.get(user__username=KINDS["acting"], capacity="definitive")
    terms = {"principal": principal, "delegate": person("gizi"), "stages": ["report"]}
    letter = stored_file(samples.pdf(), "application/pdf")
    return DelegationFactory(**terms, start=today(), end=today(), letter=letter)


def _consequence(case: Case) -> Consequence:
    """What the owner of a promise has to look after, as if its decree had expired."""
    instrument = current_instrument(case.innovation)
    assert instrument is not None
    with acting_as(system_account()):
        return Consequence.objects.create(
            cause=instrument,
            target=instrument,
            kind=Consequence.Kind.COMMITMENT,
            subject=case.innovation.name,
            office=case.innovation.commitment.owner_office,
            opened_at=case.created,
        )


def _sessions() -> dict[str, str]:
    """Everybody has logged in."""
    found = {}
    with acting_as(system_account()):
        for user in User.objects.filter(is_active=True):
            client = Client()
            client.force_login(user)
            found[user.username] = client.cookies["sessionid"].value
    return found


def _return(seat: Seat, record: Record) -> Act:
    """The answer by which the secretariat returns a proposal."""
    form_class = stage_of(seat).wants_form(seat.group, "return")
    assert form_class is not None
    about: Record = {"innovation": _case_of(seat).innovation, "actor": signer(seat)}
    form = form_class.from_record(record["completeness"], **about)
    return Act("return", REASON, [("design", REASON)], form=form)
