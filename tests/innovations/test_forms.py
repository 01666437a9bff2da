import datetime

import pytest
import time_machine
from django.db import transaction
from django.utils import translation

from innovations.catalogues import checklist_for, criteria
from innovations.forms import AssessmentForm, CompletenessForm, TrialForm
from innovations.models import Assessment, ChecklistAnswer, Trial
from tests.accounts.files import samples as files

from .factories import InnovationFactory, UserFactory, headed_unit

pytestmark = [pytest.mark.integration, pytest.mark.one_database, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"), time_machine.travel(datetime.date(2026, 11, 23), tick=False):
        yield


def fill(form_class, record, innovation=None, actor=None, outcome="approve", **files_given):
    form = form_class.from_record(
        record,
        innovation=innovation or InnovationFactory(),
        actor=actor or UserFactory(),
        files=files_given,
    )
    form.outcome = outcome
    return form


def recorded(form):
    assert form.is_valid(), form.sentences()
    with transaction.atomic():
        form.record()


def all_yes(innovation, **other):
    return {f"item_{item.code}": True for item in checklist_for(innovation)} | other


def test_completeness_asks_for_a_laboratory_only_before_a_trial():
    new = CompletenessForm(innovation=InnovationFactory(), actor=UserFactory())
    running = CompletenessForm(
        innovation=InnovationFactory(already_running=True), actor=UserFactory()
    )
    assert ("laboratory" in new.fields, "laboratory" in running.fields) == (True, False)
    assert ("item_running_evidence" in new.fields, "item_running_evidence" in running.fields) == (
        False,
        True,
    )


@pytest.mark.parametrize(
    ("kind", "items"),
    [
        ("civil_servant", {"permission_letter"}),
        ("council_member", {"plenary_decision"}),
        ("community", set()),
    ],
)
def test_completeness_asks_for_the_letter_of_the_initiator(kind, items):
    innovation = InnovationFactory(initiator_type=kind)
    asked = {item.code for item, _answer, _note in _form(innovation).questions()}
    assert asked & {"permission_letter", "plenary_decision"} == items


def _form(innovation):
    return CompletenessForm(innovation=innovation, actor=UserFactory())


def test_completeness_missing_answer_names_the_item():
    innovation = InnovationFactory(already_running=True)
    given = all_yes(innovation)
    del given["item_design_sufficient"]
    assert fill(CompletenessForm, given, innovation).sentences() == [
        "The design (at least 300 words) says what changes, for whom, and how it works: "
        "Answer this item with yes or no."
    ]


def test_completeness_records_answers_and_laboratory():
    innovation, laboratory = InnovationFactory(), headed_unit()
    given = all_yes(innovation, laboratory=laboratory.code, note_profile_complete="Lengkap")
    recorded(fill(CompletenessForm, given, innovation))
    innovation.refresh_from_db()
    assert innovation.laboratory == laboratory
    assert ChecklistAnswer.objects.get(item="profile_complete").note == "Lengkap"
    again = CompletenessForm(innovation=innovation, actor=UserFactory())
    assert again["item_profile_complete"].value() == "yes"
    assert again["laboratory"].value() == laboratory.code


def test_completeness_required_item_that_is_not_met_does_not_go_on():
    innovation = InnovationFactory(already_running=True)
    given = all_yes(innovation, item_design_sufficient="no", note_design_sufficient="Terlalu umum")
    form = fill(CompletenessForm, given, innovation)
    assert form.sentences()[0].endswith(
        "This must be met before the proposal goes on. Return it with a remark."
    )
    recorded(fill(CompletenessForm, given, innovation, outcome="return"))
    assert ChecklistAnswer.objects.get(item="design_sufficient").met is False


def test_completeness_no_without_a_word_is_refused():
    innovation = InnovationFactory(already_running=True)
    form = fill(CompletenessForm, all_yes(innovation, item_budget_plausible="no"), innovation)
    assert form.sentences()[0].startswith("Note: Say in a sentence what is missing at “The budget")


@pytest.mark.parametrize("value", ["maybe", "", None, ["yes"], 2, "yes\x00"])
def test_completeness_other_answers_are_refused(value):
    innovation = InnovationFactory(already_running=True)
    given = all_yes(innovation, item_profile_complete=value)
    assert "item_profile_complete" in fill(CompletenessForm, given, innovation).errors


@pytest.mark.parametrize("laboratory", ["", "hantu", "x\x00", "a" * 500, "';--"])
def test_completeness_unknown_laboratory_is_refused(laboratory):
    innovation = InnovationFactory()
    given = all_yes(innovation, laboratory=laboratory)
    assert list(fill(CompletenessForm, given, innovation).errors) == ["laboratory"]


def five(score=3, **other):
    return {f"score_{c.code}": score for c in criteria()} | other


def test_assessment_asks_the_five_criteria_and_a_recommendation():
    form = AssessmentForm(innovation=InnovationFactory(), actor=UserFactory())
    assert list(form.fields)[:2] == ["score_renewal", "note_renewal"]
    assert list(form.fields)[-1] == "note"
    assert [criterion.code for criterion, _score, _note in form.questions()] == [
        "renewal",
        "benefit",
        "no_unlawful_burden",
        "authority",
        "replicable",
    ]
    assert [label for _value, label in form.fields["score_renewal"].choices][4].startswith("4 – ")


def test_assessment_records_scores():
    innovation, assessor = InnovationFactory(), UserFactory()
    recorded(fill(AssessmentForm, five(note="Layak"), innovation, assessor))
    kept = Assessment.objects.get()
    assert (kept.total, kept.note, kept.assessor) == (15, "Layak", assessor)
    again = AssessmentForm(innovation=innovation, actor=assessor)
    assert again["score_renewal"].value() == "3"
    other = AssessmentForm(innovation=innovation, actor=UserFactory())
    assert other["score_renewal"].value() is None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"score_benefit": ""}, "Benefit: Choose a score from 0 to 4."),
        ({"score_benefit": 5}, "Benefit: Select a valid choice. 5"),
        ({"score_benefit": "3.5"}, "Benefit: Select a valid choice. 3.5"),
        ({"note": "a\u202eb"}, "Recommendation: Character 2 (U+202E"),
    ],
)
def test_assessment_mistake_is_one_sentence_with_its_field(change, sentence):
    found = fill(AssessmentForm, five(**change)).sentences()
    assert [s[: len(sentence)] for s in found] == [sentence]


