"""Which signatures still bind when a case comes to a stage again, and who is asked once more."""

import pytest
from django.db import transaction

from accounts.models import Office
from approvals.models import Lapse, Seat, SignOff
from planning.models import MonitoringPeriod
from tests.regency import RUNS_ALREADY, person, record_of
from tests.workflow.steps import (
    BETTER,
    confirm,
    counting,
    lapsed,
    leave,
    offices,
    revised,
    seats,
    sign,
)
from workflow.models import Case
from workflow.rerouting import name_replacement
from workflow.timers import fire_due_timers
from workflow.walking import walk

pytestmark = [pytest.mark.integration, pytest.mark.one_database, pytest.mark.usefixtures("english")]
WALKED = ("verification", "alignment", "commitment", "initialling", "done")
PANEL = ["panel1", "panel2", "panel3"]
OWNER, FINANCE = "kepala-puskesmas-kelapa-kampit", "kepala-bpkpd"


# ---- back from a revision: the stage that asked ----


def test_answers_whose_content_is_unchanged_are_kept_on_resubmission(at):
    case = sign(at("commitment"), OWNER)
    case = revised(sign(case, FINANCE, "return"))

    assert case.stage == "commitment"
    assert offices(seats(case, "signed")) == [OWNER]
    assert offices(seats(case)) == [FINANCE]
    assert counting(case, "commitment") == ["kapus.kampit"]
    assert lapsed(case, "commitment") == []


def test_answer_whose_content_has_changed_is_asked_for_again(at):
    case = sign(at("commitment"), OWNER)
    case = revised(sign(case, FINANCE, "return"), budget_need="175.000.000")

    assert lapsed(case, "commitment") == [("kapus.kampit", "changed", ["identity"])]
    assert counting(case, "commitment") == []
    own = [seat for seat in seats(case, "open", "waiting") if seat.stage == "commitment"]
    assert offices(own) == [OWNER, FINANCE, "sekda"]


def test_quorum_asks_the_members_whose_approval_does_not_count(at):
    case = at("verification")
    for number in (1, 2):
        case = sign(case, f"panel-{number}")
    for number in (3, 4, 5):
        case = sign(case, f"panel-{number}", "return")
    case = revised(case)

    assert offices(seats(case, "signed")) == ["panel-1", "panel-2"]
    assert offices(seats(case)) == ["panel-3", "panel-4", "panel-5"]
    assert sign(case, "panel-4").stage == "alignment"


def test_quorum_that_covered_the_change_is_asked_as_a_whole(at):
    case = sign(at("verification"), "panel-1")
    for number in (3, 4, 5):
        case = sign(case, f"panel-{number}", "return")
    case = revised(case, benefit=BETTER)

    assert len(seats(case)) == 5
    assert lapsed(case, "verification") == [("panel1", "changed", ["design"])]


def test_answer_of_whoever_has_become_a_co_initiator_is_not_kept(at):
    case = sign(at("commitment"), OWNER)
    case = revised(sign(case, FINANCE, "return"), co_initiators=["kapus.kampit"])

    assert "kapus.kampit" not in counting(case, "commitment")
    own = [seat for seat in seats(case, "open", "waiting") if seat.stage == "commitment"]
    assert OWNER not in offices(own)


def test_answer_of_a_replacement_is_kept_where_it_was_named(at):
    case = at("commitment")
    leave("kapus.kampit")
    with transaction.atomic():
        office = Office.objects.get(code="kepala-dinkes")
        (seat,) = seats(case)
        name_replacement(person("sekretariat"), case.code, seat.pk, office, reason="Kosong.")
    case = revised(sign(sign(case, "kepala-dinkes"), FINANCE, "return"))

    assert offices(seats(case, "signed")) == ["kepala-dinkes"]
    assert offices(seats(case)) == [FINANCE]


def test_earlier_answer_of_whoever_has_become_a_co_initiator_is_asked_of_somebody_else(at):
    case = commitment_returned(at("commitment"), co_initiators=["perencanaan"])

    assert ("perencanaan", "asked_anew", []) in lapsed(case, "alignment")
    (again,) = [seat for seat in seats(case) if seat.stage == "alignment"]
    assert again.office.code == "kepala-bappelitbangda"
    assert "kabid-perencanaan" not in offices(seats(case))


