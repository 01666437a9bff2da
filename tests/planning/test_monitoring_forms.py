import pytest

from planning.forms import DecisionForm, EvaluationForm, ReportForm
from planning.models import Achievement, MonitoringDecision, MonitoringEvaluation
from tests.planning.factories import (
    InnovationFactory,
    align,
    in_action_plan,
    indicator_row,
    open_one,
    system,
)

pytestmark = [pytest.mark.integration, pytest.mark.one_database, pytest.mark.django_db]

TEN_WORDS = "Semua posyandu sudah memasak menu ikan setempat dua kali sebulan penuh."


@pytest.fixture
def innovation():
    item = in_action_plan()
    align(item.innovation, indicators=[indicator_row(), indicator_row(name="Cakupan posyandu")])
    open_one(item)
    return item.innovation


def row(indicator, **changes):
    return {"indicator": indicator, "year": 2027, "value": "15,2", "note": ""} | changes


def filled(form, innovation, **record):
    return form.from_record(record, innovation=innovation, actor=system())


def report(innovation, **changes):
    record = {
        "realised": "12.500.000",
        "narrative": TEN_WORDS,
        "obstacles": "",
        "achievements": [row(1), row(2, value="80")],
    }
    return filled(ReportForm, innovation, **(record | changes))


def evaluation(innovation, **changes):
    record = {
        "finding": TEN_WORDS,
        "score": 85,
        "recommendation": "Lanjutkan dan tambah dua desa lagi.",
    }
    return filled(EvaluationForm, innovation, **(record | changes))


def test_report_opens_with_a_row_for_each_indicator(innovation):
    table = ReportForm(innovation=innovation, actor=system()).table("achievements")
    assert [(form["indicator"].value(), form["year"].value()) for form in table.forms] == [
        ("1", 2027),
        ("2", 2027),
    ]


def test_report_records_and_opens_with_what_is_recorded(innovation):
    form = report(innovation)
    assert form.is_valid(), form.sentences()
    form.record()
    assert Achievement.objects.count() == 2
    shown = ReportForm(innovation=innovation, actor=system())
    assert shown["realised"].value() == "12.500.000"
    assert [form["value"].value() for form in shown.table("achievements").forms] == ["15,2", "80"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"achievements": [row(1)]},
            "The indicator “Cakupan posyandu” is missing. "
            "Report what it reached, even if it is zero.",
        ),
        (
            {"achievements": [row(1), row(2), row(2)]},
            "The indicator “Cakupan posyandu” stands in two rows. Keep one of them.",
        ),
        (
            {"achievements": [row(1), row(2, year=2031)]},
            "“Cakupan posyandu” is reported for 2031. Type a year of the period: 2027.",
        ),
        (
            {"achievements": [row(1), row(2, value="")]},
            "Row 2, Achieved: This field is required.",
        ),
        (
            {"achievements": [row(1), row(2), row(7)]},
            "Row 3, Indicator: “7” is not in the list. Choose an entry of the list.",
        ),
        (
            {"realised": "-1"},
            "Realised money (Rp): The amount is negative. Type it without the minus sign.",
        ),
        ({"realised": ""}, "Realised money (Rp): This field is required."),
    ],
)
def test_report_refuses_with_the_mend(innovation, changes, sentence):
    form = report(innovation, **changes)
    assert not form.is_valid()
    assert form.sentences() == [sentence]


def test_forms_without_an_open_period_are_refused():
    innovation = InnovationFactory()
    for form in (report(innovation), evaluation(innovation)):
        assert not form.is_valid()
        assert form.non_field_errors() == [
            "No monitoring period is open. Wait until the next one begins."
        ]


def test_evaluation_records_and_opens_with_what_is_recorded(innovation):
    first = report(innovation)
    assert first.is_valid()
    first.record()
    form = evaluation(innovation)
    assert form.is_valid(), form.sentences()
    form.record()
    assert MonitoringEvaluation.objects.get().score == 85
    assert EvaluationForm(innovation=innovation, actor=system())["score"].value() == 85


@pytest.mark.parametrize("score", ["-1", "101", "baik", "8.5", ""])
def test_evaluation_refuses_another_score(innovation, score):
    form = evaluation(innovation, score=score)
    assert not form.is_valid()
    assert set(form.errors) == {"score"}


def test_decision_is_recorded_after_the_evaluation(innovation):
    for form in (report(innovation), evaluation(innovation)):
        assert form.is_valid(), form.sentences()
        form.record()
    form = filled(
        DecisionForm,
        innovation,
        decision="replicate",
        reason="Layak ditiru oleh semua kecamatan lain.",
    )
    assert form.is_valid(), form.sentences()
    form.record()
    assert MonitoringDecision.objects.get().decision == "replicate"


@pytest.mark.parametrize("decision", ["", "abandon"])
def test_decision_refuses_another_answer(innovation, decision):
    form = filled(
        DecisionForm, innovation, decision=decision, reason="Layak ditiru semua desa lain."
    )
    assert not form.is_valid()
    assert set(form.errors) == {"decision"}
