import datetime

import pytest
from django.db import transaction

from accounts.offices import today
from legal_basis.drafting import current_instrument
from legal_basis.forms import InstrumentForm
from legal_basis.models import Instrument, Publication
from legal_basis.publication_form import PublicationForm
from tests.innovations.factories import UserFactory
from tests.legal_basis.factories import draft, innovation, issued, numbered

pytestmark = [pytest.mark.integration, pytest.mark.one_database, pytest.mark.django_db]


def form(instrument: Instrument, **record) -> InstrumentForm:
    return InstrumentForm.from_record(record, innovation=instrument.innovation, actor=UserFactory())


def faults(instrument: Instrument, **record) -> list[str]:
    found = form(instrument, **record)
    found.is_valid()
    return found.sentences()


def test_empty_record_accepts_the_draft_as_assembled():
    instrument = draft()
    before = instrument.content
    found = form(instrument)
    assert found.is_valid(), found.sentences()
    with transaction.atomic():
        found.record()
    after = current_instrument(instrument.innovation)
    assert (after.content, after.title) == (before, instrument.title)


def test_record_writes_what_was_edited():
    instrument = draft()
    found = form(
        instrument,
        title="Penetapan Lain",
        considerations=[{"text": "bahwa satu"}],
        noting=[{"text": "Surat Gubernur tanggal 1 Juli 2026"}],
        dicta=[{"text": "Menetapkan satu."}, {"text": "Menetapkan dua."}],
        copy_recipients=[{"name": "Camat Gantung"}],
        legal_sources=["pp-38-2017", "uu-5-2003"],
        in_force_from="2999-01-01",
    )
    assert found.is_valid(), found.sentences()
    with transaction.atomic():
        found.record()
    after = current_instrument(instrument.innovation)
    assert (after.title, after.in_force_from) == ("Penetapan Lain", datetime.date(2999, 1, 1))
    assert [row["text"] for row in after.content["dicta"]] == [
        "Menetapkan satu.",
        "Menetapkan dua.",
    ]
    assert after.content["copy_recipients"] == ["Camat Gantung"]
    assert list(after.bases.values_list("source__key", flat=True)) == ["uu-5-2003", "pp-38-2017"]
    assert after.content["noting"] == [{"key": "", "text": "Surat Gubernur tanggal 1 Juli 2026"}]


@pytest.mark.parametrize(
    ("title", "fault"),
    [
        ("Penetapan Kab. Belitung Timur", "Kab."),
        ("Penetapan Inovasi dst.", "dst."),
        ("Penetapan Inovasi.", "Inovasi."),
    ],
)
def test_title_with_abbreviation_or_full_stop_is_refused(title, fault):
    assert faults(draft(), title=title) == [
        f"Title: “{fault}” is an abbreviation or ends with a full stop. Write it out."
    ]


def test_title_with_a_dotted_name_is_accepted():
    assert faults(draft(), title="Penetapan SIPESPA.COM sebagai Inovasi Daerah") == []


def test_consideration_without_bahwa_names_its_row():
    rows = [{"text": "bahwa satu"}, {"text": "Perlu dua"}]
    assert faults(draft(), considerations=rows) == [
        "Row 2, Text: A consideration starts with “bahwa”. Add the word."
    ]


@pytest.mark.parametrize("table", ["considerations", "dicta"])
def test_instrument_without_considerations_or_dicta_is_refused(table):
    assert len(faults(draft(), **{table: []})) == 1


def test_source_without_number_is_refused_by_name():
    found = faults(draft(), legal_sources=["perda-rpjmd", "pp-38-2017"])
    assert len(found) == 1
    assert "Rencana Pembangunan Jangka Menengah Daerah" in found[0]


def test_unverified_and_uncitable_sources_say_so_in_the_list():
    instrument = draft()
    field = form(instrument).fields["legal_sources"]
    labels = {source.key: field.label_from_instance(source) for source in field.queryset}
    assert [
        key for key, label in labels.items() if "not verified" in label or "unknown" in label
    ] == [source.key for source in field.queryset if not source.verified]


def test_start_in_the_past_is_refused():
    assert faults(draft(), in_force_from="2020-01-01") == [
        "In force from: This day has passed. Choose a later one, or leave it empty."
    ]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("bahwa \u202egnusub", "direction"),
        ("bahwa a\x00b", "control"),
        ("bahwa x" * 900, "Shorten"),
    ],
)
def test_hostile_clause_is_refused_with_its_row(text, word):
    found = faults(draft(), considerations=[{"text": text}])
    assert len(found) == 1
    assert found[0].startswith("Row 1, Text: ")
    assert word in found[0]


def test_markup_in_a_clause_is_kept_as_text():
    text = "bahwa <script>alert(1)</script> & <b>tebal</b>"
    instrument = draft()
    found = form(instrument, considerations=[{"text": text}])
    assert found.is_valid(), found.sentences()
    with transaction.atomic():
        found.record()
    after = current_instrument(instrument.innovation)
    assert after.content["considerations"][0]["text"] == text


def test_form_of_an_innovation_without_draft_is_empty():
    found = InstrumentForm(innovation=innovation(), actor=UserFactory())
    assert (found.recorded(), found.recorded_rows()["dicta"]) == ({}, [])


class TestPublication:
    def record(self, instrument: Instrument, **record) -> PublicationForm:
        return PublicationForm.from_record(
            {"published_on": today().isoformat(), **record},
            innovation=instrument.innovation,
            actor=UserFactory(),
        )

    def test_publication_is_recorded_once(self, decree):
        instrument = issued(decree.signed)
        for number in ("B/1", "B/2"):
            found = self.record(instrument, archive_number=number)
            assert found.is_valid(), found.sentences()
            with transaction.atomic():
                found.record()
        assert list(Publication.objects.values_list("archive_number", flat=True)) == ["B/2"]

    @pytest.mark.parametrize(
        ("day", "fault"),
        [("2020-01-01", "cannot be published before"), ("2999-01-01", "yet to come")],
    )
    def test_day_before_the_instrument_or_in_the_future_is_refused(self, day, fault, decree):
        found = self.record(issued(decree.signed), published_on=day)
        assert not found.is_valid()
        assert fault in found.sentences()[0]

    def test_address_that_is_none_is_refused(self, decree):
        found = self.record(issued(decree.signed), jdih_address="javascript:alert(1)")
        assert not found.is_valid()

    def test_instrument_that_is_not_issued_is_not_published(self):
        from django.core.exceptions import ValidationError

        found = self.record(numbered())
        assert found.is_valid(), found.sentences()
        with pytest.raises(ValidationError, match="issued"), transaction.atomic():
            found.record()
