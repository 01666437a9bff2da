import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.offices import today
from legal_basis.curated_law import record_amendment, record_revocation, record_source
from legal_basis.master_data import load_master_data
from legal_basis.models import LegalSource
from legal_basis.models.sources import with_amendments
from tests.innovations.factories import UserFactory
from tests.legal_basis.factories import system
from tests.legal_basis.law_office import drafter

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def law():
    with transaction.atomic():
        load_master_data(system())


def source(key: str) -> LegalSource:
    return LegalSource.objects.get(key=key)


def new(**fields) -> LegalSource:
    told = {
        "kind": "pp",
        "form": "Peraturan Pemerintah",
        "number": "7",
        "year": 2027,
        "title": "Perubahan atas Peraturan Pemerintah Nomor 38 Tahun 2017 tentang Inovasi Daerah",
    }
    return LegalSource(**(told | fields))


def record(actor=None, **fields) -> LegalSource:
    return record_source(actor or drafter(), new(**fields))


def test_new_law_gets_its_key_and_rank():
    found = record()
    assert (found.key, found.rank) == ("pp-7-2027", LegalSource.RANKS["pp"])


def test_law_without_number_gets_a_key_of_its_own():
    keys = [record(number="", year=None).key for _ in range(2)]
    assert keys == ["pp", "pp-2"]


def test_same_law_is_not_recorded_twice():
    with pytest.raises(ValidationError, match="recorded already"):
        record(number="38", year=2017)


def test_first_amendment_is_cited():
    record_amendment(drafter(), source("pp-38-2017"), record())
    assert (
        source("pp-38-2017")
        .citation()
        .endswith(
            "Nomor 6123) sebagaimana telah diubah dengan Peraturan Pemerintah Nomor 7 Tahun 2027 "
            "tentang Perubahan atas Peraturan Pemerintah Nomor 38 Tahun 2017 tentang Inovasi Daerah"
        )
    )


def test_of_several_amendments_the_last_is_cited():
    for year, number in ((2030, "2"), (2027, "7")):
        record_amendment(drafter(), source("pp-38-2017"), record(year=year, number=number))
    assert (
        "sebagaimana telah beberapa kali diubah, terakhir dengan Peraturan Pemerintah Nomor 2 "
        "Tahun 2030"
    ) in source("pp-38-2017").citation()


def test_written_tail_wins_over_the_computed_one():
    found = source("uu-12-2011")
    found.amendment_tail = "sebagaimana telah diubah"
    assert found.citation().endswith("Nomor 5234) sebagaimana telah diubah")


def test_constitution_is_cited_by_its_form_alone():
    found = source("uud-1945-18-6")
    assert (found.citation(), found.is_citable) == (found.form, True)


def test_amendment_recorded_again_changes_nothing():
    by = record()
    for _ in range(2):
        record_amendment(drafter(), source("pp-38-2017"), by)
    assert source("pp-38-2017").amended_by.count() == 1


@pytest.mark.parametrize(
    ("key", "by"),
    [
        ("pp-38-2017", "pp-38-2017"),
        ("pp-38-2017", "permendagri-1-2023"),
        ("pp-38-2017", "uu-23-2014"),
    ],
)
def test_law_is_not_amended_by_itself_by_lower_or_by_older_law(key, by):
    with pytest.raises(ValidationError, match="Choose another"):
        record_amendment(drafter(), source(key), source(by))


def test_revoked_law_cannot_be_cited():
    record_revocation(drafter(), source("pp-38-2017"), record(), today())
    found = source("pp-38-2017")
    assert (found.is_revoked, found.is_citable, found.revoked_on) == (True, False, today())


def test_revocation_of_tomorrow_waits():
    with pytest.raises(ValidationError, match="yet to come"):
        record_revocation(
            drafter(), source("pp-38-2017"), record(), today() + datetime.timedelta(days=1)
        )


def test_law_is_revoked_once():
    record_revocation(drafter(), source("pp-38-2017"), record(), today())
    with pytest.raises(ValidationError, match="recorded already"):
        record_revocation(drafter(), source("pp-38-2017"), record(number="8"), today())


def test_others_do_not_keep_the_law():
    drafter()
    stranger = UserFactory()
    for act in (
        lambda: record(actor=stranger),
        lambda: record_amendment(stranger, source("pp-38-2017"), source("uu-6-2023")),
        lambda: record_revocation(stranger, source("pp-38-2017"), source("uu-6-2023"), today()),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_citing_all_law_costs_two_queries(django_assert_num_queries):
    with django_assert_num_queries(2):
        for one in LegalSource.objects.prefetch_related(with_amendments()):
            one.citation()
