"""The whole way, on real records: what each stage finds, leaves behind and hands on."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from approvals.models import Outcome, Remark, Seat, SignOff
from approvals.refusals import NotAllowed, Refused
from innovations import proposals
from innovations.models import Innovation
from legal_basis.drafting import current_instrument
from legal_basis.models import Instrument, RegisterEntry
from planning.models import ActionItem, Commitment, MonitoringPeriod
from tests.regency import NEEDS_A_TRIAL, RUNS_ALREADY, case_at, person, record_of
from workflow.decisions import Act, decide
from workflow.models import Case
from workflow.remarks import remarks_of, resolve_remark
from workflow.reversals import withdraw
from workflow.submission import submit
from workflow.timers import fire_due_timers
from workflow.walking import sign_one, walk

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("regency", "db")]

HUMAN_STAGES = (
    "completeness",
    "verification",
    "trial",
    "alignment",
    "commitment",
    "drafting",
    "initialling",
    "signing",
)


def open_seats(case: Case) -> list[Seat]:
    return list(Seat.objects.filter(process_id=case.pk, state=Seat.State.OPEN))


@pytest.mark.parametrize("stage", HUMAN_STAGES)
def test_case_waits_at_each_stage_with_open_seats(stage):
    case = case_at(stage, NEEDS_A_TRIAL)

    assert case.stage == stage
    assert {seat.stage for seat in open_seats(case)} == {stage}


def test_recognition_path_skips_the_trial():
    case = case_at("alignment", RUNS_ALREADY)

    stages = SignOff.objects.filter(seat__process=case.pk).values_list("seat__stage", flat=True)
    assert set(stages) == {"completeness", "verification"}


def test_commitment_reserves_its_money_when_the_budget_team_has_signed():
    case = case_at("drafting")

    commitment = Commitment.objects.get(innovation=case.innovation)
    assert commitment.status == Commitment.Status.RESERVED
    in_dpa = [line for line in commitment.lines.select_related("source") if line.source.in_dpa]
    assert all(line.ceiling and line.ceiling.reserved >= line.amount for line in in_dpa)


def test_draft_takes_cost_annex_and_signatory_from_the_case():
    case = case_at("drafting")

    instrument = current_instrument(case.innovation)
    dicta = {row["key"]: row["text"] for row in instrument.content["dicta"]}
    years = set(case.innovation.commitment.lines.values_list("fiscal_year", flat=True))
    assert all(f"Tahun Anggaran {year}" in dicta["cost"] for year in years)
    names = case.innovation.alignment.indicators.values_list("name", flat=True)
    assert [row[3] for row in instrument.content["annex"]["rows"]] == list(names)
    assert instrument.signatory_office.code == "bupati"


def test_signing_takes_number_and_waits_for_the_worker():
    case = case_at("signing")

    with transaction.atomic():
        case = walk(case, record_of(RUNS_ALREADY))

    instrument = current_instrument(case.innovation)
    assert instrument.status == Instrument.Status.NUMBERED
    assert instrument.signatory == person("bupati")
    assert RegisterEntry.objects.get(instrument=instrument).number == instrument.number
    assert open_seats(case) == []


def test_whole_journey_ends_in_the_action_plan_with_monitoring():
    case = case_at("done")

    innovation = Innovation.objects.get(pk=case.innovation_id)
    assert innovation.status == Innovation.Status.INSTITUTIONALISED
    item = ActionItem.objects.get(innovation=innovation)
    assert item.owner_office_id != item.custodian_office_id
    monitoring = Case.objects.get(code=f"{innovation.code}-M")
    assert monitoring.task_set.filter(flow_task_type="TIMER", status="SCHEDULED").count() == 1


def test_monitoring_period_is_reported_evaluated_and_decided(time_machine):
    case = case_at("done")
    period = MonitoringPeriod.objects.get(action_item__innovation=case.innovation)

    time_machine.move_to(f"{period.end.isoformat()}T23:30:00Z")
    assert fire_due_timers() == 1
    monitoring = Case.objects.get(code=f"{case.code}-M")
    with transaction.atomic():
        monitoring = walk(monitoring, record_of(RUNS_ALREADY))

    period.refresh_from_db()
    assert period.report.achievements.count() == 2 or period.report.achievements.exists()
    assert period.decision.decision in {"continue", "improve", "renew", "replicate"}
    assert MonitoringPeriod.objects.filter(action_item=period.action_item).count() == 2


def test_timer_does_not_fire_before_its_moment():
    case_at("done")

    assert fire_due_timers() == 0


def test_return_goes_to_the_initiator_with_remarks_and_back_to_the_stage_that_asked():
    case = case_at("alignment")
    seat = open_seats(case)[0]
    planner = person("perencanaan")

    with transaction.atomic():
        decide(
            planner,
            case.code,
            seat.pk,
            Act("return", "Jelaskan sasarannya.", [("design", "Sebutkan jumlah ibu hamil.")]),
        )

    case.refresh_from_db()
    assert (case.stage, case.asked_by) == ("revision", "alignment")
    assert Innovation.objects.get(pk=case.innovation_id).status == Innovation.Status.RETURNED
    assert [seat.person for seat in open_seats(case)] == [case.innovation.initiator]

    with transaction.atomic():
        draft = proposals.open_revision_draft(case.innovation.initiator, case.innovation)
        proposals.save_draft(
            draft.owner, draft.pk, {"benefit": draft.data["benefit"] + " Untuk 412 ibu hamil."}
        )
        remark = remarks_of(case).get()
        resolve_remark(draft.owner, case.code, remark.pk, "Jumlahnya disebut pada bagian manfaat.")
        draft.refresh_from_db()
        submit(draft.owner, draft)

    case = Case.objects.get(pk=case.pk)
    assert case.stage == "alignment"
    assert case.innovation.revision == 2
    assert "412 ibu hamil" in case.innovation.benefit
    assert not Remark.objects.filter(resolved_at__isnull=True).exists()


def test_resubmission_repeated_answers_with_the_same_case():
    case = case_at("alignment")
    with transaction.atomic():
        decide(person("perencanaan"), case.code, open_seats(case)[0].pk, Act("return", "Perbaiki."))
        draft = proposals.open_revision_draft(case.innovation.initiator, case.innovation)
        first = submit(draft.owner, draft)
        draft.refresh_from_db()
        again = submit(draft.owner, draft)

    assert first.pk == again.pk == case.pk
    assert Innovation.objects.get(pk=case.innovation_id).revision == 2


def test_rejection_ends_the_case_with_its_reason():
    case = case_at("completeness")
    record = record_of(RUNS_ALREADY)

    with transaction.atomic():
        sign_one(case, open_seats(case)[0], record, "reject", "Bukan kewenangan daerah.")

    case.refresh_from_db()
    innovation = Innovation.objects.get(pk=case.innovation_id)
    assert (case.stage, case.reason) == ("rejected", "Bukan kewenangan daerah.")
    assert innovation.status == Innovation.Status.REJECTED
    assert innovation.status_reason == "Bukan kewenangan daerah."
    assert case.finished is not None


def test_trial_that_fails_stops_the_innovation():
    case = case_at("trial", NEEDS_A_TRIAL)

    with transaction.atomic():
        sign_one(case, open_seats(case)[0], record_of(NEEDS_A_TRIAL), "reject", "Tidak berhasil.")

    assert Innovation.objects.get(pk=case.innovation_id).status == Innovation.Status.STOPPED


def test_commitment_sent_back_returns_to_alignment():
    case = case_at("commitment")

    with transaction.atomic():
        head = open_seats(case)[0]
        sign_one(case, head, record_of(RUNS_ALREADY), "send_back", "Target belum sesuai.")

    case.refresh_from_db()
    assert case.stage == "alignment"


def test_drafting_sent_back_gives_the_money_back():
    case = case_at("drafting")
    record = record_of(RUNS_ALREADY)

    with transaction.atomic():
        sign_one(case, open_seats(case)[0], record, "send_back", "Sumber dana keliru.")

    case.refresh_from_db()
    assert case.stage == "commitment"
    assert Commitment.objects.get(innovation=case.innovation).status == Commitment.Status.RELEASED
    with transaction.atomic():
        case = walk(case, record, until="initialling")
    assert Commitment.objects.get(innovation=case.innovation).status == Commitment.Status.RESERVED


def test_initials_sent_back_keep_the_edited_draft():
    case = case_at("initialling")
    instrument = current_instrument(case.innovation)

    with transaction.atomic():
        sign_one(case, open_seats(case)[0], {}, "send_back", "Perbaiki diktum.")

    case.refresh_from_db()
    assert case.stage == "drafting"
    assert current_instrument(case.innovation).pk == instrument.pk


def test_withdrawal_releases_money_and_closes_seats():
    case = case_at("drafting")

    with transaction.atomic():
        withdraw(case.innovation.initiator, case.code, "Digabung dengan program lain.")

    case.refresh_from_db()
    assert case.stage == "withdrawn"
    assert open_seats(case) == []
    assert Commitment.objects.get(innovation=case.innovation).status == Commitment.Status.RELEASED


def test_withdrawal_is_the_initiators_alone_and_needs_a_reason():
    case = case_at("completeness")

    with transaction.atomic(), pytest.raises(NotAllowed):
        withdraw(person("dinkes"), case.code, "Saya tidak suka.")
    with transaction.atomic(), pytest.raises(ValidationError):
        withdraw(case.innovation.initiator, case.code, "  ")


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("reason", ["a\x00b", "sah\u202eih", "a" * 5_000, "\ufeff"])
def test_withdrawal_with_a_reason_that_others_cannot_read_is_refused(reason):
    case = case_at("completeness")

    with transaction.atomic(), pytest.raises(ValidationError, match="Reason: "):
        withdraw(case.innovation.initiator, case.code, reason)


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("act", "field"),
    [
        (Act("return", "sah\u202eih"), "Reason: "),
        (Act("return", "Lengkapi.", [("design", "a\x00b")]), "Remark: "),
    ],
)
def test_decision_with_a_reason_that_others_cannot_read_is_refused(act, field):
    case = case_at("completeness")
    seat = open_seats(case)[0]

    with transaction.atomic(), pytest.raises(ValidationError, match=field):
        decide(person("sekretariat"), case.code, seat.pk, act)


@pytest.mark.usefixtures("english")
def test_withdrawal_after_the_number_is_refused():
    case = case_at("signing")
    with transaction.atomic():
        walk(case, record_of(RUNS_ALREADY))

    with transaction.atomic(), pytest.raises(Refused, match="The decree has its number"):
        withdraw(case.innovation.initiator, case.code, "Terlambat.")


def test_panel_decides_when_three_of_five_have_answered():
    case = case_at("verification")
    record = record_of(RUNS_ALREADY)

    with transaction.atomic():
        for _number in range(3):
            sign_one(case, open_seats(case)[0], record)

    case.refresh_from_db()
    assert case.stage == "alignment"
    states = Seat.objects.filter(process_id=case.pk, stage="verification").values_list("state")
    assert sorted(state for (state,) in states) == ["closed"] * 2 + ["signed"] * 3
    assert Outcome.APPROVE == "approve"
