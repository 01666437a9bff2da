"""Random policies, people, appointments, edits, returns, recusals and clocks against the module.

Short by day; by night, or with `MACHINE=long`, it takes 10 000 steps.
"""

import datetime
import os
from contextlib import suppress
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.acting import acting_as
from accounts.delegations import delegate
from accounts.models import Appointment, Office, Unit, User
from accounts.offices import appoint, holder_of, today
from approvals.models import Lapse, Outcome, Seat, SignOff
from approvals.reach import gaps
from approvals.refusals import AlreadyDecided, Refused
from approvals.standing import Answer
from innovations.conflicts import recusals_of
from legal_basis.drafting import current_instrument
from notifications.models import Message
from planning.models import Alignment, Commitment
from tests.house import tiers
from tests.regency import case_at, person
from workflow.content import section_hashes, sections_of
from workflow.decisions import Act, decide, take_up
from workflow.declarations import declare
from workflow.desk import content_changed
from workflow.explaining import explain_seat
from workflow.facts import committed_amount
from workflow.rerouting import look_after, name_replacement
from workflow.reversals import take_back
from workflow.seating import policy_for

from .case import CaseAtStage
from .oracle import faults
from .policies import NEEDED, OFFICES, SECTIONS, STAGE

pytestmark = [
    pytest.mark.integration,
    pytest.mark.one_database,
    pytest.mark.usefixtures("regency", "db"),
]

LONG = tiers.NIGHT or os.environ.get("MACHINE") == "long"
EXAMPLES, STEPS = (200, 50) if LONG else (4, 40)