# ---- back from a revision: the stages before ----


def commitment_returned(case, **changes):
    """Finance returned the proposal, and it was revised: the panel and alignment read `design`."""
    return revised(sign(sign(case, OWNER), FINANCE, "return"), **changes)


def test_earlier_signers_are_asked_again_exactly_where_their_sections_changed(at):
    case = commitment_returned(at("commitment"), benefit=BETTER)

    again = seats(case)
    assert {seat.reconfirms is not None for seat in again} == {True}
    assert sorted((seat.stage, seat.office.code) for seat in again) == [
        ("alignment", "kabid-perencanaan"),
        ("alignment", "kepala-bappelitbangda"),
        ("verification", "panel-1"),
        ("verification", "panel-2"),
        ("verification", "panel-3"),
    ]
    assert lapsed(case, "verification") == [(name, "changed", ["design"]) for name in PANEL]
    assert counting(case, "completeness") == ["sekretariat"]
    # The stage's own wait, and the one whose content is unchanged has signed already.
    assert offices(seats(case, "signed")) == [OWNER]
    assert offices(seats(case, "waiting")) == [FINANCE, "sekda"]


def test_nobody_earlier_is_asked_where_nothing_of_theirs_changed(at):
    case = commitment_returned(at("commitment"))

    assert [seat.reconfirms for seat in seats(case)] == [None]
    assert counting(case, "verification") == PANEL


def test_change_of_the_people_concerns_those_who_read_who_they_are(at):
    case = commitment_returned(at("commitment"), co_initiators=["pengawas"])

    again = sorted((seat.stage, seat.office.code) for seat in seats(case))
    assert again == [
        ("completeness", "sekretariat-inovasi-1"),
        ("verification", "panel-1"),
        ("verification", "panel-2"),
        ("verification", "panel-3"),
    ]


def confirmed(case):
    """Every earlier signer says that it still stands."""
    while again := [seat for seat in seats(case) if seat.reconfirms_id]:
        case = confirm(case, again[0])
    return case


def test_answers_that_still_stand_count_as_signatures_of_their_stage(at):
    case = confirmed(commitment_returned(at("commitment"), benefit=BETTER))

    assert case.stage == "commitment"
    assert offices(seats(case)) == [FINANCE]
    assert counting(case, "verification") == PANEL
    assert counting(case, "alignment") == ["bappelitbangda", "perencanaan"]


def test_second_revision_asks_those_again_who_confirmed_the_first(at):
    case = confirmed(commitment_returned(at("commitment"), benefit=BETTER))
    case = revised(sign(case, FINANCE, "return"), benefit=BETTER * 2)

    assert len(seats(case)) == 5
    case = confirmed(case)
    assert counting(case, "verification") == PANEL
    assert len(lapsed(case, "verification")) == 6


def test_earlier_signer_may_return_the_case_after_the_change(at):
    case = commitment_returned(at("commitment"), benefit=BETTER)
    case = confirm(case, seats(case)[0], "return")

    assert (case.stage, case.asked_by) == ("revision", "commitment")
    assert case.reason == "Kini keliru."


def test_earlier_signers_who_had_not_confirmed_are_asked_after_the_next_revision(at):
    """Who returned it and who had not answered yet: their first answer counts no longer."""
    case = commitment_returned(at("commitment"), benefit=BETTER)
    first, second, *_others = seats(case)
    case = confirm(case, first)
    case = revised(confirm(case, second, "return"))

    again = [seat for seat in seats(case) if seat.reconfirms_id]
    assert len(again) == 4
    assert first.reconfirms_id not in [seat.reconfirms_id for seat in again]
    assert second.office.code in offices(again)
    case = confirmed(case)
    assert counting(case, "verification") == PANEL
    assert counting(case, "alignment") == ["bappelitbangda", "perencanaan"]


