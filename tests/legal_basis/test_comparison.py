import pytest
from django.db import transaction

from accounts.acting import acting_as
from legal_basis.comparison import versions_of, with_assembled, with_library, with_version
from legal_basis.models import Instrument, LibraryClause
from legal_basis.wordings import word_anew
from tests.legal_basis.factories import draft, system
from tests.legal_basis.law_office import drafter

pytestmark = [pytest.mark.integration, pytest.mark.one_database, pytest.mark.django_db]


def said(instrument: Instrument, text: str, place: int = 1) -> Instrument:
    instrument.content["dicta"][place]["text"] = text
    with acting_as(system()):
        instrument.save()
    return instrument


def test_assembled_draft_differs_from_nothing():
    instrument = draft()
    assert (with_assembled(instrument), with_library(instrument), versions_of(instrument)) == (
        [],
        [],
        [],
    )


def test_clause_edited_by_hand_is_shown_with_its_place():
    instrument = draft()
    old = instrument.content["dicta"][1]["text"]
    said(instrument, "Menunjuk Camat.")
    assert with_assembled(instrument) == [
        {"label": "Diktum KEDUA", "old": old, "new": "Menunjuk Camat."}
    ]


def test_clause_that_was_taken_out_and_one_that_was_added():
    instrument = draft()
    gone = instrument.content["considerations"].pop(0)["text"]
    instrument.content["considerations"].append({"key": "", "text": "bahwa baru"})
    assert with_assembled(instrument) == [
        {"label": "Menimbang huruf c", "old": "", "new": "bahwa baru"},
        {"label": "–", "old": gone, "new": ""},
    ]


def test_library_is_filled_in_with_the_data_of_the_case():
    instrument = draft()
    clause = LibraryClause.objects.get(kind=instrument.kind, purpose="stipulate", key="stipulation")
    with transaction.atomic():
        word_anew(drafter(), clause, "Menetapkan {innovation}.", "Disingkat.")
    (edit,) = with_library(instrument)
    assert (edit["label"], edit["old"]) == ("Diktum KESATU", "Menetapkan SIE CANTIK.")
    assert with_assembled(instrument) == []


def test_draft_of_before_the_library_is_compared_with_its_assembled_text():
    instrument = said(draft(), "Menunjuk Camat.")
    del instrument.content["values"]
    assert with_library(instrument) == with_assembled(instrument)


def test_versions_leave_out_saves_that_changed_no_text():
    instrument = said(draft(), "Menunjuk Camat.")
    said(instrument, "Menunjuk Camat.")
    said(instrument, "Menunjuk Lurah.")
    found = [version.content["dicta"][1]["text"][:14] for version in versions_of(instrument)]
    assert found == ["Menunjuk Camat", "Menunjuk Kepal"]


def test_previous_draft_shows_what_changed_since():
    instrument = said(draft(), "Menunjuk Camat.")
    instrument.title = "Penetapan Lain"
    said(instrument, "Menunjuk Lurah.")
    assert with_version(instrument, versions_of(instrument)[0]) == [
        {
            "label": "Title",
            "old": "Penetapan SIE CANTIK sebagai Inovasi Daerah Kabupaten Belitung Timur",
            "new": "Penetapan Lain",
        },
        {"label": "Diktum KEDUA", "old": "Menunjuk Camat.", "new": "Menunjuk Lurah."},
    ]


def test_versions_cost_one_query_however_many(django_assert_num_queries):
    instrument = draft()
    for number in range(5):
        said(instrument, f"Menunjuk {number}.")
    with django_assert_num_queries(1):
        assert len([version.saved_by for version in versions_of(instrument)]) == 5