class SignOffMachine(CaseAtStage):
    """One case at a stage under a random policy, and everything that people do to it."""

    # ---- what people do ----

    @precondition(lambda self: self.at_stage)
    @rule(data=st.data())
    def approve_in_turn(self, data: Any) -> None:
        self.answer_in_turn(data, "approve")

    @precondition(lambda self: self.at_stage)
    @rule(data=st.data())
    def approve_as_the_next(self, data: Any) -> None:
        self.answer_in_turn(data, "approve")

    @precondition(lambda self: self.at_stage)
    @rule(data=st.data(), outcome=st.sampled_from(["approve", "approve", "send_back"]))
    def answer_as_somebody_able(self, data: Any, outcome: str) -> None:
        self.answer_in_turn(data, outcome)

    def answer_in_turn(self, data: Any, outcome: str) -> None:
        standing = self.standing()
        able = [(s, who) for s in standing.seats for who in standing.eligible(s)]
        open_now = [(s, who) for s, who in able if s.state == Seat.State.OPEN]
        if open_now or able:
            seat, signer = data.draw(st.sampled_from(open_now or able), label="seat and signer")
            self.answer(seat, signer, outcome)

    @precondition(lambda self: self.at_stage)
    @rule(data=st.data())
    def answer_as_anybody(self, data: Any) -> None:
        seat = data.draw(st.sampled_from(self.seats()), label="seat")
        self.answer(seat, data.draw(st.sampled_from(self.people()), label="person"), "approve")

    @precondition(lambda self: self.case.stage == "signing")
    @rule(data=st.data())
    def regent_sends_it_back(self, data: Any) -> None:
        seat = next(one for one in self.seats() if one.state == Seat.State.OPEN)
        for regent in self.standing().eligible(seat):
            with transaction.atomic():
                decide(regent, self.ready, seat.pk, Act("send_back", note="Belum jelas."))
            event("regent sent it back")
            return

    def answer(self, seat: Seat, signer: User, outcome: str) -> None:
        answer = explain_seat(signer, self.case, seat)
        note = "" if outcome == "approve" else "Perbaiki diktum kedua."
        try:
            with transaction.atomic():
                decision = decide(signer, self.ready, seat.pk, Act(outcome, note=note))
        except Refused as refusal:
            self.agrees(refusal, signer, answer)
        except ValidationError:
            event("undeclared")
            assert answer.allowed
            assert self.policy.declares_conflict
            assert not self.case.innovation.declarations.filter(person=signer, stage=STAGE).exists()
        else:
            event(f"answered: {outcome}, repeated: {decision.repeated}")
            assert answer.allowed or decision.repeated, answer
            assert decision.sign_off.person == signer
        self.tick()

    def agrees(self, refusal: Refused, signer: User, answer: Answer) -> None:
        """The explanation given beforehand is the refusal."""
        event(f"refused: {answer.rule}")
        assert not answer.allowed, answer
        if isinstance(refusal, AlreadyDecided):
            assert refusal.sign_off.person_id != signer.pk
        else:
            assert refusal.sentence == answer.sentence

    @precondition(lambda self: self.at_stage)
    @rule(data=st.data(), kind=st.sampled_from(["none", "none", "managed", "recuse"]))
    def declare(self, data: Any, kind: str) -> None:
        seat = data.draw(st.sampled_from(self.seats()), label="seat")
        able = [one for one in self.people() if self.standing().answer(seat, one).allowed]
        if not able:
            return
        who = data.draw(st.sampled_from(able), label="person")
        with transaction.atomic(), suppress(ValidationError, Refused):
            declare(who, self.ready, seat.pk, kind=kind, sentence="Adik saya bekerja di sana.")
        self.tick()

    @precondition(lambda self: self.at_stage)
    @rule(data=st.data())
    def take_back(self, data: Any) -> None:
        signed = [seat for seat in self.seats() if seat.state == Seat.State.SIGNED]
        if not signed:
            return
        seat = data.draw(st.sampled_from(signed), label="seat")
        assert seat.answer is not None
        before = SignOff.objects.count()
        author, stranger = seat.answer.person, data.draw(st.sampled_from(self.people()))
        if stranger != author:
            with transaction.atomic(), pytest.raises(Refused):
                take_back(stranger, self.ready, seat.pk, "Bukan saya.")
        with transaction.atomic():
            take_back(author, self.ready, seat.pk, "Saya keliru.")
        assert SignOff.objects.count() == before
        assert Lapse.objects.filter(sign_off=seat.answer, cause="taken_back").exists()
        self.tick()

    @precondition(lambda self: self.at_stage)
    @rule(data=st.data(), over=st.booleans())
    def claim(self, data: Any, over: bool) -> None:
        seat = data.draw(st.sampled_from(self.seats()), label="seat")
        who = data.draw(st.sampled_from(self.people()), label="person")
        answer = explain_seat(who, self.case, seat)
        try:
            with transaction.atomic():
                take_up(who, self.ready, seat.pk, take_over=over)
        except Refused:
            assert not answer.allowed
        else:
            assert answer.allowed or (over and answer.rule == "claimed")
            assert explain_seat(who, self.case, seat).allowed
        self.tick()

    @rule(section=st.sampled_from(SECTIONS))
    def edit(self, section: str) -> None:
        innovation = self.case.innovation
        self.letters += 1
        text = f"Ringkasan ke-{self.letters}"
        before = {seat.pk: seat.answer_id for seat in self.seats()}
        with transaction.atomic(), acting_as(self.system):
            if section == "alignment":
                row: Any = Alignment.objects.get(innovation=innovation)
                row.rationale = text
            elif section == "commitment":
                row = Commitment.objects.get(innovation=innovation)
                row.statement = text
            else:
                row = current_instrument(innovation)
                row.title = text
            row.save()
            content_changed(self.system, self.ready)
        covered = section in self.policy.covers
        for seat in self.seats() if self.at_stage else []:
            kept = before.get(seat.pk) is None or seat.answer_id == before[seat.pk]
            recused = seat.answer is not None and seat.answer.outcome == Outcome.RECUSE
            assert recused or before.get(seat.pk) is None or kept != covered
        self.tick()

    @precondition(lambda self: self.case.stage == "drafting")
    @rule()
    def draft_again(self) -> None:
        self.pass_on_the_draft()

    @rule(data=st.data(), days=st.integers(1, 4))
    def substitute(self, data: Any, days: int) -> None:
        office = Office.objects.get(code=data.draw(st.sampled_from(OFFICES[:-1])))
        who = data.draw(st.sampled_from(self.people()), label="substitute")
        with transaction.atomic(), suppress(ValidationError, Refused):
            appoint(
                self.system,
                who,
                office,
                capacity=Appointment.Capacity.DAILY_ACTING,
                start=today(),
                end=today() + datetime.timedelta(days=days),
                **self.letter(),
            )

    @rule(data=st.data(), days=st.integers(1, 4))
    def hand_on(self, data: Any, days: int) -> None:
        office = Office.objects.get(code=data.draw(st.sampled_from(OFFICES[:-1])))
        holder = holder_of(office, today())
        who = data.draw(st.sampled_from(self.people()), label="delegate")
        stages = data.draw(st.sampled_from([[], [STAGE], ["signing"]]))
        if holder is None:
            return
        with transaction.atomic(), suppress(ValidationError, Refused):
            delegate(
                holder.user,
                holder,
                who,
                start=today(),
                end=today() + datetime.timedelta(days=days),
                stages=stages,
                **self.letter(),
            )

    @rule(data=st.data())
    def deactivate(self, data: Any) -> None:
        needed = Appointment.objects.filter(office__code__in=NEEDED).values("user")
        staying = User.objects.filter(Q(pk__in=needed) | Q(is_superuser=True))
        leavers = [one for one in self.people() if one.is_active and one not in staying]
        who = data.draw(st.sampled_from(leavers), label="leaver")
        with transaction.atomic(), acting_as(self.system):
            who.is_active = False
            who.save()

    @rule(days=st.integers(1, 3))
    def time_passes(self, days: int) -> None:
        self.traveller.shift(datetime.timedelta(days=days))
        with transaction.atomic():
            look_after(self.system, self.ready)

    @precondition(lambda self: self.at_stage)
    @rule(data=st.data())
    def replace(self, data: Any) -> None:
        standing = self.standing()
        lacking = [s for gap in gaps(self.policy, standing.seats, standing) for s in gap.seats]
        seat = data.draw(st.sampled_from(lacking or standing.seats), label="seat")
        office = Office.objects.get(code=data.draw(st.sampled_from(OFFICES[:-1])))
        secretary = person("sekretariat")
        try:
            with transaction.atomic():
                name_replacement(secretary, self.ready, seat.pk, office, reason="Tidak ada lagi.")
        except Refused:
            assert not lacking
        except ValidationError:
            assert lacking
        else:
            assert lacking
            fresh = self.standing()
            moved = next(one for one in fresh.seats if one.pk == seat.pk)
            assert fresh.eligible(moved)

    # ---- what must hold ----

    @invariant()
    def nothing_is_passed_without_its_signatures(self) -> None:
        if not hasattr(self, "policy") or self.case.stage != "signing":
            return
        innovation = self.case.innovation
        seats = list(
            Seat.objects.filter(process=self.case.pk, stage=STAGE).select_related(
                "policy", "answer__lapse", "answer__seat", "answer__person"
            )
        )
        last = max(seat.task_id for seat in seats)
        facts = {
            "amount": committed_amount(innovation),
            "initiator_type": innovation.initiator_type,
        }
        if last not in self.passed:
            hashes = section_hashes(sections_of(innovation, SECTIONS))
            of_last = [seat for seat in seats if seat.task_id == last]
            assert faults(self.policy, of_last, hashes, facts) == []
            barred = {innovation.initiator_id}
            barred |= set(innovation.participants.values_list("user", flat=True))
            barred |= set(recusals_of(innovation).values_list("person", flat=True))
            approvals = [s.answer for s in of_last if s.answer and s.answer.outcome == "approve"]
            assert not barred & {answer.person_id for answer in approvals}
            self.passed.add(last)
            event(f"passed with {len(approvals)} approvals")

    @invariant()
    def nothing_stalls_silently(self) -> None:
        if not hasattr(self, "policy") or not self.at_stage:
            return
        look = transaction.atomic()
        with look:
            lacking = look_after(self.system, self.ready)
        open_seats = [seat for seat in self.seats() if seat.state == Seat.State.OPEN]
        standing = self.standing()
        someone = any(standing.eligible(seat) for seat in open_seats)
        told = Message.objects.filter(event="stage_stalled", case_code=self.ready).exists()
        assert someone or lacking
        assert told or not lacking

    @invariant()
    def an_open_case_has_one_task_and_one_answer_per_seat(self) -> None:
        case = self.case
        human = case.task_set.filter(flow_task_type="HUMAN", finished__isnull=True)
        assert human.count() == 1
        for seat in self.seats():
            assert (seat.answer is not None) == (seat.state in ("signed", "recused"))
            assert seat.sign_offs.filter(round=seat.round).count() <= 1
        assert policy_for(case, STAGE).pk == self.policy.pk if hasattr(self, "policy") else True


@pytest.fixture
def ready(regency: None, db: None) -> str:
    """A case whose draft waits for the head of the legal section."""
    assert Unit.objects.filter(code="bappelitbangda").exists()
    return case_at("drafting").code


def test_sign_off_holds_whatever_people_do(ready):
    SignOffMachine.ready = ready
    run_state_machine_as_test(
        SignOffMachine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
