"""The abstract, the description for catalogues, and the feeds made of them."""

import datetime
import io
import json
from xml.etree import ElementTree

import pytest
from django.db import transaction
from django.urls import reverse
from pypdf import PdfReader

from accounts.acting import acting_as
from accounts.offices import today
from innovations.models import Innovation
from legal_basis import abstracts
from legal_basis.citations import gazette_citation, official_name, pages_of
from legal_basis.models import Instrument, Publication
from legal_basis.publication_form import PublicationForm
from legal_basis.publishing import publish
from tests.innovations.factories import UserFactory
from tests.legal_basis.factories import issued, numbered, revoked, system
from tests.legal_basis.public import instrument, published, regulation

pytestmark = [pytest.mark.integration, pytest.mark.one_database, pytest.mark.django_db]
ATOM = "{http://www.w3.org/2005/Atom}"
KEYS = (
    "idData tahun_pengundangan tanggal_pengundangan jenis noPeraturan judul noPanggil "
    "singkatanJenis tempatTerbit penerbit deskripsiFisik sumber subjek isbn status bahasa "
    "bidangHukum teuBadan nomorIndukBuku fileDownload urlDownload abstrak urlAbstrak "
    "urlDetailPeraturan lokasi operasi display"
)


def _pages(document: bytes) -> int:
    return len(PdfReader(io.BytesIO(document)).pages)


class TestAbstract:
    def test_decree_is_told_in_five_parts(self, decree):
        lines = abstracts.proposed_abstract(issued(decree.signed)).split("\n")
        number = Instrument.objects.get().number
        day = today()
        assert lines[0] == "INOVASI DAERAH - PENETAPAN - SIE CANTIK"
        assert lines[1] == str(day.year)
        assert lines[2].startswith(f"KEPUTUSAN BUPATI NOMOR {number} TENTANG PENETAPAN SIE CANTIK")
        assert lines[3] == "ABSTRAK:"
        assert lines[4].startswith("- bahwa ")
        (bases,) = [line for line in lines if line.startswith("- Dasar hukum")]
        assert bases.startswith("- Dasar hukum Keputusan Bupati ini: Undang-Undang Nomor ")
        (contents,) = [line for line in lines if "ini mengatur tentang" in line]
        assert "SIE CANTIK" in contents
        notes = lines[lines.index("CATATAN:") + 1 :]
        assert notes[0].startswith("- Keputusan Bupati ini mulai berlaku pada tanggal ")
        assert notes[1] == f"- {_pages(decree.signed)} halaman, termasuk lampiran."

    def test_regulation_is_told_by_its_chapters(self):
        body = [
            {"key": "a", "unit": "bab", "text": "Ketentuan Umum"},
            {"key": "b", "unit": "pasal", "text": "Dalam Peraturan Bupati ini …"},
            {"key": "c", "unit": "bab", "text": "Pembiayaan"},
        ]
        made = instrument(content=b"x")
        made.content = {"body": body}
        told = abstracts.proposed_abstract(made)
        assert "- Peraturan Bupati ini mengatur tentang: Ketentuan Umum; Pembiayaan." in told

    def test_marks_of_the_draft_are_not_printed(self):
        made = instrument(kind="regent_decree")
        text = "[tugas] Tim sebagaimana dimaksud {ref:tim} bertugas menilai.\n- [a] satu"
        cost = "Biaya sebagaimana dimaksud dalam Diktum KESATU dibebankan pada:\na. APBD."
        made.content = {"dicta": [{"key": "t", "text": text}, {"key": "c", "text": cost}]}
        contents = "mengatur tentang: Tim bertugas menilai; Biaya dibebankan pada."
        assert contents in abstracts.proposed_abstract(made)

    def test_abstract_and_subjects_keep_within_their_fields(self):
        made = instrument(title="Sangat Panjang " * 26)
        made.content = {"considerations": [{"text": "bahwa " + "panjang " * 400}] * 20}
        with acting_as(system()):
            for number in range(30):
                made.stipulations.create(innovation=_another(made.innovation, number))
        assert len(abstracts.proposed_abstract(made)) <= abstracts.LONGEST
        assert len(abstracts.proposed_subjects(made)) <= abstracts.LONGEST_SUBJECTS

    def test_subjects_are_tidied(self):
        typed = "inovasi daerah -  Tim Penilai ; inovasi  daerah - E-KTP"
        assert abstracts.tidied_subjects(typed) == "INOVASI DAERAH - TIM PENILAI - E-KTP"


