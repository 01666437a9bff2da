"""Nobody types a number: chapters, articles, paragraphs, letters and dicta count themselves."""

import time

import pytest

from legal_basis import units

pytestmark = pytest.mark.unit


def row(text: str, unit: str = "pasal", key: str = "") -> dict[str, str]:
    return {"key": key, "unit": unit, "text": text}


def printed(piece: units.Piece) -> list[str]:
    return [f"{one.label} {one.text}".strip() for one in piece.walk()]


def labels(rows, **options) -> list[str]:
    return [piece.label for piece in units.body(rows, **options)]


BODY = [
    row("Ketentuan Umum", "bab"),
    row("Satu."),
    row("Pelaksanaan", "bab"),
    row("Umum", "bagian"),
    row("Dua."),
    row("Khusus", "bagian"),
    row("Tahap", "paragraf"),
    row("Tiga."),
    row("Penutup", "bab"),
    row("Lain", "bagian"),
    row("Empat."),
]


def test_articles_go_on_through_chapters_whose_parts_begin_anew():
    assert labels(BODY) == [
        *("BAB I", "Pasal 1", "BAB II", "Bagian Kesatu", "Pasal 2", "Bagian Kedua"),
        *("Paragraf 1", "Pasal 3", "BAB III", "Bagian Kesatu", "Pasal 4"),
    ]


def test_numbers_follow_when_an_article_and_a_chapter_are_removed():
    assert labels([*BODY[:1], *BODY[3:]]) == [
        *("BAB I", "Bagian Kesatu", "Pasal 1", "Bagian Kedua"),
        *("Paragraf 1", "Pasal 2", "BAB II", "Bagian Kesatu", "Pasal 3"),
    ]


def test_numbers_follow_when_an_article_is_put_in_and_rows_are_exchanged():
    assert labels([row("Baru."), BODY[1], BODY[0]]) == ["Pasal 1", "Pasal 2", "BAB I"]


def test_articles_of_an_amending_regulation_count_in_roman_signs():
    assert labels([row("Satu."), row("Dua.")], amends=True) == ["Pasal I", "Pasal II"]


def test_single_paragraph_of_an_article_bears_no_number():
    assert printed(units.body([row("Inovasi ditetapkan")])[0]) == ["Pasal 1", "Inovasi ditetapkan."]


def test_paragraphs_letters_and_numbers_are_counted_and_get_their_marks():
    text = "Tim bertugas\n- merancang\n-- program\n-- anggaran\n- melapor\nBiaya dari APBD."
    assert printed(units.body([row(text)])[0]) == [
        "Pasal 1",
        "(1) Tim bertugas:",
        "a. merancang:",
        "1. program; dan",
        "2. anggaran; dan",
        "b. melapor.",
        "(2) Biaya dari APBD.",
    ]


def test_definitions_are_numbered_without_letters():
    text = (
        "Dalam Peraturan Bupati ini yang dimaksud dengan:\n-- Daerah adalah kabupaten.\n-- Bupati"
    )
    assert printed(units.body([row(text)])[0])[2:] == [
        "1. Daerah adalah kabupaten.",
        "2. Bupati.",
    ]


def test_letters_follow_when_one_is_removed():
    before, after = (
        [item.label for item in units.body([row(text)])[0].items[0].items]
        for text in ("Terdiri atas:\n- a\n- b\n- c", "Terdiri atas:\n- a\n- c")
    )
    assert (before, after) == (["a.", "b.", "c."], ["a.", "b."])


def test_marks_that_were_typed_stay():
    items = units.body([row("Syarat:\n- satu; atau\n- dua, dan\n- tiga;")])[0].items[0].items
    assert [item.text for item in items] == ["satu; atau", "dua, dan", "tiga;"]


def test_place_names_the_unit_and_what_is_within():
    text = "Satu.\nDua:\n- tiga\n-- empat"
    places = [str(piece.place) for piece in units.body([row(text)])[0].walk()]
    assert places == [
        "Pasal 1",
        "Pasal 1 ayat (1)",
        "Pasal 1 ayat (2)",
        "Pasal 1 ayat (2) huruf a",
        "Pasal 1 ayat (2) huruf a angka 1",
    ]


def test_place_of_a_part_names_its_chapter():
    assert [str(piece.place) for piece in units.body(BODY)][5:9] == [
        *("BAB II Bagian Kedua", "BAB II Bagian Kedua Paragraf 1", "Pasal 3", "BAB III"),
    ]


def test_keys_are_those_of_the_row_and_labels_of_lines():
    [article] = units.body([row("[tugas] Tim bertugas:\n- [rancang] merancang", key="tim")])
    assert [(piece.keys, piece.text) for piece in article.walk()] == [
        (("tim",), ""),
        (("tugas",), "Tim bertugas:"),
        (("rancang",), "merancang."),
    ]


def test_dicta_are_counted_with_letters_and_further_paragraphs():
    text = "Tim bertugas\n- merancang\n- melapor\nTim melapor tiap bulan\nTim bubar sendiri"
    first, second = units.dicta([row("Menetapkan"), row(text)])
    assert printed(first) == ["KESATU Menetapkan."]
    assert printed(second) == [
        "KEDUA Tim bertugas:",
        "a. merancang; dan",
        "b. melapor.",
        "Tim melapor tiap bulan.",
        "Tim bubar sendiri.",
    ]


def test_dicta_keep_letters_that_were_typed():
    assert printed(units.dicta([row("Biaya:\na. satu;\nb) dua.")])[0]) == [
        *("KESATU Biaya:", "a. satu;", "b) dua."),
    ]


def test_considerations_go_on_after_z():
    assert [piece.label for piece in units.considerations([row("bahwa")] * 28)][24:] == [
        *("y.", "z.", "aa.", "bb."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "x\n" + "- a\n" * 100_000,
        "x\n- a\n" + "-- a\n" * 100_000,
        "a" + " " * 500_000 + "b",
        "[" * 500_000,
        "[a] " * 100_000,
    ],
    ids=["letters", "numbers", "spaces", "brackets", "labels"],
)
def test_floods_are_taken_apart_in_linear_time(text):
    start = time.process_time()
    units.body([row(text)])
    units.dicta([row(text)])
    assert time.process_time() - start < 20
