import json

import pytest
from django.db import transaction

from accounts.acting import acting_as
from legal_basis.master_data import CLAUSES, SOURCES, load_master_data
from legal_basis.models import LegalSource
from tests.legal_basis.factories import system

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture(scope="module")
def law() -> None:
    """Not loaded yet."""


def load() -> int:
    with transaction.atomic():
        return load_master_data(system())


def test_loading_twice_adds_nothing():
    first, second = load(), load()
    rows = [*json.loads(SOURCES.read_text()), *json.loads(CLAUSES.read_text())]
    assert (first, second) == (len(rows), 0)


def test_loading_again_keeps_what_the_legal_section_corrected():
    load()
    source = LegalSource.objects.get(key="perda-apbd")
    source.number, source.year = "9", 2025
    with acting_as(system()):
        source.save()
    load()
    assert LegalSource.objects.get(key="perda-apbd").number == "9"


def test_citation_carries_gazette_and_amendments():
    load()
    assert LegalSource.objects.get(key="uu-23-2014").citation() == (
        "Undang-Undang Nomor 23 Tahun 2014 tentang Pemerintahan Daerah (Lembaran Negara Republik "
        "Indonesia Tahun 2014 Nomor 244, Tambahan Lembaran Negara Republik Indonesia Nomor 5587) "
        "sebagaimana telah beberapa kali diubah, terakhir dengan Undang-Undang Nomor 6 Tahun 2023 "
        "tentang Penetapan Peraturan Pemerintah Pengganti Undang-Undang Nomor 2 Tahun 2022 "
        "tentang Cipta Kerja menjadi Undang-Undang (Lembaran Negara Republik Indonesia Tahun 2023 "
        "Nomor 41, Tambahan Lembaran Negara Republik Indonesia Nomor 6856)"
    )


def test_what_is_not_verified_says_what():
    load()
    silent = LegalSource.objects.filter(verified=False, remark="")
    assert list(silent) == []


def test_placeholder_without_number_cannot_be_cited():
    load()
    found = LegalSource.objects.get(key="perda-rpjmd")
    assert (found.is_citable, found.usual, found.verified) == (False, False, False)


def test_revoked_source_cannot_be_cited():
    load()
    found = LegalSource.objects.get(key="pp-38-2017")
    found.in_force = False
    assert not found.is_citable


def test_position_orders_by_rank_year_and_number():
    def source(kind: str, year: int, number: str) -> LegalSource:
        return LegalSource(kind=kind, year=year, number=number, rank=LegalSource.RANKS[kind])

    ordered = [
        source("uu", 2003, "5"),
        source("uu", 2014, "9"),
        source("uu", 2014, "23"),
        source("pp", 2000, "1"),
        source("permen", 1999, "4"),
        source("perda", 1990, "1"),
        source("perbup", 1980, "1"),
    ]
    shuffled = ordered[3:] + ordered[:3]
    assert sorted(shuffled, key=lambda found: found.position) == ordered
