"""The finished print of both kinds: text by blocks, archive file, tags, data, signatures."""

import io
import json
import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from django.db import transaction
from pypdf import PdfReader

from legal_basis.wording import long_date
from tests.legal_basis.test_rendering import BLOCKS as DECREE_BLOCKS
from tests.legal_basis.test_rendering import MILLIMETRE, missing_in_order, text

pytestmark = [pytest.mark.integration, pytest.mark.one_database, pytest.mark.django_db]

QR = "Kode QR ke halaman pemeriksaan dokumen"
SHEETS = {"F4": (215, 330), "A4": (210, 297)}
HEAD = [
    *("BUPATI BELITUNG TIMUR", "PROVINSI KEPULAUAN BANGKA BELITUNG"),
    "PERATURAN BUPATI BELITUNG TIMUR",
]
OPENING = [
    *("TENTANG", "PENERAPAN SIE CANTIK DAN SIPESPA SEBAGAI INOVASI DAERAH"),
    *("DENGAN RAHMAT TUHAN YANG MAHA ESA", "BUPATI BELITUNG TIMUR,"),
    "Menimbang : a. bahwa dalam rangka",
    "d. bahwa berdasarkan pertimbangan sebagaimana dimaksud dalam huruf a, huruf b, dan huruf c, "
    "perlu menetapkan Peraturan Bupati tentang Penerapan SIE CANTIK dan SIPESPA sebagai Inovasi "
    "Daerah;",
    "Mengingat : 1. Undang-Undang Nomor 27 Tahun 2000",
    "(Berita Negara Republik Indonesia Tahun 2018 Nomor 1611).",
    "MEMUTUSKAN:",
    "Menetapkan : PERATURAN BUPATI TENTANG PENERAPAN SIE CANTIK DAN SIPESPA SEBAGAI INOVASI "
    "DAERAH.",
]
BODY = [
    *("BAB I KETENTUAN UMUM", "Pasal 1", "1. Daerah adalah Kabupaten Belitung Timur."),
    *("Pasal 2", "a. meningkatkan mutu pelayanan publik;", "b. memberdayakan masyarakat; dan"),
    *("c. meningkatkan daya saing Daerah.", "BAB II PENERAPAN INOVASI DAERAH"),
    *("Bagian Kesatu Penetapan", "Pasal 3", "(1) Menetapkan SIE CANTIK dan SIPESPA"),
    "(2) Pilar, program, indikator, dan target Inovasi Daerah sebagaimana dimaksud pada ayat (1) "
    "tercantum dalam Lampiran",
    *("Bagian Kedua Pelaksana", "Pasal 4"),
    "(1) Inovasi Daerah sebagaimana dimaksud dalam Pasal 3 ayat (1) dilaksanakan",
    *("(2) Dalam melaksanakan", "a. menyusun", "1. jadwal; dan", "2. anggaran; dan"),
    *("b. melaporkan", "(3) Tugas sebagaimana dimaksud pada ayat (2) dilaksanakan"),
    *("Pasal 5", "Laporan sebagaimana dimaksud dalam Pasal 4 ayat (2) huruf b disampaikan"),
    *("BAB III PEMANTAUAN, EVALUASI, DAN PEMBIAYAAN", "Pasal 6", "Pasal 7"),
    *("Rp150.000.000,00; dan/atau", "b. sumber lain yang sah dan tidak mengikat."),
    *("BAB IV KETENTUAN PENUTUP", "Pasal 8"),
    "Peraturan Bupati ini mulai berlaku pada tanggal diundangkan.",
    "Agar setiap orang mengetahuinya, memerintahkan pengundangan Peraturan Bupati ini dengan "
    "penempatannya dalam Berita Daerah Kabupaten Belitung Timur.",
]
ANNEX = [
    *("LAMPIRAN", "PERATURAN BUPATI BELITUNG TIMUR", "TENTANG", "PENERAPAN SIE CANTIK"),
    *("TARGET INOVASI DAERAH", "A. SIE CANTIK", "Target 2028", "menganggarkan"),
    *("B. SIPESPA", "Calon pengantin yang diskrining", "BUPATI BELITUNG TIMUR,", "RAHMI PUSPASARI"),
]


class Prints(NamedTuple):
    """A regulation numbered on F4, and its draft on A4, with what the row says."""

    final: bytes
    draft: bytes
    dated: str
    year: int
    token: str


@pytest.fixture(scope="module")
def prints(django_db_setup, django_db_blocker, authority_folder) -> Iterator[Prints]:
    from django.test import override_settings

    with django_db_blocker.unblock(), override_settings(PKI_DIR=authority_folder):
        yield printed()


def printed() -> Prints:
    """Lay out both; the rows are rolled back."""
    from legal_basis.rendering import preview_pdf, render_pdf
    from tests.legal_basis.factories import number, secretary
    from tests.legal_basis.realistic import regulation_draft

    with transaction.atomic():
        made = regulation_draft()
        made.paper = "A4"
        draft = preview_pdf(made)
        number(made, secretary())
        final = render_pdf(made)
        assert made.dated is not None
        transaction.set_rollback(True)
    return Prints(final, draft, long_date(made.dated), made.dated.year, str(made.token))


