"""What a Peraturan Bupati computes by itself: last article, order, number and gazette lines."""

import datetime

import pytest

from legal_basis import regulation
from legal_basis.anatomy import anatomy_of, body
from legal_basis.models import GAZETTE, Instrument, NumberSeries, RegisterEntry
from tests.legal_basis import factories

pytestmark = pytest.mark.unit

IN_FORCE = "Peraturan Bupati ini mulai berlaku pada tanggal"
ORDER = (
    "Agar setiap orang mengetahuinya, memerintahkan pengundangan Peraturan Bupati ini dengan "
    "penempatannya dalam Berita Daerah Kabupaten Belitung Timur."
)


def made(*texts: str, **fields) -> Instrument:
    rows = [{"key": "", "unit": "pasal", "text": text} for text in texts]
    return Instrument(
        kind=Instrument.Kind.REGENT_REGULATION, title="X", content={"body": rows}, **fields
    )


def test_last_article_is_computed_with_the_order_to_place_it_in_the_gazette():
    last = body(made("Satu.", "Dua."))[-1]
    assert (last.label, [clause.text for clause in last.clauses]) == (
        "Pasal 3",
        [f"{IN_FORCE} diundangkan.", ORDER],
    )


def test_last_article_names_stated_days():
    day = datetime.date
    last = body(made(in_force_from=day(2027, 1, 1), in_force_until=day(2028, 12, 31)))[-1]
    assert (last.label, last.clauses[0].text) == (
        "Pasal 1",
        f"{IN_FORCE} 1 Januari 2027 sampai dengan tanggal 31 Desember 2028.",
    )


def test_chapter_headings_are_capitals_and_others_as_typed():
    rows = [
        {"key": "", "unit": "bab", "text": "Ketentuan umum"},
        {"key": "", "unit": "bagian", "text": "Kesatu hal"},
    ]
    chapter, part, _last = body(
        Instrument(kind=Instrument.Kind.REGENT_REGULATION, content={"body": rows})
    )
    assert (chapter.heading, part.heading) == ("KETENTUAN UMUM", "Kesatu hal")


def test_number_line_has_dots_until_it_is_numbered():
    assert regulation.number_line(made()) == "NOMOR ……… TAHUN ………"


def test_number_line_is_the_plain_number_and_year():
    numbered = made(number="64", dated=datetime.date(2014, 11, 3))
    assert regulation.number_line(numbered) == "NOMOR 64 TAHUN 2014"


@pytest.mark.django_db
def test_gazette_line_and_promulgation_are_filled_in_when_numbered():
    draft = factories.regulation()
    before = anatomy_of(draft)
    assert before.gazette == "BERITA DAERAH KABUPATEN BELITUNG TIMUR TAHUN ……… NOMOR ………"
    assert before.promulgation.dated == ""
    factories.number(draft)
    entry = RegisterEntry.objects.get(kind=GAZETTE)
    series = NumberSeries.objects.get(kind=GAZETTE)
    after = anatomy_of(draft)
    assert after.gazette == (
        f"BERITA DAERAH KABUPATEN BELITUNG TIMUR TAHUN {series.year} NOMOR {entry.number}"
    )
    assert after.promulgation.dated == after.dated


@pytest.mark.django_db
def test_promulgator_is_the_secretary_of_the_regency_until_one_is_planned():
    block = anatomy_of(factories.regulation()).promulgation
    assert (block.verb, block.office, block.name) == (
        *("Diundangkan", "SEKRETARIS DAERAH KABUPATEN BELITUNG TIMUR", ""),
    )


@pytest.mark.django_db
def test_substitute_promulgates_in_his_capacity():
    draft = factories.regulation()
    factories.number(draft, factories.secretary("Plh. Sekretaris Daerah"))
    block = anatomy_of(draft).promulgation
    assert (block.office, block.name) == (
        "Plh. SEKRETARIS DAERAH KABUPATEN BELITUNG TIMUR",
        "HARYONO MOELYO",
    )
