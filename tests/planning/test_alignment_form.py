from decimal import Decimal

import pytest

from planning.forms import AlignmentForm
from planning.models import Indicator, PillarLink
from tests.planning.factories import (
    PROOF,
    InnovationFactory,
    PillarFactory,
    ProgrammeFactory,
    system,
)

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def innovation():
    PillarFactory(code="health", name="Kesehatan")
    PillarFactory(code="food", name="Ketahanan Pangan")
    ProgrammeFactory(code="1.02.02")
    return InnovationFactory()


def pillar(**changes):
    return {"pillar": "health", "weight": 100, "is_lead": True, "proof": PROOF} | changes


def indicator(**changes):
    return {
        "name": "Prevalensi stunting",
        "measure": "%",
        "baseline": "17,1",
        "baseline_year": 2024,
        "target_2026": "15.5",
        "target_2029": 10,
    } | changes


def record(**changes):
    return {
        "programme": "1.02.02",
        "rationale": "Menu ikan setempat menaikkan gizi balita dan ibu hamil di setiap desa.",
        "pillars": [pillar()],
        "indicators": [indicator()],
    } | changes


def filled(innovation, **changes):
    return AlignmentForm.from_record(record(**changes), innovation=innovation, actor=system())


def posted(form, **changes):
    """The data that a browser sends back for a form as it was shown."""
    data = {name: form[name].value() for name in form.fields}
    for table in form.rows.values():
        data |= {f"{table.prefix}-{k}": v for k, v in table.management_form.initial.items()}
        for row in table.forms:
            data |= {row.add_prefix(name): row[name].value() or "" for name in row.fields}
    return {name: "" if value is None else value for name, value in (data | changes).items()}


def test_form_records_the_alignment(innovation):
    form = filled(innovation)
    assert form.is_valid(), form.sentences()
    form.record()
    found = Indicator.objects.get()
    assert innovation.alignment.programme.code == "1.02.02"
    assert PillarLink.objects.get().pillar.code == "health"
    assert found.baseline == Decimal("17.10")
    assert list(found.targets.values_list("year", "value")) == [
        (2026, Decimal("15.50")),
        (2029, Decimal("10.00")),
    ]


def test_form_opens_with_what_is_recorded_and_sent_back_changes_nothing(innovation):
    first = filled(innovation)
    assert first.is_valid()
    first.record()
    shown = AlignmentForm(innovation=innovation, actor=system())
    again = AlignmentForm(posted(shown), innovation=innovation, actor=system())
    assert again.is_valid(), again.sentences()
    again.record()
    assert innovation.alignment.history.count() == 1
    assert (PillarLink.history.count(), Indicator.history.count()) == (1, 1)


def test_record_given_twice_alike_keeps_its_rows(innovation):
    for _ in range(2):
        form = filled(innovation)
        assert form.is_valid(), form.sentences()
        form.record()
    assert (PillarLink.objects.count(), Indicator.objects.count()) == (1, 1)


def test_removed_row_is_removed(innovation):
    first = filled(innovation, indicators=[indicator(), indicator(name="Cakupan posyandu")])
    assert first.is_valid()
    first.record()
    shown = AlignmentForm(innovation=innovation, actor=system())
    again = AlignmentForm(
        posted(shown, **{"indicators-0-DELETE": "on", "indicators-0-baseline": "rusak"}),
        innovation=innovation,
        actor=system(),
    )
    assert again.is_valid(), again.sentences()
    again.record()
    assert [(i.number, i.name) for i in Indicator.objects.all()] == [(1, "Cakupan posyandu")]


def test_row_left_empty_is_no_row(innovation):
    form = filled(innovation, pillars=[pillar(), {"pillar": "", "weight": "", "proof": "  "}])
    assert form.is_valid(), form.sentences()
    assert len(form.table("pillars").filled()) == 1


def test_tables_say_what_they_are(innovation):
    form = AlignmentForm(innovation=innovation, actor=system())
    assert [str(table.title) for table in form.rows.values()] == [
        "Priority pillars",
        "Indicators and targets",
    ]
    assert len(form.table("pillars").forms) == 4


