import json
from decimal import Decimal

import pytest
from django.utils import translation

from planning.figures import (
    alignment_facts,
    annex,
    annex_rows,
    cost_facts,
    cost_sentence_parts,
    fiscal_years,
    pillar_codes,
    total_committed,
)
from tests.planning.factories import (
    CeilingFactory,
    FundingSourceFactory,
    InnovationFactory,
    PillarFactory,
    ProgrammeFactory,
    SubActivityFactory,
    align,
    commit,
    indicator_row,
    money_row,
    pillar_row,
)

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def innovation():
    pad = FundingSourceFactory(code="pad", name="PAD", order=1)
    bok = FundingSourceFactory(
        code="bok", name="Bantuan Operasional Kesehatan", in_dpa=False, order=8
    )
    sub = SubActivityFactory(code="1.02.02.2.02.0015", name="Gizi")
    found = InnovationFactory()
    commit(
        found,
        money_row(CeilingFactory(fiscal_year=2028, sub_activity=sub, source=pad), "50000000"),
        money_row(CeilingFactory(fiscal_year=2027, sub_activity=sub, source=bok), "1000000.50"),
        money_row(CeilingFactory(fiscal_year=2027, sub_activity=sub, source=pad), "100000000"),
        money_row(CeilingFactory(fiscal_year=2027, source=pad), "20000000"),
    )
    return found


def test_total_and_years_of_the_money(innovation):
    assert total_committed(innovation) == Decimal("171000000.50")
    assert fiscal_years(innovation) == [2027, 2028]


def test_cost_facts_are_plain_and_in_words(innovation):
    facts = cost_facts(innovation)
    assert json.loads(json.dumps(facts)) == facts
    assert facts["years"] == [2027, 2028]
    assert facts["sources"] == ["PAD", "Bantuan Operasional Kesehatan"]
    assert (facts["total"], facts["total_text"]) == ("171000000.50", "Rp171.000.000,50")
    assert facts["total_in_words"] == "seratus tujuh puluh satu juta rupiah lima puluh sen"
    assert facts["lines"][-1] == {
        "year": 2028,
        "sub_activity_code": "1.02.02.2.02.0015",
        "sub_activity": "Gizi",
        "source": "PAD",
        "in_dpa": True,
        "amount": "50000000.00",
        "amount_text": "Rp50.000.000,00",
    }


@pytest.mark.parametrize("language", ["id", "en"])
def test_cost_parts_add_up_each_budget_of_each_year(innovation, language, settings):
    settings.REGION = {"name": "Kabupaten Belitung Timur"}
    budget = "Anggaran Pendapatan dan Belanja Daerah Kabupaten Belitung Timur"
    with translation.override(language):
        parts = cost_sentence_parts(innovation)
    assert sorted(parts) == [
        f"{budget} Tahun Anggaran 2027 sebesar Rp120.000.000,00 (seratus dua puluh juta rupiah)",
        f"{budget} Tahun Anggaran 2028 sebesar Rp50.000.000,00 (lima puluh juta rupiah)",
        "Bantuan Operasional Kesehatan Tahun Anggaran 2027 sebesar Rp1.000.000,50 "
        "(satu juta rupiah lima puluh sen)",
    ]


def test_innovation_without_money_says_why():
    innovation = InnovationFactory()
    commit(innovation, no_money_reason="Memakai alat yang ada.")
    facts = cost_facts(innovation)
    assert (facts["years"], facts["lines"], facts["total"]) == ([], [], "0.00")
    assert facts["no_money_reason"] == "Memakai alat yang ada."
    assert cost_sentence_parts(innovation) == []


def test_innovation_without_commitment_costs_nothing():
    assert cost_facts(InnovationFactory())["total_in_words"] == "nol rupiah"


def test_pillar_codes_begin_with_the_lead():
    innovation = InnovationFactory()
    align(
        innovation,
        pillars=[
            pillar_row(pillar=PillarFactory(code="food"), weight=60, is_lead=False),
            pillar_row(pillar=PillarFactory(code="health"), weight=40),
        ],
    )
    assert pillar_codes(innovation) == ["health", "food"]


def test_alignment_facts_name_programme_and_pillars():
    innovation = InnovationFactory()
    assert alignment_facts(innovation) is None
    align(
        innovation,
        programme=ProgrammeFactory(code="1.02.02", name="Program Kesehatan"),
        pillars=[pillar_row(pillar=PillarFactory(name="Kesehatan"))],
    )
    assert alignment_facts(innovation) == {
        "programme": "Program Kesehatan",
        "programme_code": "1.02.02",
        "rationale": "Menurunkan stunting dengan pangan setempat.",
        "pillars": ["Kesehatan (100 persen)"],
        "lead_pillar": "Kesehatan",
    }


@pytest.mark.parametrize("language", ["id", "en"])
def test_annex_has_a_row_for_each_indicator(language):
    innovation = InnovationFactory()
    align(innovation, indicators=[indicator_row(), indicator_row(name="Cakupan")])
    with translation.override(language):
        assert annex_rows(innovation) == [
            ["1.", "Prevalensi stunting", "%", "17,1 (2024)", "15,5", "-", "-", "10"],
            ["2.", "Cakupan", "%", "17,1 (2024)", "15,5", "-", "-", "10"],
        ]


def test_annex_columns_fit_its_rows():
    innovation = InnovationFactory()
    align(innovation)
    table = annex(innovation)
    assert {len(row) for row in table["rows"]} == {len(table["columns"])}
