"""The one decision command: repeats, colleagues who were first, content that has changed."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.acting import acting_as
from approvals.models import Seat, SignOff
from approvals.refusals import AlreadyDecided, Changed, Claimed, NotAllowed, NotFound, Refused
from legal_basis.drafting import current_instrument
from legal_basis.forms import InstrumentForm
from tests.accounts.factories import system_account
from tests.regency import person
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
    stepped_back,
    told,
)
from workflow.decisions import Act, decide, keep_record, take_up
from workflow.desk import answers_at, content_changed, desk_of, form_class_at, read_at
from workflow.sealing import sealed_content
from workflow.walking import as_recorded

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("english")]
WALKED = ("completeness", "verification", "commitment", "drafting", "initialling")
OWNER, FINANCE, PLANNING = (
    "kepala-puskesmas-kelapa-kampit",
    "kepala-bpkpd",
    "kepala-bappelitbangda",
)


def taken(who, seat, *, over=False):
    with transaction.atomic():
        take_up(person(who), seat.case_code, seat.pk, take_over=over)


# ---- repeats, and who was first ----


def test_repeat_of_the_same_person_answers_with_the_first_outcome(at):
    case = at("initialling")
    seat, head = seat_at(case, OWNER), person("kapus.kampit")
    first = decided(head, seat, "approve")
    again = decided(head, seat, "send_back", "Berubah pikiran.")

    assert (first.repeated, again.repeated) == (False, True)
    assert again.sign_off == first.sign_off
    assert fresh(case).stage == "initialling"
    assert SignOff.objects.filter(seat=seat).count() == 1


def test_somebody_else_is_told_who_decided_and_when(at):
    case = sign(at("initialling"), OWNER)
    seat = Seat.objects.get(process_id=case.pk, office__code=OWNER, stage="initialling")
    with pytest.raises(AlreadyDecided, match="Kepala Puskesmas Kelapa Kampit .* Approved") as told_:
        decided(person("sekda"), seat, "approve")
    assert told_.value.status == 409


def test_colleague_of_a_shared_seat_is_told_who_decided_it(at):
    case = at("completeness")
    mine, theirs = seats(case)
    case = sign(case)
    with pytest.raises(AlreadyDecided) as refusal:
        decided(person("sekretariat2"), theirs, "approve")
    assert refusal.value.sign_off.seat == mine
    assert decided(person("sekretariat"), theirs, "approve").repeated is True


def test_answer_that_was_kept_is_repeated_at_its_new_seat(at):
    case = sign(sign(at("commitment"), OWNER), FINANCE, "return")
    case = revised(case)
    (kept,) = seats(case, "signed")
    again = decided(person("kapus.kampit"), kept, "approve")
    assert (again.repeated, again.sign_off) == (True, kept.answer)


def test_whoever_stepped_back_is_told_so_when_deciding_after_all(at):
    case = at("verification")
    seat = seat_at(case, "panel-2")
    stepped_back(person("panel2"), seat)
    again = decided(person("panel2"), seat, "approve")
    assert (again.repeated, again.sign_off.outcome) == (True, "recuse")


def test_seat_has_not_its_turn_or_its_person(at):
    case = at("initialling")
    waiting = next(seat for seat in seats(case, "waiting") if seat.office.code == "sekda")
    with pytest.raises(Refused, match="It is not the turn of Sekretaris Daerah yet") as refusal:
        decided(person("sekda"), waiting, "approve")
    assert (type(refusal.value), refusal.value.status) == (Refused, 409)
    with pytest.raises(NotAllowed) as refusal:
        decided(person("inspektur"), seat_at(case, OWNER), "approve")
    assert refusal.value.status == 403


def test_seat_of_another_case_does_not_exist(at):
    seat = seat_at(at("initialling"), OWNER)
    with pytest.raises(NotFound), transaction.atomic():
        decide(person("kapus.kampit"), at("commitment").code, seat.pk, Act("approve"))
    with pytest.raises(NotFound), transaction.atomic():
        decide(person("kapus.kampit"), "INV-0000", seat.pk, Act("approve"))


# ---- what belongs to an answer ----


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (Act("reject", "Tidak."), "Choose one of the answers of this stage."),
        (Act("recuse", "Kerabat."), "Choose one of the answers of this stage."),
        (Act("", "Tidak."), "Choose one of the answers of this stage."),
        (Act("send_back"), "Reason: say in a sentence why, so that it can be mended."),
        (Act("send_back", "  "), "Reason: say in a sentence why, so that it can be mended."),
    ],
)
def test_answer_that_says_nothing_is_refused(act, sentence, at):
    seat = seat_at(at("initialling"), OWNER)
    with pytest.raises(ValidationError) as refusal, transaction.atomic():
        decide(person("kapus.kampit"), seat.case_code, seat.pk, act)
    assert refusal.value.messages == [sentence]
    assert not SignOff.objects.filter(seat=seat).exists()


def test_stage_that_records_something_wants_its_form(at):
    seat = seat_at(at("commitment"), OWNER)
    with pytest.raises(ValidationError, match="Fill in the form of this stage first"):
        decided(person("kapus.kampit"), seat, "approve")
    assert decided(person("kapus.kampit"), seat, "return", "Perbaiki.").stage_result == "return"


def test_earlier_signer_says_that_it_stands_or_returns_it(at):
    case = revised(sign(sign(at("commitment"), OWNER), FINANCE, "return"), benefit=BETTER)
    again = next(seat for seat in seats(case) if seat.stage == "alignment")

    assert {key: str(choice) for key, choice in answers_at(again).items()} == {
        "approve": "It still stands",
        "return": "Return for revision",
    }
    assert form_class_at(again) is None
    assert read_at(again) == {"identity", "design", "alignment"}
    with pytest.raises(ValidationError, match="Choose one of the answers of this stage"):
        decided(person("perencanaan"), again, "send_back", "Keliru.")


# ---- content ----


def test_answer_about_other_content_is_refused(at):
    case = at("initialling")
    seat, head = seat_at(case, OWNER), person("kapus.kampit")
    with transaction.atomic():
        seen = desk_of(case.code, seat.pk).content().of(read_at(seat)).digest
    with pytest.raises(Changed) as refusal:
        decided(head, seat, "approve", seen="0" * 64)
    assert refusal.value.status == 409
    with acting_as(system_account()):
        instrument = current_instrument(case.innovation)
        instrument.title += " Baru"
        instrument.save()
    with pytest.raises(Changed):
        decided(head, seat, "approve", seen=seen)
    with acting_as(head):
        new = sealed_content(case.innovation, read_at(seat)).digest
    assert decided(head, seat, "approve", seen=new).repeated is False


def test_signature_binds_the_sections_of_its_policy(at):
    case = sign(at("initialling"), OWNER)
    signed = SignOff.objects.get(seat__process=case.pk, seat__stage="initialling")
    covers = ("alignment", "commitment", "instrument")
    assert signed.section_hashes == sealed_content(case.innovation, covers).hashes
    assert signed.content_hash == sealed_content(case.innovation, covers).digest


def test_edit_from_elsewhere_drops_the_answers_that_covered_it(at):
    case = sign(at("initialling"), OWNER)
    with transaction.atomic(), acting_as(person("perancang1")):
        instrument = current_instrument(case.innovation)
        instrument.title += " Baru"
        instrument.save()
        content_changed(person("perancang1"), case.code)

    assert lapsed(case, "initialling") == [("kapus.kampit", "changed", ["instrument"])]
    assert sorted(offices(seats(case))) == [PLANNING, OWNER]
    assert told(case, "asked_again") == ["kapus.kampit"]
    assert counting(sign(case, OWNER), "initialling") == ["kapus.kampit"]


def test_edit_of_what_nobody_signed_for_drops_nothing(at):
    case = sign(at("initialling"), OWNER)
    with transaction.atomic(), acting_as(case.innovation.initiator):
        innovation = fresh(case).innovation
        innovation.benefit += BETTER
        innovation.save()
        content_changed(case.innovation.initiator, case.code)
    assert lapsed(case, "initialling") == []


def test_edit_where_nothing_waits_is_nobodys_business(at):
    case = at("verification")
    for number in (1, 2, 3):
        case = sign(case, f"panel-{number}", "reject")
    with transaction.atomic():
        content_changed(person("perancang1"), case.code)
    assert fresh(case).stage == "rejected"


# ---- taking up ----


def test_colleague_takes_up_what_the_other_has_not(at):
    first, second = seats(at("completeness"))
    taken("sekretariat", first)
    with pytest.raises(Claimed, match="has been working on this since") as refusal:
        taken("sekretariat2", second)
    assert refusal.value.status == 409
    with pytest.raises(Claimed):
        decided(person("sekretariat2"), second, "return", "Lengkapi.")


def test_taking_over_is_told_to_the_colleague(at):
    case = at("completeness")
    first, second = seats(case)
    taken("sekretariat", first)
    taken("sekretariat2", second, over=True)

    assert Seat.objects.get(pk=first.pk).claimed_by is None
    assert Seat.objects.get(pk=second.pk).claimed_by == person("sekretariat2")
    assert told(case, "taken_over") == ["sekretariat"]
    with pytest.raises(Claimed):
        decided(person("sekretariat"), first, "return", "Lengkapi.")


def test_taking_up_is_for_whoever_may_sign(at):
    first, _second = seats(at("completeness"))
    for over in (False, True):
        with pytest.raises(NotAllowed):
            taken("bidan.kampit", first, over=over)
    assert Seat.objects.get(pk=first.pk).claimed_by is None


def test_keeping_a_draft_takes_it_up(at):
    case = at("drafting")
    seat, drafter = seat_at(case, "perancang-hukum-1"), person("perancang1")
    about = {"innovation": case.innovation, "actor": drafter}
    form = InstrumentForm.from_record(as_recorded(InstrumentForm(**about)), **about)
    with transaction.atomic():
        keep_record(drafter, case.code, seat.pk, form)

    assert Seat.objects.get(pk=seat.pk).claimed_by == drafter
    with pytest.raises(Claimed):
        taken("perancang2", seat_at(case, "perancang-hukum-2"))