def _another(like: Innovation, number: int) -> Innovation:
    from tests.innovations.factories import InnovationFactory

    return InnovationFactory(name=f"Inovasi Nomor {number}", owning_unit=like.owning_unit)


class TestCitation:
    def test_regulation_is_cited_from_the_gazette(self):
        made = regulation()
        year = today().year
        cited = gazette_citation(made, made.gazette_entry)
        assert cited == f"BD KABUPATEN BELITUNG TIMUR {year} (12): 10 hlm."
        assert official_name(made) == f"Peraturan Bupati Nomor 12 Tahun {year}"

    def test_decree_is_in_no_gazette(self, decree):
        made = issued(decree.signed)
        assert gazette_citation(made, made.gazette_entry) == ""
        assert official_name(made) == f"Keputusan Bupati Nomor {made.number}"

    def test_pages_are_counted_once_and_kept(self, decree):
        made = issued(decree.signed)
        assert pages_of(made) == _pages(decree.signed)
        published(made)
        assert Instrument.objects.get(pk=made.pk).pages == _pages(decree.signed)

    def test_unreadable_file_has_no_pages(self):
        assert pages_of(instrument(content=b"none", pages=None)) is None


class TestForm:
    def form(self, made, **record):
        return PublicationForm.from_record(
            {"published_on": today().isoformat(), **record},
            innovation=made.innovation,
            actor=UserFactory(),
        )

    def test_description_is_proposed_and_recorded(self, decree):
        made = issued(decree.signed)
        found = self.form(made)
        assert found.is_valid(), found.sentences()
        with transaction.atomic():
            found.record()
        publication = Publication.objects.get()
        assert publication.abstract == abstracts.proposed_abstract(made)
        assert publication.subjects == "INOVASI DAERAH - PENETAPAN - SIE CANTIK"
        assert publication.field_of_law == "HUKUM ADMINISTRASI NEGARA"

    def test_what_was_recorded_is_shown_again(self, decree):
        made = published(issued(decree.signed), abstract="Lain", subjects="SATU", call_number="7")
        shown = PublicationForm(innovation=made.innovation, actor=UserFactory()).initial
        assert (shown["abstract"], shown["subjects"], shown["call_number"]) == ("Lain", "SATU", "7")

    def test_typed_subjects_are_put_in_capitals(self, decree):
        found = self.form(issued(decree.signed), subjects="inovasi - ketam")
        assert found.is_valid(), found.sentences()
        assert found.cleaned_data["subjects"] == "INOVASI - KETAM"

    def test_too_long_an_abstract_is_refused_with_the_mend(self, decree):
        found = self.form(issued(decree.signed), abstract="a" * 5_001)
        assert not found.is_valid()
        assert found.sentences() == [
            "Abstract: This has 5.001 characters; at most 5.000 fit. Shorten it."
        ]

    def test_repeat_without_description_keeps_it(self, decree):
        made = published(issued(decree.signed), abstract="Lain")
        published(made)
        assert Publication.objects.get().abstract == "Lain"

    def test_unknown_description_is_a_mistake_of_ours(self, decree):
        made = issued(decree.signed)
        with pytest.raises(TypeError, match="colour"), transaction.atomic():
            publish(system(), made, published_on=today(), colour="red")


