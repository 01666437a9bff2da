import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legal_basis import wording

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("position", "label"),
    [
        (1, "KESATU"),
        (2, "KEDUA"),
        (9, "KESEMBILAN"),
        (10, "KESEPULUH"),
        (11, "KESEBELAS"),
        (12, "KEDUA BELAS"),
        (20, "KEDUA PULUH"),
        (25, "KEDUA PULUH LIMA"),
    ],
)
def test_dictum_label_counts_in_words(position, label):
    assert wording.dictum_label(position) == label


@pytest.mark.parametrize(
    ("before", "letters"),
    [
        (1, "huruf a"),
        (2, "huruf a dan huruf b"),
        (3, "huruf a, huruf b, dan huruf c"),
        (5, "huruf a, huruf b, huruf c, huruf d, dan huruf e"),
    ],
)
def test_closing_consideration_names_the_letters_before_it(before, letters):
    assert wording.closing_consideration(before, "Penetapan X") == (
        f"bahwa berdasarkan pertimbangan sebagaimana dimaksud dalam {letters}, "
        "perlu menetapkan Keputusan Bupati tentang Penetapan X"
    )


def test_closing_clause_without_a_date_is_the_day_of_stipulation():
    assert wording.closing_clause("regent_decree", None) == (
        "Keputusan Bupati ini mulai berlaku pada tanggal ditetapkan."
    )


def test_closing_clause_with_a_date_names_it():
    assert wording.closing_clause("regent_decree", datetime.date(2027, 1, 1)) == (
        "Keputusan Bupati ini mulai berlaku pada tanggal 1 Januari 2027."
    )


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ("0", "Rp0,00 (nol rupiah)"),
        ("1000", "Rp1.000,00 (seribu rupiah)"),
        ("150000000", "Rp150.000.000,00 (seratus lima puluh juta rupiah)"),
        ("1100000.50", "Rp1.100.000,50 (satu juta seratus ribu rupiah lima puluh sen)"),
        ("2000000000000.00", "Rp2.000.000.000.000,00 (dua triliun rupiah)"),
    ],
)
def test_amount_in_figures_and_words(value, printed):
    assert wording.amount(Decimal(value)) == printed


@given(st.decimals(min_value=0, max_value=Decimal("9999999999999999.99"), places=2))
def test_amount_figures_read_back_as_the_same_amount(value):
    figures = wording.amount(value).split(" ")[0].removeprefix("Rp")
    assert Decimal(figures.replace(".", "").replace(",", ".")) == value


@pytest.mark.parametrize(
    ("capacity", "printed"),
    [
        ("a.n. Bupati Belitung Timur", "a.n. BUPATI BELITUNG TIMUR"),
        (
            "a.n. Bupati Belitung Timur, Sekretaris Daerah",
            "a.n. BUPATI BELITUNG TIMUR\nSEKRETARIS DAERAH",
        ),
        (
            "a.n. Pj. Bupati Belitung Timur, Kepala Dinas A, B, dan C",
            "a.n. Pj. BUPATI BELITUNG TIMUR\nKEPALA DINAS A, B, DAN C",
        ),
        ("Bupati Belitung Timur", "BUPATI BELITUNG TIMUR"),
        ("Plh. Bupati Belitung Timur", "Plh. BUPATI BELITUNG TIMUR"),
        ("Pj. Bupati Belitung Timur", "Pj. BUPATI BELITUNG TIMUR"),
    ],
)
def test_printed_capacity_keeps_its_prefix_and_sets_the_own_office_of_a_delegate_below(
    capacity, printed
):
    assert wording.printed_capacity(capacity, "Bupati Belitung Timur") == printed


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Satu kalimat. Dua kalimat.", "Satu kalimat"),
        ("Memakai SIPESPA.COM setiap hari. Lalu pulang.", "Memakai SIPESPA.COM setiap hari"),
        ("Baris satu\nbaris dua", "Baris satu"),
        ("Tanpa titik", "Tanpa titik"),
    ],
)
def test_first_sentence_ends_where_the_next_begins(text, sentence):
    assert wording.first_sentence(text) == sentence


@pytest.mark.parametrize(
    ("text", "running"),
    [("Meningkatkan mutu", "meningkatkan mutu"), ("ASN yang cakap", "ASN yang cakap"), ("", "")],
)
def test_lowered_leaves_acronyms_alone(text, running):
    assert wording.lowered(text) == running


def test_long_date_is_indonesian_whatever_the_reader_speaks():
    assert wording.long_date(datetime.date(2026, 8, 17)) == "17 Agustus 2026"
