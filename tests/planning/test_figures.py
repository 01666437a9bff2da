from decimal import Decimal

import pytest
from django.utils import translation

from planning.figures import alignment_facts, cost_parts
from tests.planning.factories import (
    CeilingFactory,
    FundingSourceFactory,
    InnovationFactory,
    PillarFactory,
    ProgrammeFactory,
    SubActivityFactory,
    align,
    commit,
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


@pytest.mark.parametrize("language", ["id", "en"])
def test_cost_parts_add_up_each_budget_of_each_year(innovation, language, settings):
    settings.REGION = {"name": "Kabupaten Belitung Timur"}
    budget = "Anggaran Pendapatan dan Belanja Daerah Kabupaten Belitung Timur"
    with translation.override(language):
        parts = cost_parts(innovation)
    assert sorted((part["fiscal_year"], part["source"], part["amount"]) for part in parts) == [
        (2027, budget, Decimal("120000000")),
        (2027, "Bantuan Operasional Kesehatan", Decimal("1000000.50")),
        (2028, budget, Decimal("50000000")),
    ]


def test_cost_parts_are_empty_without_money():
    innovation = InnovationFactory()
    commit(innovation, no_money_reason="Memakai alat yang ada.")
    assert cost_parts(innovation) == []
    assert cost_parts(InnovationFactory()) == []


def test_alignment_facts_name_programme_and_pillars_the_lead_first():
    innovation = InnovationFactory()
    assert alignment_facts(innovation) is None
    align(
        innovation,
        programme=ProgrammeFactory(code="1.02.02", name="Program Kesehatan"),
        pillars=[
            pillar_row(pillar=PillarFactory(name="Pangan"), weight=60, is_lead=False),
            pillar_row(pillar=PillarFactory(name="Kesehatan"), weight=40),
        ],
    )
    assert alignment_facts(innovation) == {
        "programme": "Program Kesehatan",
        "pillars": ["Kesehatan (40 persen)", "Pangan (60 persen)"],
        "lead_pillar": "Kesehatan",
    }