class TestJdihn:
    def rows(self, client):
        response = client.get(reverse("jdih_feed"))
        assert response["Content-Type"] == "application/json"
        return json.loads(b"".join(response.streaming_content))

    def test_regulation_carries_every_key_as_text(self, client, settings):
        settings.PUBLIC_URL = "https://payung.example"
        made = published(
            regulation(),
            abstract="Abstrak",
            subjects="INOVASI DAERAH",
            field_of_law="HUKUM",
            call_number="340",
        )
        (row,) = self.rows(client)
        assert list(row) == KEYS.split()
        assert {type(value) for value in row.values()} == {str}
        page = f"https://payung.example/verify/{made.token}/"
        year = str(today().year)
        office = "Bagian Hukum Sekretariat Daerah Kabupaten Belitung Timur"
        assert row == {
            "idData": str(made.pk),
            "tahun_pengundangan": year,
            "tanggal_pengundangan": today().isoformat(),
            "jenis": "Peraturan Bupati",
            "noPeraturan": "12",
            "judul": f"Peraturan Bupati Nomor 12 Tahun {year} tentang {made.title}",
            "noPanggil": "340",
            "singkatanJenis": "PERBUP",
            "tempatTerbit": "Manggar",
            "penerbit": office,
            "deskripsiFisik": "10 hlm.",
            "sumber": f"BD KABUPATEN BELITUNG TIMUR {year} (12): 10 hlm.",
            "subjek": "INOVASI DAERAH",
            "isbn": "",
            "status": "Berlaku",
            "bahasa": "Indonesia",
            "bidangHukum": "HUKUM",
            "teuBadan": "Belitung Timur (Kabupaten)",
            "nomorIndukBuku": "",
            "fileDownload": "12.pdf",
            "urlDownload": f"{page}document/",
            "abstrak": "abstrak-12.txt",
            "urlAbstrak": f"{page}abstract.txt",
            "urlDetailPeraturan": page,
            "lokasi": office,
            "operasi": "4",
            "display": "1",
        }

    def test_only_published_ones_of_the_chosen_kinds_are_in_it(self, client, settings):
        published(instrument("1"))
        published(instrument("2", kind="regent_decree"))
        instrument("3")
        numbered()
        assert [row["noPeraturan"] for row in self.rows(client)] == ["1", "2"]
        settings.JDIH_KINDS = ["regent_regulation"]
        assert [row["noPeraturan"] for row in self.rows(client)] == ["1"]

    def test_revoked_one_is_no_longer_in_force(self, client, decree):
        revoked(published(issued(decree.signed)))
        assert [row["status"] for row in self.rows(client)] == ["Tidak Berlaku"]

    def test_nothing_published_is_an_empty_array(self, client):
        assert self.rows(client) == []

    def test_many_are_streamed_in_order_with_few_queries(
        self, client, monkeypatch, django_assert_num_queries
    ):
        from legal_basis import jdihn

        subject = instrument("1").innovation
        for number in range(1, 8):
            published(instrument(str(number), innovation=subject))
        monkeypatch.setattr(jdihn, "CHUNK", 3)
        with django_assert_num_queries(1 + 3 * 3):
            found = [row["noPeraturan"] for row in json.loads("".join(jdihn.feed()))]
        assert found == [str(number) for number in range(1, 8)]

    @pytest.mark.parametrize("name", ["jdih_feed", "instruments_atom"])
    def test_unchanged_feed_is_not_sent_again(self, client, name):
        made = published(instrument("1"))
        first = client.get(reverse(name))
        assert first["Last-Modified"]
        same = {"if-none-match": first["ETag"]}
        assert client.get(reverse(name), headers=same).status_code == 304
        published(made, abstract="Neu")
        assert client.get(reverse(name), headers=same).status_code == 200

    def test_abstract_is_plain_text(self, client):
        made = published(instrument("1/A"), abstract="<b>Abstrak</b>")
        response = client.get(reverse("verify_abstract", args=[made.token]))
        assert response["Content-Type"] == "text/plain; charset=utf-8"
        assert response["Content-Disposition"] == 'inline; filename="abstrak-1-A.txt"'
        assert response.content.decode() == "<b>Abstrak</b>\n"
        bare = instrument("2")
        assert client.get(reverse("verify_abstract", args=[bare.token])).status_code == 404


class TestAtom:
    def feed(self, client):
        response = client.get(reverse("instruments_atom"), headers={"accept-language": "en"})
        assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
        return ElementTree.fromstring(response.content)

    def test_entry_has_name_link_abstract_and_dates(self, client, settings):
        settings.PUBLIC_URL = "https://payung.example"
        made = published(regulation(), abstract="Isi & arti")
        root = self.feed(client)
        (entry,) = root.findall(f"{ATOM}entry")
        texts = {child.tag.removeprefix(ATOM): child.text for child in entry}
        assert texts["title"].startswith("Peraturan Bupati Nomor 12 Tahun ")
        assert texts["summary"] == "Isi & arti"
        assert texts["id"] == f"urn:uuid:{made.token}"
        link = entry.find(f"{ATOM}link").get("href")
        assert link == f"https://payung.example/verify/{made.token}/"
        updated = datetime.datetime.fromisoformat(texts["updated"])
        assert updated > datetime.datetime.fromisoformat(texts["published"])
        assert entry.find(f"{ATOM}category").get("term") == "Peraturan Bupati"
        assert root.find(f"{ATOM}title").text == "Produk hukum Kabupaten Belitung Timur"
        assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "id"

    def test_newest_fifty_are_in_it(self, client, django_assert_max_num_queries):
        subject = instrument("0").innovation
        for number in range(1, 53):
            instrument(str(number), innovation=subject)
        with django_assert_max_num_queries(14):
            entries = self.feed(client).findall(f"{ATOM}entry")
        assert len(entries) == 50
        assert " Nomor 52 " in entries[0].find(f"{ATOM}title").text