def reader(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def closing(dated: str, number: str, secretary: str) -> list[str]:
    return [
        *("Ditetapkan di Manggar", f"pada tanggal {dated}", "BUPATI BELITUNG TIMUR,"),
        *("RAHMI PUSPASARI", "Diundangkan di Manggar", f"pada tanggal {dated}"),
        *("SEKRETARIS DAERAH KABUPATEN BELITUNG TIMUR,", secretary),
        f"BERITA DAERAH KABUPATEN BELITUNG TIMUR TAHUN {number}",
        *("Tembusan disampaikan kepada Yth.:", "1. Sekretaris Daerah;", "2. Inspektur Daerah."),
    ]


def test_blocks_of_the_regulation_stand_in_their_order(prints):
    year = prints.year
    signed = closing(prints.dated, f"{year} NOMOR 1", "HARYONO MOELYO")
    blocks = [*HEAD, f"NOMOR 1 TAHUN {year}", *OPENING, *BODY, *signed, *ANNEX]
    assert missing_in_order(text(prints.final), blocks) == []


def test_draft_of_the_regulation_has_dots_for_numbers_and_days(prints):
    signed = closing("……………………", "……… NOMOR ………", "")
    blocks = [*HEAD, "NOMOR ……… TAHUN ………", *OPENING, *BODY, *signed]
    assert missing_in_order(text(prints.draft), blocks) == []
    assert reader(prints.draft).attachments == {}


def test_blocks_of_the_decree_come_in_the_order_of_its_anatomy(decree):
    assert missing_in_order(text(decree.unsigned), DECREE_BLOCKS) == []
    assert "DENGAN RAHMAT" not in text(decree.unsigned)


def test_names_are_printed_without_titles_and_numbers_of_service(prints):
    found = text(prints.final)
    assert [word for word in ("S.E.", "M.Si.", "Dr.", "1" * 18, "2" * 18) if word in found] == []


@pytest.mark.parametrize(("print_", "sheet"), [("final", "F4"), ("draft", "A4")])
def test_every_page_is_the_chosen_sheet_and_a_wide_annex_turns_it(prints, print_, sheet):
    sizes = {
        tuple(
            round(float(side) / MILLIMETRE) for side in (page.mediabox.width, page.mediabox.height)
        )
        for page in reader(getattr(prints, print_)).pages
    }
    assert sizes == {SHEETS[sheet], SHEETS[sheet][::-1]}


def test_decree_is_printed_on_f4(decree):
    page = reader(decree.unsigned).pages[0]
    sides = (page.mediabox.width, page.mediabox.height)
    assert tuple(round(float(side) / MILLIMETRE) for side in sides) == SHEETS["F4"]


def test_pages_are_numbered_from_the_second(prints):
    found = [
        re.findall(r"^- ?(\d+) ?-$", page.extract_text(), re.M)
        for page in reader(prints.final).pages
    ]
    assert found == [[], *([str(number)] for number in range(2, len(found) + 1))]


def test_every_font_is_bookman_and_embedded(prints):
    fonts = [
        font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        for page in reader(prints.final).pages
        for font in page["/Resources"]["/Font"].values()
    ]
    assert {"URW-Bookman" in font["/FontName"] for font in fonts} == {True}
    assert {bool({"/FontFile2", "/FontFile3"} & set(font)) for font in fonts} == {True}


@pytest.fixture(params=["decree", "regulation"])
def final(request, decree, prints) -> bytes:
    return decree.unsigned if request.param == "decree" else prints.final


def test_file_is_an_archive_file_with_language_title_and_tags(final):
    root = reader(final).trailer["/Root"]
    xmp = root["/Metadata"].get_data().decode()
    assert re.findall(r"pdfaid:(part|conformance)[>=\"]+(\w)", xmp) == [
        ("part", "3"),
        ("conformance", "U"),
    ]
    assert (root["/Lang"], bool(root["/MarkInfo"]["/Marked"])) == ("id", True)
    assert root["/StructTreeRoot"]["/K"]
    title = reader(final).metadata.title
    assert re.match(r"(KEPUTUSAN|PERATURAN) BUPATI BELITUNG TIMUR NOMOR .+ TENTANG PEN", title)


def test_data_record_of_the_regulation_travels_inside(prints):
    pdf = reader(prints.final)
    record = json.loads(pdf.attachments["payung.json"][0])
    assert {entry.get_object()["/AFRelationship"] for entry in pdf.trailer["/Root"]["/AF"]} == {
        "/Data"
    }
    told = record["instrument"]
    assert (record["format"], record["kind"], record["token"]) == (
        *("payung-instrument-1", "regent_regulation", prints.token),
    )
    assert (record["gazette"]["year"], record["gazette"]["number"]) == (prints.year, "1")
    assert [unit["label"] for unit in told["body"] if unit["kind"] == "pasal"] == [
        f"Pasal {number}" for number in range(1, 9)
    ]
    assert [part["title"] for part in told["annex"]["parts"]] == ["A. SIE CANTIK", "B. SIPESPA"]
    assert told["promulgation"]["name"] == "HARYONO MOELYO"


def figures(node) -> Iterator[str]:
    """The alternative texts of the pictures in a tree of tags."""
    node = node.get_object()
    if isinstance(node, list):
        for part in node:
            yield from figures(part)
    elif isinstance(node, dict):
        if "/Alt" in node:
            yield str(node["/Alt"])
        if "/K" in node:
            yield from figures(node["/K"])


@pytest.mark.parametrize(("kind", "signatures"), [("decree", 2), ("regulation", 3)])
def test_code_stands_in_every_block_of_signature(kind, signatures, decree, prints):
    pdf = decree.unsigned if kind == "decree" else prints.final
    found = list(figures(reader(pdf).trailer["/Root"]["/StructTreeRoot"]))
    assert found == ["Lambang", *[QR] * signatures]


def test_draft_has_no_code(prints):
    found = list(figures(reader(prints.draft).trailer["/Root"]["/StructTreeRoot"]))
    assert found == ["Lambang"]