def test_assessment_by_an_initiator_is_refused():
    innovation = InnovationFactory()
    form = fill(AssessmentForm, five(), innovation, innovation.initiator)
    assert form.sentences() == ["You are an initiator of this innovation and cannot review it."]


def trial(**other):
    return {
        "start": "2026-09-01",
        "end": "2026-11-20",
        "report": "Diuji di dua desa dengan dua puluh calon pengantin. " * 4,
    } | other


def laboratory_case():
    return InnovationFactory(laboratory=headed_unit())


@pytest.mark.parametrize(
    ("outcome", "result"), [("approve", "apply"), ("return", "revise"), ("reject", "stop")]
)
def test_trial_result_is_what_the_signer_answers(outcome, result):
    recorded(fill(TrialForm, trial(), laboratory_case(), outcome=outcome))
    assert Trial.objects.get().result == result


def test_trial_report_may_come_with_a_file():
    innovation = laboratory_case()
    document = files.upload("laporan.pdf", files.pdf("uji"))
    recorded(fill(TrialForm, trial(), innovation, document=document))
    assert innovation.evidence.get().name == "laporan.pdf"
    again = TrialForm(innovation=innovation, actor=UserFactory())
    assert again["start"].value() == datetime.date(2026, 9, 1)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"end": "2026-08-31"}, "End of the trial: The trial ends before it starts."),
        ({"end": "2026-12-01"}, "End of the trial: The trial has not ended yet."),
        ({"start": "kemarin"}, "Start of the trial: Type a day"),
        ({"start": 45_000}, "Start of the trial: Type a day"),
        ({"report": "Berhasil."}, "Trial report: This text has 1 words; at least 20 are needed"),
        ({"report": "x" * 1_000_000}, "Trial report: This has 1.000.000 characters"),
    ],
)
def test_trial_mistake_is_one_sentence_with_its_field(change, sentence):
    found = fill(TrialForm, trial(**change)).sentences()
    assert [s[: len(sentence)] for s in found] == [sentence]


def test_trial_hostile_file_is_refused():
    form = fill(TrialForm, trial(), document=files.upload("a.pdf", b"MZ"))
    assert list(form.errors) == ["document"]