def test_choices_are_read_once_for_a_table(innovation, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        form = AlignmentForm(innovation=innovation, actor=system())
        str(form)
        for table in form.rows.values():
            str(table)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"programme": "9.99.99"},
            "Programme: “9.99.99” is not in the list. Choose an entry of the list.",
        ),
        (
            {"programme": "\x00"},
            "Programme: “\x00” is not in the list. Choose an entry of the list.",
        ),
        ({"programme": ""}, "Programme: This field is required."),
        ({"pillars": []}, "Choose at least one priority pillar."),
        ({"indicators": []}, "Add at least one indicator with its targets."),
        (
            {"pillars": [pillar(weight=60), pillar(pillar="food", weight=60, is_lead=False)]},
            "The weights of the pillars add up to 120 %. Change them so that they add up to 100 %.",
        ),
        (
            {"pillars": [pillar(weight=50), pillar(pillar="food", weight=50)]},
            "Mark exactly one pillar as the lead pillar; now 2 are marked.",
        ),
        (
            {"pillars": [pillar(proof="Ada.")]},
            "The proof for “Kesehatan” has fewer than 20 characters. "
            "Write which document, figure or act shows the contribution.",
        ),
        (
            {"pillars": [pillar(weight=-5)]},
            "Row 1, Weight (%): Ensure this value is greater than or equal to 1.",
        ),
        (
            {"pillars": [pillar(weight="banyak")]},
            "Row 1, Weight (%): This is not a whole number. Type digits only.",
        ),
        (
            {"indicators": [indicator(baseline="banyak")]},
            "Row 1, Baseline: This is not a number. Type digits, for example 12,5 or 1.250.",
        ),
        (
            {"indicators": [indicator(target_2027="-3")]},
            "Row 1, Target 2027: The number is negative. Type it without the minus sign.",
        ),
        (
            {"indicators": [indicator(target_2027="NaN")]},
            "Row 1, Target 2027: This is not a number. Type digits, for example 12,5 or 1.250.",
        ),
        (
            {"indicators": [indicator(target_2027="9" * 17)]},
            "Row 1, Target 2027: The number has too many digits. Check the number of zeros.",
        ),
        (
            {"indicators": [indicator(baseline_year="24")]},
            "Row 1, Baseline year: This is not a year. Type four digits, for example 2027.",
        ),
        (
            {"indicators": [indicator(target_2026="", target_2029="")]},
            "The indicator “Prevalensi stunting” has no target. Fill in at least one year.",
        ),
        (
            {"indicators": [indicator(name="a" * 201)]},
            "Row 1, Indicator: This has 201 characters; at most 200 fit. Shorten it.",
        ),
    ],
)
def test_form_refuses_with_a_sentence_that_names_the_mend(innovation, changes, sentence):
    form = filled(innovation, **changes)
    assert not form.is_valid()
    assert form.sentences() == [sentence]


@pytest.mark.parametrize("text", ["a\u202eb", "a\u200bb", "a\x00b", "\ud800"])
def test_form_refuses_hidden_characters_in_every_text(innovation, text):
    form = filled(
        innovation,
        rationale=text * 20,
        pillars=[pillar(proof=text + PROOF)],
        indicators=[indicator(name=text, measure=text)],
    )
    assert not form.is_valid()
    assert set(form.errors) == {"rationale"}
    assert [set(row) for row in form.table("pillars").errors] == [{"proof"}]
    assert [set(row) for row in form.table("indicators").errors] == [{"name", "measure"}]


def test_form_keeps_markup_as_text(innovation):
    form = filled(innovation, indicators=[indicator(name="<script>alert(1)</script> < 5 %")])
    assert form.is_valid(), form.sentences()
    form.record()
    assert Indicator.objects.get().name == "<script>alert(1)</script> < 5 %"


def test_form_does_not_read_a_million_rows(innovation):
    data = {"pillars-TOTAL_FORMS": 10**6, "pillars-INITIAL_FORMS": 0}
    form = AlignmentForm(data, innovation=innovation, actor=system())
    assert not form.is_valid()
    assert len(form.table("pillars").forms) == 14
