import pytest

from legal_basis.anatomy import anatomy_of
from legal_basis.references import Unresolved, unresolved
from legal_basis.sections import sections_of
from tests.legal_basis.factories import draft
from tests.legal_basis.test_golden import BODY, edited, regulation_draft

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

TUGAS = {"key": "pertama", "text": "Menetapkan tim:\n- menilai\n- [lapor] melapor"}
RUJUK = {"key": "kedua", "text": "Tim {ref:pertama} melapor {ref:lapor} dan {ref:hilang}."}


def test_reference_to_a_dictum_follows_when_it_is_moved():
    first = anatomy_of(edited(draft(), dicta=[TUGAS, RUJUK])).dicta[1].text
    moved = anatomy_of(edited(draft_again(), dicta=[RUJUK, TUGAS])).dicta[0].text
    assert (first, moved) == (
        "Tim dalam Diktum KESATU melapor dalam Diktum KESATU huruf b dan ….",
        "Tim dalam Diktum KEDUA melapor dalam Diktum KEDUA huruf b dan ….",
    )


def draft_again():
    from legal_basis.models import Instrument

    return Instrument.objects.get()


def test_counted_letters_of_a_dictum_get_their_marks():
    first = anatomy_of(edited(draft(), dicta=[TUGAS])).dicta[0]
    assert [(item.label, item.text) for item in first.items] == [
        ("a.", "menilai; dan"),
        ("b.", "melapor."),
    ]


def test_reference_that_leads_nowhere_is_reported_with_its_place():
    instrument = edited(draft(), dicta=[TUGAS, RUJUK])
    assert unresolved(instrument) == [Unresolved("Diktum KEDUA", "hilang")]


def test_reference_between_considerations_names_the_letter():
    rows = [{"key": "a1", "text": "bahwa satu"}, {"key": "", "text": "bahwa dua {ref:a1}"}]
    found = anatomy_of(edited(draft(), considerations=rows)).considerations
    assert found[1].text == "bahwa dua dalam huruf a;"


def test_articles_are_counted_anew_when_one_is_put_before():
    body = [{"key": "", "unit": "pasal", "text": "Baru."}, *BODY]
    found = anatomy_of(regulation_draft(body=body)).body
    laporan = next(unit for unit in found if unit.label == "Pasal 4")
    assert laporan.clauses[0].text.startswith(
        "Laporan sebagaimana dimaksud dalam Pasal 3 ayat (2) huruf a"
    )
    assert found[-1].label == "Pasal 5"


def test_section_of_a_regulation_shows_its_articles():
    section = sections_of(regulation_draft().innovation)["instrument"]
    found = {field["key"]: field["value"] for field in section["fields"]}
    assert "dicta" not in found
    assert found["body"][0] == "BAB I KETENTUAN UMUM"
    assert found["body"][1].startswith("Pasal 1 \n Dalam Peraturan Bupati ini")
