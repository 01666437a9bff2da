import pytest
from django.utils import translation

from legal_basis.sections import sections_of
from tests.legal_basis.factories import draft, innovation, number

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def values(section) -> dict:
    return {field["key"]: field["value"] for field in section["fields"]}


def test_innovation_without_instrument_has_no_section():
    assert sections_of(innovation()) == {}


def test_section_says_everything_that_is_signed():
    instrument = draft()
    found = values(sections_of(instrument.innovation)["instrument"])
    assert list(found) == [
        "kind",
        "title",
        "considerations",
        "legal_bases",
        "noting",
        "dicta",
        "copy_recipients",
        "annex",
    ]
    assert found["considerations"][-1].startswith("d. bahwa berdasarkan pertimbangan")
    assert found["dicta"][4].splitlines()[1].startswith("a. Tahun Anggaran 2026")
    assert found["annex"] == instrument.content["annex"]["rows"]


def test_taking_the_number_does_not_change_what_was_signed():
    instrument = draft()
    before = sections_of(instrument.innovation)
    number(instrument)
    assert sections_of(instrument.innovation) == before


def test_labels_wait_for_the_readers_language():
    section = sections_of(draft().innovation)["instrument"]
    with translation.override("en"):
        assert str(section["fields"][1]["label"]) == "Title"
