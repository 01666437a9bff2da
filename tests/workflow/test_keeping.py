"""Keeping the work of a stage before deciding."""

import pytest
from django.db import transaction

from approvals.models import Seat, SignOff
from approvals.refusals import NotAllowed, Refused
from legal_basis.comparison import with_assembled
from legal_basis.drafting import current_instrument
from legal_basis.forms import InstrumentForm
from planning.forms import AlignmentForm
from tests.regency import RUNS_ALREADY, person, record_of
from workflow.decisions import InvalidRecord, keep_record
from workflow.walking import as_recorded

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("regency", "db", "english")]

WALKED = ["completeness", "alignment", "drafting"]


def draft_form(case, actor, **changed):
    about = {"innovation": case.innovation, "actor": actor}
    return InstrumentForm.from_record(as_recorded(InstrumentForm(**about)) | changed, **about)


def seat_of(case):
    return Seat.objects.filter(process_id=case.pk, state=Seat.State.OPEN).first()


def test_kept_draft_is_stored_and_nothing_is_decided(at):
    case, drafter = at("drafting"), person("perancang1")
    dicta = as_recorded(InstrumentForm(innovation=case.innovation, actor=drafter))["dicta"]
    dicta[0] = dicta[0] | {"text": dicta[0]["text"].replace("Menetapkan", "Memberlakukan", 1)}

    with transaction.atomic():
        keep_record(drafter, case.code, seat_of(case).pk, draft_form(case, drafter, dicta=dicta))

    instrument = current_instrument(case.innovation)
    assert instrument.content["dicta"][0]["text"].startswith("Memberlakukan")
    assert not SignOff.objects.filter(seat__process=case.pk, seat__stage="drafting").exists()
    (edit,) = with_assembled(current_instrument(case.innovation))
    assert edit["label"] == "Diktum KESATU"
    assert (edit["old"][:10], edit["new"][:13]) == ("Menetapkan", "Memberlakukan")


def test_untouched_draft_shows_no_edits(at):
    assert with_assembled(current_instrument(at("drafting").innovation)) == []


def test_innovation_without_a_draft_shows_no_edits(at):
    assert current_instrument(at("completeness").innovation) is None


def test_keeping_is_for_whoever_may_sign(at):
    case, stranger = at("drafting"), person("keuangan")

    with transaction.atomic(), pytest.raises(NotAllowed):
        keep_record(stranger, case.code, seat_of(case).pk, draft_form(case, stranger))


def test_keeping_a_wrong_draft_says_what_is_wrong(at):
    case, drafter = at("drafting"), person("perancang1")

    with transaction.atomic(), pytest.raises(InvalidRecord):
        keep_record(drafter, case.code, seat_of(case).pk, draft_form(case, drafter, title=""))


def test_other_stages_keep_their_form_with_the_decision(at):
    case, planner = at("alignment"), person("perencanaan")
    form = AlignmentForm.from_record(
        record_of(RUNS_ALREADY)["alignment"], innovation=case.innovation, actor=planner
    )

    with transaction.atomic(), pytest.raises(Refused, match="kept with the decision") as refusal:
        keep_record(planner, case.code, seat_of(case).pk, form)
    assert refusal.value.status == 409
