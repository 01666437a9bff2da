"""Acts that undo: an answer taken back, an innovation withdrawn, an ended case opened anew."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.acting import acting_as
from approvals.models import Lapse, Outcome, Seat, SignOff
from approvals.refusals import NotAllowed, NotFound, Refused
from innovations import proposals
from innovations.models import Innovation, Participant
from planning.models import Commitment, MonitoringPeriod
from tests.accounts.factories import system_account
from tests.regency import NEEDS_A_TRIAL, RUNS_ALREADY, case_at, person, record_of
from tests.workflow.steps import (
    BETTER,
    counting,
    decided,
    fresh,
    lapsed,
    offices,
    revised,
    seat_at,
    seats,
    sign,
    told,
)
from workflow.models import Case
from workflow.reversals import reopen, take_back, withdraw
from workflow.submission import submit
from workflow.timers import fire_due_timers
from workflow.walking import sign_one, walk

pytestmark = [pytest.mark.integration, pytest.mark.one_database, pytest.mark.usefixtures("english")]
WALKED = (
    *("completeness", "verification", "commitment", "drafting", "initialling", "publication"),
    "done",
)
OWNER, FINANCE = "kepala-puskesmas-kelapa-kampit", "kepala-bpkpd"


def taken_back(case, seat, who, reason="Salah menekan tombol."):
    with transaction.atomic():
        take_back(person(who), case.code, seat.pk, reason)


def withdrawn(case, reason="Digabung dengan program lain."):
    with transaction.atomic():
        withdraw(case.innovation.initiator, case.code, reason)
    return fresh(case)


def reopened(case, who="sekretariat", reason="Sudah dibicarakan."):
    with transaction.atomic():
        reopen(person(who), case.code, reason)
    return fresh(case)


# ---- taking an answer back ----


def test_answer_is_taken_back_while_the_stage_is_open(at):
    case = sign(at("commitment"), OWNER)
    given = Seat.objects.get(process_id=case.pk, stage="commitment", office__code=OWNER)
    taken_back(case, given, "kapus.kampit")

    assert offices(seats(case)) == [OWNER]
    assert offices(seats(case, "waiting")) == [FINANCE, "sekda"]
    assert lapsed(case, "commitment") == [("kapus.kampit", "taken_back", [])]
    lapse = Lapse.objects.get(sign_off__seat=given)
    assert lapse.reason == "Salah menekan tombol."
    assert lapse.history.get().history_user == person("kapus.kampit")
    case = sign(case, OWNER)
    assert offices(seats(case)) == [FINANCE]
    rounds = SignOff.objects.filter(seat=given).values_list("round", "outcome")
    assert list(rounds) == [(1, "approve"), (2, "approve")]


def test_later_answers_stay_where_an_earlier_one_is_taken_back(at):
    case = sign(sign(at("commitment"), OWNER), FINANCE)
    given = Seat.objects.get(process_id=case.pk, stage="commitment", office__code=OWNER)
    taken_back(case, given, "kapus.kampit")

    assert offices(seats(case, "signed")) == [FINANCE]
    assert offices(seats(sign(case, OWNER))) == ["sekda"]


def test_colleagues_are_told_that_it_is_theirs_again(at):
    case = sign(at("drafting"), "perancang-hukum-1")
    before = told(case, "seat_opened"), told(case, "asked_again")
    given = Seat.objects.get(process_id=case.pk, stage="drafting", state="signed")
    taken_back(case, given, "perancang1")

    assert sorted(offices(seats(case))) == ["perancang-hukum-1", "perancang-hukum-2"]
    # The colleague was told when the stage opened: the same seat and round say nothing new.
    assert (told(case, "seat_opened"), told(case, "asked_again")) == before


def test_completed_stage_gives_no_answer_back(at):
    case = at("verification")
    for number in (1, 2, 3):
        case = sign(case, f"panel-{number}")
    given = Seat.objects.get(process_id=case.pk, office__code="panel-1")
    with pytest.raises(Refused, match="The stage “Panel verification” is complete") as refusal:
        taken_back(case, given, "panel1")
    assert refusal.value.status == 409
    assert counting(case, "verification") == ["panel1", "panel2", "panel3"]


@pytest.mark.parametrize("outcome", ["return", "send_back"])
def test_answer_that_ended_a_stage_is_not_taken_back(outcome, at):
    case = sign(at("commitment"), OWNER, outcome)
    given = Seat.objects.get(process_id=case.pk, stage="commitment", office__code=OWNER)
    with pytest.raises(Refused, match="is complete"):
        taken_back(case, given, "kapus.kampit")


def test_only_its_author_takes_an_answer_back(at):
    case = sign(at("commitment"), OWNER)
    given = Seat.objects.get(process_id=case.pk, stage="commitment", office__code=OWNER)
    for who in ("sekretariat", "dinkes", "bidan.kampit"):
        with pytest.raises(NotAllowed, match="Only whoever gave an answer"):
            taken_back(case, given, who)


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_taking_back_needs_a_reason(reason, at):
    case = sign(at("commitment"), OWNER)
    given = Seat.objects.get(process_id=case.pk, stage="commitment", office__code=OWNER)
    with pytest.raises(ValidationError, match="say in a sentence why you take your answer back"):
        taken_back(case, given, "kapus.kampit", reason)


def test_answer_of_another_case_does_not_exist(at):
    case = sign(at("commitment"), OWNER)
    given = Seat.objects.get(process_id=case.pk, stage="commitment", office__code=OWNER)
    with pytest.raises(NotFound):
        taken_back(at("verification"), given, "kapus.kampit")


def test_vote_for_a_return_is_taken_back_like_any_other(at):
    case = sign(at("verification"), "panel-1", "return")
    given = Seat.objects.get(process_id=case.pk, office__code="panel-1")
    taken_back(case, given, "panel1")
    for number in (1, 2, 3):
        case = sign(case, f"panel-{number}")
    assert case.stage == "alignment"


# ---- withdrawing ----


def test_withdrawal_closes_what_was_asked(at):
    case = withdrawn(at("drafting"))

    assert (case.stage, case.asked_by) == ("withdrawn", "drafting")
    assert seats(case, "open", "waiting") == []
    assert case.reason == "Digabung dengan program lain."


def test_innovation_whose_decree_has_its_number_is_not_withdrawn(at):
    for stage in ("publication", "done"):
        case = at(stage)
        with pytest.raises(Refused, match="The decree has its number") as refusal:
            withdrawn(case)
        assert (type(refusal.value), refusal.value.status) == (Refused, 409)
        assert fresh(case).stage == stage


def test_monitoring_is_not_withdrawn(at, time_machine):
    """A report that nobody handed in would pass for one."""
    done = at("done")
    period = MonitoringPeriod.objects.get(action_item__innovation=done.innovation)
    time_machine.move_to(f"{period.end.isoformat()}T23:30:00Z")
    fire_due_timers()
    monitoring = Case.objects.get(code=f"{done.code}-M")
    with pytest.raises(Refused):
        withdrawn(monitoring)
    assert fresh(monitoring).stage == "report"


# ---- opening anew ----


def rejected(case):
    for number in (1, 2, 3):
        case = sign(case, f"panel-{number}", "reject", "Bukan kewenangan.")
    return case


def test_rejected_case_is_opened_anew_and_goes_back_to_where_it_ended(at):
    case = rejected(at("verification"))
    assert (case.stage, case.finished is None) == ("rejected", False)
    case = reopened(case)

    assert (case.stage, case.asked_by, case.finished) == ("revision", "verification", None)
    innovation = Innovation.objects.get(pk=case.innovation_id)
    assert (innovation.status, innovation.status_reason) == ("returned", "Sudah dibicarakan.")
    assert [seat.person for seat in seats(case)] == [innovation.initiator]
    assert told(case, "reopened") == ["bidan.kampit"]
    assert case.history.first().history_user == person("sekretariat")

    case = revised(case, benefit=BETTER)
    assert case.stage == "verification"
    assert len(seats(case)) == 5
    for number in (1, 2, 3):
        case = sign(case, f"panel-{number}")
    assert case.stage == "alignment"


def test_case_that_ends_again_can_be_opened_again(at):
    case = reopened(rejected(at("verification")))
    case = rejected(revised(case))
    assert case.stage == "rejected"
    case = reopened(case, reason="Sekali lagi.")

    assert (case.stage, case.asked_by) == ("revision", "verification")
    assert told(case, "reopened") == ["bidan.kampit"] * 2
    ends = case.task_set.filter(flow_task_type="END").values_list("status", flat=True)
    assert sorted(ends) == ["CANCELED", "CANCELED"]


@pytest.mark.usefixtures("regency", "db")
def test_stopped_case_is_opened_anew():
    case = case_at("trial", NEEDS_A_TRIAL)
    with transaction.atomic():
        sign_one(case, seats(case)[0], record_of(NEEDS_A_TRIAL), "reject", "Tidak berhasil.")
    assert fresh(case).stage == "stopped"
    case = revised(reopened(fresh(case)))

    assert case.stage == "trial"


def test_withdrawn_case_goes_all_the_way_to_where_it_was_where_nothing_changed(at):
    """Every signature of before still counts: nobody is asked again on the way."""
    before = {
        stage: counting(at("drafting"), stage)
        for stage in ("completeness", "verification", "alignment", "commitment")
    }
    case = withdrawn(at("drafting"))
    assert Commitment.objects.get(innovation=case.innovation).status == "released"
    case = revised(reopened(case))

    assert case.stage == "drafting"
    assert {stage: counting(case, stage) for stage in before} == before
    assert Commitment.objects.get(innovation=case.innovation).status == "reserved"
    with transaction.atomic():
        assert walk(case, record_of(RUNS_ALREADY), until="initialling").stage == "initialling"


def test_withdrawn_case_stops_on_its_way_at_those_who_read_what_has_changed(at):
    case = revised(reopened(withdrawn(at("initialling"))), benefit=BETTER)

    # The design is no business of the completeness check, and of the panel's it is.
    assert case.stage == "verification"
    assert counting(case, "completeness") == ["sekretariat"]
    assert counting(case, "verification") == []
    for number in (1, 2, 3):
        case = sign(case, f"panel-{number}")
    assert case.stage == "alignment"
    while case.stage == "alignment":
        case = sign(case)
    # Commitment and draft were signed on alignment, money and text, and those are as they were.
    assert case.stage == "initialling"
    assert len(counting(case, "drafting")) == 2


def test_withdrawal_during_a_revision_can_be_undone(at):
    case = withdrawn(sign(at("commitment"), outcome="return"))
    case = revised(reopened(case))

    assert case.stage == "commitment"
    assert offices(seats(case)) == [OWNER]


@pytest.mark.parametrize("who", ["bupati", "bidan.kampit", "panel1"])
def test_opening_anew_is_for_the_secretariat(who, at):
    case = rejected(at("verification"))
    with pytest.raises(NotAllowed, match="Only the innovation secretariat opens an ended case"):
        reopened(case, who)


def test_secretary_who_takes_part_opens_nothing(at):
    case = rejected(at("verification"))
    with acting_as(system_account()):
        Participant.objects.create(innovation=case.innovation, user=person("sekretariat"))
    with pytest.raises(NotAllowed):
        reopened(case)


@pytest.mark.parametrize("stage", ["verification", "publication", "done"])
def test_case_that_has_not_ended_without_a_decree_is_not_opened(stage, at):
    case = at(stage)
    with pytest.raises(Refused, match="Only a case that was rejected, stopped or withdrawn") as no:
        reopened(case)
    assert no.value.status == 409
    assert fresh(case).stage == stage


@pytest.mark.parametrize("reason", ["", " "])
def test_opening_anew_needs_a_reason(reason, at):
    case = rejected(at("verification"))
    with pytest.raises(ValidationError, match="say in a sentence why it is opened anew"):
        reopened(case, reason=reason)
    assert fresh(case).stage == "rejected"


def test_opened_case_can_be_withdrawn_and_rejected_like_any_other(at):
    case = withdrawn(reopened(rejected(at("verification"))))

    assert case.stage == "withdrawn"
    assert Innovation.objects.get(pk=case.innovation_id).status == "withdrawn"


# ---- resubmission ----


def test_resubmission_where_none_is_waited_for_is_about_the_moment(at):
    case = sign(at("commitment"), outcome="return")
    initiator = case.innovation.initiator
    with transaction.atomic():
        draft = proposals.open_revision_draft(initiator, case.innovation)
    withdrawn(case)
    with pytest.raises(Refused) as refusal, transaction.atomic():
        submit(initiator, draft)
    assert refusal.value.status == 409


def test_answer_given_anew_is_no_repeat_of_the_one_taken_back(at):
    case = sign(at("initialling"), OWNER)
    given = Seat.objects.get(process_id=case.pk, stage="initialling", office__code=OWNER)
    assert decided(person("kapus.kampit"), given, "approve").repeated is True
    taken_back(case, given, "kapus.kampit")

    again = decided(
        person("kapus.kampit"), seat_at(case, OWNER), Outcome.SEND_BACK.value, "Keliru."
    )
    assert (again.repeated, again.stage_result) == (False, "send_back")
