import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation

from accounts.files.uploads import CheckedUpload
from innovations.catalogues import checklist_for, criteria
from innovations.models import AssessmentScore, ChecklistAnswer
from innovations.reviews import (
    Answer,
    Score,
    record_assessment,
    record_completeness,
    record_trial,
)
from innovations.signals import innovation_act
from tests.accounts.files import samples as files

from .factories import InnovationFactory, ParticipantFactory, UserFactory, headed_unit

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
TODAY = datetime.date(2026, 11, 23)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"), time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def heard():
    acts = []

    def listen(sender, act, details, **_):
        acts.append((act, details))

    innovation_act.connect(listen)
    yield acts
    innovation_act.disconnect(listen)


def answers(innovation, **other):
    given = {item.code: Answer(met=True) for item in checklist_for(innovation)}
    return given | other


def scores(value=3, **other):
    return {criterion.code: Score(value) for criterion in criteria()} | other


def check(innovation, actor=None, **fields):
    given = {"answers": answers(innovation), "laboratory": None} | fields
    with transaction.atomic():
        return record_completeness(actor or UserFactory(), innovation, **given)


def assess(innovation, actor=None, **fields):
    given = {"scores": scores()} | fields
    with transaction.atomic():
        return record_assessment(actor or UserFactory(), innovation, **given)


def try_out(innovation, actor=None, **fields):
    given = {
        "start": TODAY - datetime.timedelta(60),
        "end": TODAY,
        "report": "Diuji di dua desa.",
        "result": "apply",
    } | fields
    with transaction.atomic():
        return record_trial(actor or UserFactory(), innovation, **given)


VERBS = [check, assess, try_out]


@pytest.mark.parametrize("verb", VERBS)
def test_initiators_never_review_their_own(verb):
    innovation = InnovationFactory(already_running=True, laboratory=headed_unit())
    friend = ParticipantFactory(innovation=innovation).user
    for person in (innovation.initiator, friend):
        with pytest.raises(ValidationError, match="cannot review it"):
            verb(innovation, person)


@pytest.mark.parametrize("status", ["returned", "rejected", "institutionalised", "withdrawn"])
@pytest.mark.parametrize("verb", VERBS)
def test_what_is_not_in_progress_is_not_reviewed(verb, status):
    innovation = InnovationFactory(status=status, laboratory=headed_unit())
    with pytest.raises(ValidationError, match="not under review"):
        verb(innovation)


def test_record_completeness_keeps_every_answer(heard):
    innovation, laboratory = InnovationFactory(), headed_unit()
    given = answers(innovation, budget_plausible=Answer(met=False, note="Tanpa rincian"))
    check(innovation, answers=given, laboratory=laboratory)
    kept = dict(ChecklistAnswer.objects.values_list("item", "met"))
    assert kept == {item: answer.met for item, answer in given.items()}
    innovation.refresh_from_db()
    assert innovation.laboratory == laboratory
    assert heard == [("completeness_checked", {"unmet": ["budget_plausible"]})]


def test_record_completeness_missing_answers_are_named():
    innovation = InnovationFactory()
    with pytest.raises(ValidationError) as caught:
        check(innovation, answers={}, laboratory=headed_unit())
    assert caught.value.messages == [
        f"“{item.label}” has no answer yet. Answer it." for item in checklist_for(innovation)
    ]


def test_record_completeness_without_a_laboratory_is_refused():
    with pytest.raises(ValidationError, match="choose the unit"):
        check(InnovationFactory())


def test_record_completeness_running_innovation_needs_no_laboratory():
    innovation = InnovationFactory(already_running=True)
    items = [answer.item for answer in check(innovation)]
    assert "running_evidence" in items


def test_record_completeness_again_changes_the_same_answers():
    innovation = InnovationFactory(already_running=True)
    first = check(innovation)
    assert [a.pk for a in check(innovation)] == [a.pk for a in first]


def test_record_completeness_next_revision_is_answered_anew():
    innovation = InnovationFactory(already_running=True)
    first = check(innovation)
    innovation.revision = 2
    check(innovation)
    assert ChecklistAnswer.objects.count() == 2 * len(first)


def test_record_assessment_keeps_scores_and_total(heard):
    innovation, assessor = InnovationFactory(), UserFactory()
    assessment = assess(innovation, assessor, scores=scores(3, renewal=Score(4, "Cara baru")))
    assert (assessment.total, assessment.assessor, assessment.revision) == (16, assessor, 1)
    kept = AssessmentScore.objects.get(criterion="renewal")
    assert (kept.score, kept.note) == (4, "Cara baru")
    assert heard == [("assessed", {"total": 16})]


def test_record_assessment_again_replaces_the_own_scores():
    innovation, assessor = InnovationFactory(), UserFactory()
    assess(innovation, assessor)
    assert assess(innovation, assessor, scores=scores(1)).total == 5
    assert (innovation.assessments.count(), AssessmentScore.objects.count()) == (1, 5)


def test_record_assessment_missing_criteria_are_named():
    with pytest.raises(ValidationError) as caught:
        assess(InnovationFactory(), scores={"renewal": Score(3)})
    assert [m.split("”")[0].lstrip("“") for m in caught.value.messages] == [
        "Benefit",
        "No unlawful burden",
        "Within the region's authority",
        "Replicable",
    ]


@pytest.mark.parametrize("score", [-1, 5, 100])
def test_record_assessment_score_out_of_range_is_refused(score):
    with pytest.raises(ValidationError, match="Renewal: scores go from 0 to 4"):
        assess(InnovationFactory(), scores=scores(3, renewal=Score(score)))


def test_record_trial_keeps_days_laboratory_and_report(heard):
    innovation = InnovationFactory(laboratory=headed_unit())
    content = files.pdf("laporan uji")
    document = CheckedUpload("laporan.pdf", "application/pdf", content)
    trial = try_out(innovation, document=document)
    assert (trial.laboratory, trial.end, trial.result) == (innovation.laboratory, TODAY, "apply")
    evidence = innovation.evidence.get()
    assert (evidence.kind, evidence.name) == ("trial_report", "laporan.pdf")
    assert evidence.file.read() == content
    assert heard == [("trial_reported", {"result": "apply"})]


@pytest.mark.parametrize(
    ("start", "end", "sentence"),
    [
        (TODAY, TODAY - datetime.timedelta(1), "ends before it starts"),
        (TODAY, TODAY + datetime.timedelta(1), "has not ended yet"),
    ],
)
def test_record_trial_days_that_cannot_be(start, end, sentence):
    with pytest.raises(ValidationError, match=sentence):
        try_out(InnovationFactory(laboratory=headed_unit()), start=start, end=end)


def test_record_trial_of_one_day_may_be():
    assert try_out(InnovationFactory(laboratory=headed_unit()), start=TODAY).start == TODAY


def test_record_trial_without_a_laboratory_is_refused():
    with pytest.raises(ValidationError, match="No laboratory"):
        try_out(InnovationFactory())