def test_stage_that_was_signed_anew_owes_no_confirmation(at):
    case = commitment_returned(at("commitment"), benefit=BETTER)
    case = confirmed(case)
    case = sign(case, FINANCE, "send_back")
    assert case.stage == "alignment"
    case = sign(sign(case, "kabid-litbang"), "kepala-bappelitbangda")
    assert case.stage == "commitment"
    case = revised(sign(case, outcome="return"))
    assert [seat.reconfirms for seat in seats(case)] == [None]


# ---- sent back, and forward again ----


def test_stage_that_a_case_is_sent_back_to_is_asked_anew_as_a_whole(at):
    case = sign(at("commitment"), OWNER, "send_back")

    assert case.stage == "alignment"
    assert counting(case, "alignment") == []
    assert lapsed(case, "alignment") == [
        ("bappelitbangda", "asked_anew", []),
        ("perencanaan", "asked_anew", []),
    ]
    assert counting(case, "verification") == PANEL


def test_way_forward_keeps_what_is_unchanged(at):
    case = sign(sign(at("commitment"), OWNER), FINANCE, "send_back")
    case = sign(sign(case, "kabid-perencanaan"), "kepala-bappelitbangda")

    assert case.stage == "commitment"
    assert offices(seats(case, "signed")) == [OWNER]
    assert offices(seats(case)) == [FINANCE]


def test_way_forward_asks_where_the_content_has_changed(at):
    case = sign(sign(at("commitment"), OWNER), FINANCE, "send_back")
    alignment = record_of(RUNS_ALREADY)["alignment"]
    changed = alignment | {"rationale": alignment["rationale"] + " Sasaran dipertajam."}
    case = sign(sign(case, "kabid-perencanaan", alignment=changed), "kepala-bappelitbangda")

    assert case.stage == "commitment"
    assert lapsed(case, "commitment") == [("kapus.kampit", "changed", ["alignment"])]
    assert offices(seats(case)) == [OWNER]


def test_initials_are_kept_where_the_draft_was_passed_on_as_it_was(at):
    case = sign(at("initialling"), OWNER)
    case = sign(case, "kepala-bappelitbangda", "send_back")
    assert case.stage == "drafting"
    while case.stage == "drafting":
        case = sign(case, drafting={})

    assert case.stage == "initialling"
    assert offices(seats(case, "signed")) == [OWNER]
    assert offices(seats(case)) == ["kepala-bappelitbangda"]


def test_vote_that_sent_the_case_back_is_no_signature_to_keep(at):
    case = sign(at("initialling"), OWNER, "send_back")
    while case.stage == "drafting":
        case = sign(case, drafting={})

    assert offices(seats(case, "signed")) == []


# ---- what is never kept ----


def test_revision_is_never_kept(at):
    case = at("alignment")
    for _turn in range(2):
        case = sign(case, outcome="return")
        assert case.stage == "revision"
        assert [seat.person for seat in seats(case)] == [case.innovation.initiator]
        case = revised(case)
    assert lapsed(case, "revision") == []


def test_kept_answer_points_to_the_signature_that_was_given(at):
    case = sign(at("commitment"), OWNER)
    given = Seat.objects.get(
        process_id=case.pk, stage="commitment", office__code=OWNER, state="signed"
    ).answer
    case = revised(sign(case, FINANCE, "return"))
    (kept,) = seats(case, "signed")
    assert kept.answer == given
    assert given.seat_id != kept.pk


# ---- monitoring ----


def test_periods_of_monitoring_are_signed_each_by_itself(at, time_machine):
    done = at("done")
    for number in (1, 2):
        period = MonitoringPeriod.objects.get(
            action_item__innovation=done.innovation, number=number
        )
        time_machine.move_to(f"{period.end.isoformat()}T23:30:00Z")
        assert fire_due_timers() == 1
        monitoring = Case.objects.get(code=f"{done.code}-M")
        with transaction.atomic():
            monitoring = walk(monitoring, record_of(RUNS_ALREADY))

    signed = SignOff.objects.filter(seat__process=monitoring.pk)
    assert sorted(signed.values_list("seat__stage", flat=True)) == [
        *("decision", "decision", "evaluation", "evaluation", "report", "report")
    ]
    assert not Lapse.objects.filter(sign_off__in=signed).exists()
