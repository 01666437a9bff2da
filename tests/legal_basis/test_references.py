"""Cross-references print where their target stands now, as they read from where they are."""

import pytest

from legal_basis import references
from legal_basis.anatomy import body, considerations, dicta, noting
from legal_basis.models import Instrument
from legal_basis.references import Unresolved, token

pytestmark = pytest.mark.unit


def decree(**content) -> Instrument:
    return Instrument(kind=Instrument.Kind.REGENT_DECREE, title="Penetapan X", content=content)


def regulation(*texts: str, **content) -> Instrument:
    rows = [
        {"key": f"k{position}", "unit": "pasal", "text": text}
        for position, text in enumerate(texts, start=1)
    ]
    return Instrument(
        kind=Instrument.Kind.REGENT_REGULATION, title="X", content={"body": rows, **content}
    )


def article(instrument: Instrument, position: int) -> list[str]:
    """The paragraphs of an article, with what is under them."""
    found: list[str] = []
    for clause in body(instrument)[position - 1].clauses:
        found += [clause.text, *(item.text for item in clause.items)]
    return found


def test_token_is_what_the_pattern_finds():
    assert references.TOKEN.findall(token("tim")) == ["tim"]


def test_reference_to_a_paragraph_of_the_same_article_names_only_it():
    made = regulation("[tugas] Tim bertugas.\nTugas sebagaimana dimaksud {ref:tugas} dilaporkan.")
    assert article(made, 1)[1] == "Tugas sebagaimana dimaksud pada ayat (1) dilaporkan."


def test_reference_to_another_article_names_it_with_preposition():
    made = regulation(
        "Satu.\nTim:\n- [rancang] merancang\n- melapor.", "Rancangan {ref:rancang} dan {ref:k1}"
    )
    assert article(made, 2) == ["Rancangan dalam Pasal 1 ayat (2) huruf a dan dalam Pasal 1."]


def test_reference_follows_when_an_article_is_put_before():
    texts = ["[t] Tim.", "Lihat {ref:t}."]
    made = regulation(*texts)
    assert article(made, 2) == ["Lihat dalam Pasal 1."]
    made.content["body"].insert(0, {"key": "", "unit": "pasal", "text": "Baru."})
    assert article(made, 3) == ["Lihat dalam Pasal 2."]


def test_reference_to_a_chapter():
    made = regulation("Lihat {ref:umum}.")
    made.content["body"].insert(0, {"key": "umum", "unit": "bab", "text": "Umum"})
    assert article(made, 2) == ["Lihat dalam BAB I."]


def test_reference_of_an_amending_regulation_is_roman():
    made = regulation("Satu.", "Lihat {ref:k1}.")
    made.purpose = Instrument.Purpose.AMEND
    assert [unit.label for unit in body(made)] == ["Pasal I", "Pasal II", "Pasal III"]
    assert article(made, 2) == ["Lihat dalam Pasal I."]


def test_reference_from_dictum_to_dictum_and_to_its_own_letter():
    made = decree(
        dicta=[
            {"key": "tim", "text": "Membentuk tim:\n- [a] ketua; dan\n- anggota."},
            {"key": "", "text": "Tim {ref:tim}, ketua {ref:a}."},
            {"key": "", "text": "Biaya\n- [b] pusat\n- sebagaimana {ref:b}"},
        ]
    )
    _first, second, third, _closing = dicta(made)
    assert second.text == "Tim dalam Diktum KESATU, ketua dalam Diktum KESATU huruf a."
    assert third.items[1].text == "sebagaimana dalam huruf a."


def test_references_among_considerations_name_the_letter():
    made = decree(
        considerations=[{"key": "need", "text": "bahwa x"}, {"key": "", "text": "bahwa {ref:need}"}]
    )
    assert considerations(made)[1].text == "bahwa dalam huruf a;"


def test_references_in_what_is_noted():
    made = decree(noting=[{"key": "n", "text": "Surat"}, {"key": "", "text": "Surat {ref:n}"}])
    assert noting(made) == ["Surat", "Surat dalam angka 1"]


def test_reference_that_leads_nowhere_prints_an_ellipsis_and_is_a_fault():
    made = regulation("Lihat {ref:hilang} dan {ref:k1}.")
    assert article(made, 1) == ["Lihat … dan dalam Pasal 1."]
    assert references.unresolved(made) == [Unresolved("Pasal 1", "hilang")]


def test_reference_of_a_decree_does_not_reach_a_body_that_is_not_printed():
    made = decree(
        dicta=[{"key": "", "text": "Lihat {ref:k}"}],
        body=[{"key": "k", "unit": "pasal", "text": "x"}],
    )
    assert references.unresolved(made) == [Unresolved("Diktum KESATU", "k")]


def test_first_of_two_pieces_with_one_key_counts_and_the_doubled_key_is_a_fault():
    made = regulation("[x] Satu.", "[x] Dua.", "Lihat {ref:x}.")
    assert article(made, 3) == ["Lihat dalam Pasal 1."]
    assert references.doubled(made) == ["x"]


@pytest.mark.parametrize("text", ["{ref:}", "{ref:{ref:k1}}", "{ref:a b}", "{{ref:k1}"])
def test_what_is_no_whole_token_stays_text(text):
    assert article(regulation(text), 1)[0].count("Pasal 1") == text.count("{ref:k1}")
