"""Declaring one's interests before the content opens, and stepping back."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.acting import acting_as
from accounts.models import User
from approvals.models import Lapse, Refusal, Seat, SignOff
from approvals.refusals import NotAllowed, NotFound, Refused
from approvals.sign_offs import lapse
from innovations.forms import AssessmentForm
from innovations.models import ConflictDeclaration
from tests.accounts.factories import DelegationFactory, UnitFactory, system_account
from tests.innovations.factories import InnovationFactory, ParticipantFactory
from tests.regency import RUNS_ALREADY, person, record_of
from tests.workflow.steps import (
    confirm,
    counting,
    decided,
    fresh,
    leave,
    offices,
    revised,
    seat_at,
    seats,
    sign,
    stepped_back,
    take_office,
    told,
)
from workflow.decisions import Act, decide
from workflow.declarations import Undeclared, check_declared, declare, hints, must_declare
from workflow.rerouting import look_after_seats

pytestmark = [pytest.mark.integration, pytest.mark.one_database, pytest.mark.usefixtures("english")]
WALKED = ("completeness", "verification", "commitment")
OWNER, FINANCE = "kepala-puskesmas-kelapa-kampit", "kepala-bpkpd"
SECRETARIES = ["sekretariat", "sekretariat2"]


def said(who: str, seat: Seat, kind: str = "none", sentence: str = "") -> None:
    with transaction.atomic():
        declare(person(who), seat.case_code, seat.pk, kind=kind, sentence=sentence)


def assessed(case, who: str) -> AssessmentForm:
    own = next(row for row in record_of(RUNS_ALREADY)["assessments"] if row["assessor"] == who)
    own = {key: value for key, value in own.items() if not key.startswith(("conflict", "assessor"))}
    return AssessmentForm.from_record(own, innovation=case.innovation, actor=person(who))


# ---- before the content opens ----


def test_panel_member_declares_before_deciding(at):
    case = at("verification")
    seat, member = seat_at(case, "panel-1"), person("panel1")
    act = Act("approve", form=assessed(case, "panel1"))

    assert must_declare(member, case.innovation, seat) is True
    with pytest.raises(Undeclared) as refusal, transaction.atomic():
        decide(member, case.code, seat.pk, act)
    assert refusal.value.messages == ["Conflict of interest: declare first whether you have one."]
    assert not SignOff.objects.filter(seat=seat).exists()
    assert not case.innovation.assessments.exists()

    said("panel1", seat)
    assert must_declare(member, case.innovation, seat) is False
    check_declared(member, case.innovation, seat)
    with transaction.atomic():
        decide(member, case.code, seat.pk, act)
    assert counting(case, "verification") == ["panel1"]


def test_declaration_is_kept_with_what_was_pointed_out(at):
    case = at("verification")
    said("panel1", seat_at(case, "panel-1"), "managed", "Mantan atasan inisiator; dicatat.")

    kept = ConflictDeclaration.objects.get(innovation=case.innovation)
    assert (kept.person, kept.stage, kept.kind) == (person("panel1"), "verification", "managed")
    assert kept.hints == hints(person("panel1"), case) == []
    assert seat_at(case, "panel-1").state == Seat.State.OPEN


def test_declaration_counts_for_its_stage_through_a_revision(at):
    case = at("verification")
    for number in (1, 2, 3):
        case = sign(case, f"panel-{number}", "return")
    case = revised(case)

    assert must_declare(person("panel1"), case.innovation, seat_at(case, "panel-1")) is False
    assert must_declare(person("panel5"), case.innovation, seat_at(case, "panel-5")) is True


def test_stage_whose_policy_asks_for_none_wants_no_declaration(at):
    case = at("commitment")
    (seat,) = seats(case)

    assert must_declare(person("kapus.kampit"), case.innovation, seat) is False
    for kind in ("none", "managed"):
        with pytest.raises(Refused, match="asks for no declaration") as refusal:
            said("kapus.kampit", seat, kind, "Dicatat.")
        assert refusal.value.status == 409
    assert not ConflictDeclaration.objects.filter(stage="commitment").exists()


@pytest.mark.parametrize("kind", ["none", "managed", "recuse"])
def test_declaring_is_for_whoever_may_sign(kind, at):
    case = at("verification")
    for who in ("keuangan", "bidan.kampit", "panel2"):
        with pytest.raises(NotAllowed):
            said(who, seat_at(case, "panel-1"), kind, "Kerabat.")
    assert not case.innovation.declarations.exists()
    assert not Refusal.objects.exists()


def test_seat_of_another_case_does_not_exist(at):
    with pytest.raises(NotFound), transaction.atomic():
        declare(
            person("panel1"),
            at("commitment").code,
            seat_at(at("verification"), "panel-1").pk,
            kind="none",
        )


def test_declaration_of_a_decided_seat_comes_too_late(at):
    case = sign(at("verification"), "panel-1")
    seat = Seat.objects.get(process_id=case.pk, office__code="panel-1")
    with pytest.raises(Refused, match="no longer open") as refusal:
        said("panel1", seat, "managed", "Baru teringat.")
    assert refusal.value.status == 409


@pytest.mark.parametrize(
    ("kind", "sentence", "fault"),
    [
        ("maybe", "", "Conflict of interest: choose one of the answers."),
        ("managed", "", "In a sentence: say how you manage the possible conflict of interest."),
        ("recuse", " ", "In a sentence: say what the conflict of interest is."),
    ],
)
def test_declaration_that_says_nothing_changes_nothing(kind, sentence, fault, at):
    case = at("verification")
    with pytest.raises(ValidationError) as refusal:
        said("panel1", seat_at(case, "panel-1"), kind, sentence)
    assert refusal.value.messages == [fault]
    assert not SignOff.objects.filter(seat__process=case.pk, seat__stage="verification").exists()


# ---- what the system knows ----


def test_hints_are_co_authorships_the_unit_and_earlier_signatures(at):
    case = at("commitment")
    head = person("kapus.kampit")
    for number in range(4):
        other = InnovationFactory(initiator=case.innovation.initiator, name=f"Inovasi {number}")
        ParticipantFactory(innovation=other, user=head)
    ParticipantFactory(innovation=InnovationFactory(), user=head)
    InnovationFactory(initiator=head)

    assert hints(head, case) == [
        *(f"You and one of its initiators are both on “Inovasi {number}”." for number in (3, 2, 1)),
        "You work in the same unit as the initiator, "
        f"{case.innovation.initiator.get_short_name()}.",
    ]
    assert hints(person("sekretariat"), case) == ["You signed its stage “Completeness check”."]
    assert hints(person("inspektur"), case) == []


def test_hint_of_a_co_initiators_other_work(at):
    case, colleague = at("commitment"), person("gizi")
    ParticipantFactory(innovation=case.innovation, user=person("pengawas"))
    shared = InnovationFactory(initiator=person("pengawas"), name="Kelas Ibu")
    ParticipantFactory(innovation=shared, user=colleague)

    assert hints(colleague, case) == ["You and one of its initiators are both on “Kelas Ibu”."]


def test_answer_that_was_taken_back_is_no_earlier_signature(at):
    case = at("commitment")
    signed = SignOff.objects.get(seat__process=case.pk, seat__stage="completeness")
    with transaction.atomic():
        lapse(signed.person, signed, Lapse.Cause.TAKEN_BACK)
    assert hints(signed.person, case) == []


# ---- stepping back ----


def test_stepping_back_leaves_the_seat_and_the_quorum_goes_on_without(at):
    case = at("verification")
    stepped_back(person("panel2"), seat_at(case, "panel-2"))

    left = Seat.objects.get(process_id=case.pk, office__code="panel-2")
    assert (left.state, left.answer.outcome, left.answer.note) == (
        "recused",
        "recuse",
        "Kerabat inisiator.",
    )
    assert left.answer.section_hashes == {}
    assert told(case, "stage_stalled") == []
    for number in (1, 3, 4):
        case = sign(case, f"panel-{number}")
    assert case.stage == "alignment"


def test_whoever_stepped_back_decides_nothing_more(at):
    case = at("verification")
    seat = seat_at(case, "panel-2")
    stepped_back(person("panel2"), seat)

    with pytest.raises(NotAllowed), transaction.atomic():
        declare(person("panel2"), case.code, seat_at(case, "panel-1").pk, kind="none")
    take_office("panel2", FINANCE, "plh")
    for number in (1, 3, 4):
        case = sign(case, f"panel-{number}")
    while case.stage == "alignment":
        case = sign(case)
    case = sign(case, OWNER)
    with pytest.raises(NotAllowed, match="You declared a conflict of interest and stepped back"):
        decided(person("panel2"), seats(case)[0], "approve")


def test_later_word_of_no_conflict_brings_nobody_back(at):
    case = at("verification")
    seat = seat_at(case, "panel-2")
    stepped_back(person("panel2"), seat)
    for kind in ("none", "managed", "recuse"):
        with pytest.raises(Refused):
            said("panel2", Seat.objects.get(pk=seat.pk), kind, "Sudah selesai.")
    assert case.innovation.declarations.get().kind == "recuse"


def test_quorum_out_of_reach_is_told_to_the_secretariat_once(at):
    case = at("verification")
    for number in (1, 2):
        stepped_back(person(f"panel{number}"), seat_at(case, f"panel-{number}"))
    assert told(case, "stage_stalled") == []
    stepped_back(person("panel3"), seat_at(case, "panel-3"))

    assert told(case, "stage_stalled") == SECRETARIES
    for _hour in range(3):
        assert look_after_seats() == 1
    assert told(case, "stage_stalled") == SECRETARIES
    assert offices(seats(case)) == ["panel-4", "panel-5"]


def test_seat_that_was_left_goes_to_the_office_above(at):
    case = at("commitment")
    stepped_back(person("kapus.kampit"), seats(case)[0])

    (seat,) = seats(case)
    assert (seat.office.code, seat.round, seat.state) == ("kepala-dinkes", 2, "open")
    assert seat.moved_because == "Nobody at Kepala Puskesmas Kelapa Kampit may sign this."
    assert told(case, "asked_again") == ["dinkes"]
    assert told(case, "stage_stalled") == []
    case = sign(case, "kepala-dinkes")
    assert offices(seats(case)) == [FINANCE]


def test_seat_goes_further_up_where_the_office_above_has_stepped_back_too(at):
    case = at("commitment")
    stepped_back(person("kapus.kampit"), seats(case)[0])
    stepped_back(person("dinkes"), seats(case)[0])

    assert offices(seats(case)) == ["asisten-1"]


def test_seat_without_an_office_above_is_told_to_the_secretariat(at):
    """The regional secretary signs last; nobody stands above who has not signed."""
    case = sign(sign(at("commitment"), OWNER), FINANCE)
    stepped_back(person("sekda"), seats(case)[0])
    assert offices(seats(case)) == ["bupati"]
    stepped_back(person("bupati"), seats(case)[0])

    assert seats(case) == []
    assert told(case, "stage_stalled") == SECRETARIES
    assert fresh(case).stage == "commitment"


def test_substitute_of_whoever_stepped_back_does_not_sign_either(at):
    case = at("commitment")
    stepped_back(person("kapus.kampit"), seats(case)[0])
    take_office("gizi", OWNER, "plh")
    look_after_seats()

    assert offices(seats(case)) == ["kepala-dinkes"]


def test_seat_that_is_left_is_asked_again_of_whoever_comes_after(at):
    """Nobody above: the seat stays empty until its office has somebody else."""
    case = at("verification")
    for number in (1, 2, 3):
        stepped_back(person(f"panel{number}"), seat_at(case, f"panel-{number}"))
    leave("panel2")
    take_office("gizi", "panel-2", "definitive")
    assert look_after_seats() == 0

    assert sorted(offices(seats(case))) == ["panel-2", "panel-4", "panel-5"]
    assert seat_at(case, "panel-2").round == 2
    assert told(case, "asked_again") == ["gizi"]


def test_delegate_takes_nothing_over_from_whoever_stepped_back(at):
    case = at("commitment")
    head = person("kapus.kampit")
    letter = DelegationFactory(principal=head.appointments.get())
    stepped_back(head, seats(case)[0])

    assert offices(seats(case)) == ["kepala-dinkes"]
    assert letter.delegate not in User.objects.filter(sign_offs__seat__process=case.pk)


def test_one_of_a_unit_who_steps_back_leaves_the_seat_to_the_others(at):
    case = at("commitment")
    (seat,) = seats(case)
    unit = UnitFactory(name="Puskesmas")
    for head in ("kades.lintang", "kades.burungmandi"):
        leave(head)
    first, second = (
        take_office(name, office, "definitive")
        for name, office in (("gizi", "kepala-desa-lintang"), ("guru", "kepala-desa-burung-mandi"))
    )
    with acting_as(system_account()):
        for appointment in (first, second):
            appointment.office.unit, appointment.office.is_head = unit, False
            appointment.office.save()
        seat.office, seat.unit = None, unit
        seat.save()
    stepped_back(first.user, seat)

    (again,) = seats(case)
    assert (again.unit, again.round, again.state) == (unit, 2, "open")
    assert told(case, "asked_again") == [second.user.username]


def test_other_answers_of_whoever_steps_back_count_no_longer(at):
    case = at("verification")
    take_office("panel1", "panel-2", "plh")
    case = sign(case, "panel-1")
    with pytest.raises(NotAllowed):
        stepped_back(person("panel1"), seat_at(case, "panel-2"))
    assert counting(case, "verification") == ["panel1"]


def test_earlier_signer_may_step_back_when_asked_again(at):
    case = sign(sign(at("commitment"), OWNER), FINANCE, "return")
    case = revised(case, benefit="Untuk 412 ibu hamil.")
    again = next(seat for seat in seats(case) if seat.stage == "alignment")
    stepped_back(person("perencanaan"), again)

    (moved,) = [seat for seat in seats(case) if seat.stage == "alignment" and seat.round == 2]
    assert (moved.office.code, moved.reconfirms) == ("kepala-bappelitbangda", again.reconfirms)
    confirm(case, moved)
    assert counting(case, "alignment") == ["bappelitbangda"]
