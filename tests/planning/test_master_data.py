import re
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from accounts.acting import acting_as
from planning.master_data import load_master_data
from planning.models import (
    Ceiling,
    FundingSource,
    NomenclatureVersion,
    Pillar,
    Programme,
    SubActivity,
)
from planning.models.master import SUB_ACTIVITY_CODE
from tests.accounts.factories import system_account
from tests.planning.factories import (
    CeilingFactory,
    NomenclatureVersionFactory,
    SubActivityFactory,
    system,
)

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def test_master_data_brings_pillars_sources_and_ceilings():
    written = load_master_data(system())
    assert list(Pillar.objects.values_list("code", flat=True)) == [
        "health",
        "education",
        "food",
        "economy",
    ]
    assert written == {
        "pillars": 4,
        "funding_sources": 11,
        "programmes": Programme.objects.count(),
        "sub_activities": SubActivity.objects.count(),
        "ceilings": Ceiling.objects.count(),
    }
    outside = FundingSource.objects.filter(in_dpa=False).values_list("code", flat=True)
    assert list(outside) == ["blud", "bok", "bos", "apbdes", "csr-hibah"]


def test_master_data_loaded_twice_adds_nothing():
    load_master_data(system())
    assert set(load_master_data(system()).values()) == {0}


def test_master_data_leaves_a_revised_ceiling_alone():
    load_master_data(system())
    ceiling = Ceiling.objects.first()
    with acting_as(system_account()):
        Ceiling.objects.filter(pk=ceiling.pk).update(
            amount=1, reserved=1, budget_version="perubahan"
        )
    load_master_data(system())
    ceiling.refresh_from_db()
    assert (ceiling.amount, ceiling.reserved, ceiling.budget_version) == (1, 1, "perubahan")


def test_every_sub_activity_has_a_code_of_a_regency_and_ceilings_for_four_years():
    load_master_data(system())
    for sub_activity in SubActivity.objects.prefetch_related("ceilings"):
        assert re.fullmatch(SUB_ACTIVITY_CODE, sub_activity.code)
        years = {ceiling.fiscal_year for ceiling in sub_activity.ceilings.all()}
        assert years == {2026, 2027, 2028, 2029}


def test_every_ceiling_is_above_zero_and_free():
    load_master_data(system())
    assert Ceiling.objects.filter(amount__lte=0).count() == 0
    assert {ceiling.reserved for ceiling in Ceiling.objects.all()} == {Decimal(0)}


def test_every_loaded_row_has_its_first_version_with_the_actor():
    load_master_data(system())
    for model in (Pillar, FundingSource, Programme, NomenclatureVersion, SubActivity, Ceiling):
        versions = model.history.all()
        assert versions.count() == model.objects.count()
        assert {version.history_user_id for version in versions} == {system().pk}


@pytest.mark.parametrize(
    "code",
    [
        "1.02.02.2.02.15",
        "1.02.02.1.02.0015",
        "1.02.02.2.02",
        "1.02.02.2.02.0015\n",
        "X.XX.01.2.06.0001",
        "1-02-02-2-02-0015",
        "",
    ],
)
def test_sub_activity_code_of_another_shape_is_refused(code):
    row = SubActivity(version=NomenclatureVersionFactory(), code=code, name="Gizi")
    with pytest.raises(ValidationError):
        row.full_clean()


def test_nomenclature_in_force_is_the_latest_that_began():
    SubActivityFactory(version__valid_from_fy=2024, code="1.02.02.2.02.0001")
    SubActivityFactory(version__valid_from_fy=2027, code="1.02.02.2.02.0001")
    found = {
        year: list(
            SubActivity.objects.in_force(year).values_list("version__valid_from_fy", flat=True)
        )
        for year in (2023, 2024, 2026, 2027, 2029)
    }
    assert found == {2023: [], 2024: [2024], 2026: [2024], 2027: [2027], 2029: [2027]}


def test_nomenclature_versions_are_known_by_their_decree():
    load_master_data(system())
    assert NomenclatureVersion.objects.get().decree.startswith("Keputusan Menteri Dalam Negeri")


def test_ceiling_tells_what_is_left():
    assert CeilingFactory(amount=Decimal(10), reserved=Decimal(4)).left == Decimal(6)
