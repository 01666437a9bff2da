"""Both kinds on both sheets, against their anatomy: blocks, sheet, fonts, tags, data."""

import io
import json
import re
from typing import NamedTuple

import pytest
from django.db import transaction
from pypdf import PdfReader

from accounts.acting import acting_as
from accounts.offices import today
from legal_basis.drafting import edit
from legal_basis.models import GAZETTE, Instrument, NumberSeries
from legal_basis.rendering import render_pdf
from legal_basis.wording import long_date
from tests.legal_basis.factories import draft, number, system

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

MILLIMETRE = 72 / 25.4
SHEETS = {"F4": (215, 330), "A4": (210, 297)}
BODY = [
    {"key": "umum", "unit": "bab", "text": "Ketentuan Umum"},
    {
        "key": "istilah",
        "unit": "pasal",
        "text": "Dalam Peraturan Bupati ini yang dimaksud dengan:\n"
        "-- Daerah adalah Kabupaten Belitung Timur.\n"
        "-- Bupati adalah Bupati Belitung Timur.\n"
        "-- Inovasi Daerah adalah semua bentuk pembaharuan dalam penyelenggaraan Pemerintahan "
        "Daerah.",
    },
    {"key": "pelaksanaan", "unit": "bab", "text": "Pelaksanaan"},
    {"key": "penanggung", "unit": "bagian", "text": "Penanggung Jawab"},
    {
        "key": "tugas",
        "unit": "pasal",
        "text": "[pengelola] Dinas Kesehatan mengelola Inovasi Daerah sesuai {ref:istilah}\n"
        "[kewajiban] Dinas Kesehatan sebagaimana dimaksud {ref:pengelola} wajib:\n"
        "- [lapor] melaporkan:\n-- capaian\n-- kendala\n- menjaga mutu",
    },
    {"key": "pemantauan", "unit": "bagian", "text": "Pemantauan"},
    {
        "key": "pantau",
        "unit": "pasal",
        "text": "Laporan sebagaimana dimaksud {ref:lapor} dipantau oleh Bupati sebagaimana "
        "dimaksud {ref:need-not}",
    },
    {"key": "tutup", "unit": "bab", "text": "Ketentuan Penutup"},
]
OPENING = ["BUPATI BELITUNG TIMUR", "PROVINSI KEPULAUAN BANGKA BELITUNG"]
TITLE = "PENETAPAN SIE CANTIK SEBAGAI INOVASI DAERAH KABUPATEN BELITUNG TIMUR"
REGULATION = [
    *OPENING,
    "PERATURAN BUPATI BELITUNG TIMUR",
    "NOMOR 64 TAHUN {year}",
    "TENTANG",
    TITLE,
    "DENGAN RAHMAT TUHAN YANG MAHA ESA",
    "BUPATI BELITUNG TIMUR,",
    "Menimbang : a. bahwa",
    "perlu menetapkan Peraturan Bupati tentang Penetapan SIE CANTIK",
    "Mengingat : 1. Undang-Undang",
    "MEMUTUSKAN:",
    f"Menetapkan : PERATURAN BUPATI TENTANG {TITLE}.",
    "BAB I KETENTUAN UMUM",
    "Pasal 1",
    "Dalam Peraturan Bupati ini yang dimaksud dengan:",
    "1. Daerah adalah Kabupaten Belitung Timur.",
    "2. Bupati adalah",
    "BAB II PELAKSANAAN",
    "Bagian Kesatu Penanggung Jawab",
    "Pasal 2",
    "(1) Dinas Kesehatan mengelola Inovasi Daerah sesuai dalam Pasal 1.",
    "(2) Dinas Kesehatan sebagaimana dimaksud pada ayat (1) wajib:",
    "a. melaporkan:",
    "1. capaian; dan",
    "2. kendala; dan",
    "b. menjaga mutu.",
    "Bagian Kedua Pemantauan",
    "Pasal 3",
    "Laporan sebagaimana dimaksud dalam Pasal 2 ayat (2) huruf a dipantau",
    "sebagaimana dimaksud ….",
    "BAB III KETENTUAN PENUTUP",
    "Pasal 4",
    "Peraturan Bupati ini mulai berlaku pada tanggal diundangkan.",
    "Agar setiap orang mengetahuinya, memerintahkan pengundangan Peraturan Bupati ini dengan "
    "penempatannya dalam Berita Daerah Kabupaten Belitung Timur.",
    "Ditetapkan di Manggar",
    "pada tanggal {today}",
    "BUPATI BELITUNG TIMUR,",
    "Ditandatangani secara elektronik",
    "RAHMI PUSPASARI",
    "Diundangkan di Manggar",
    "pada tanggal {today}",
    "SEKRETARIS DAERAH KABUPATEN BELITUNG TIMUR,",
    "Ditandatangani secara elektronik",
    "BERITA DAERAH KABUPATEN BELITUNG TIMUR TAHUN {year} NOMOR 65",
    "LAMPIRAN",
    "PERATURAN BUPATI BELITUNG TIMUR",
    "NOMOR 64 TAHUN {year}",
    "TENTANG",
    TITLE,
    "BUPATI BELITUNG TIMUR,",
    "Ditandatangani secara elektronik",
    "RAHMI PUSPASARI",
]
DECREE = [
    *OPENING,
    "KEPUTUSAN BUPATI BELITUNG TIMUR",
    "NOMOR: ",
    "TENTANG",
    TITLE,
    "BUPATI BELITUNG TIMUR,",
    "Menimbang : a. bahwa",
    "perlu menetapkan Keputusan Bupati tentang",
    "Mengingat : 1. Undang-Undang",
    "MEMUTUSKAN:",
    f"Menetapkan : KEPUTUSAN BUPATI TENTANG {TITLE}.",
    "KESATU : ",
    "KEENAM : Keputusan Bupati ini mulai berlaku pada tanggal ditetapkan.",
    "Ditetapkan di Manggar",
    "pada tanggal {today}",
    "BUPATI BELITUNG TIMUR,",
    "Ditandatangani secara elektronik",
    "RAHMI PUSPASARI",
    "Tembusan disampaikan kepada Yth.:",
    "LAMPIRAN",
    "KEPUTUSAN BUPATI BELITUNG TIMUR",
    "NOMOR: ",
    "TENTANG",
    TITLE,
    "BUPATI BELITUNG TIMUR,",
    "Ditandatangani secara elektronik",
    "RAHMI PUSPASARI",
]
EXPECTED = {"regent_decree": DECREE, "regent_regulation": REGULATION}


class Printed(NamedTuple):
    """An instrument, and its file as readers see it."""

    instrument: Instrument
    pdf: PdfReader

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in self.pdf.pages))


def edited(instrument: Instrument, **changed) -> Instrument:
    cleaned = {
        "title": instrument.title,
        "legal_sources": [basis.source for basis in instrument.bases.all()],
        **{block: instrument.content[block] for block in ("considerations", "noting", "dicta")},
        "copy_recipients": instrument.content["copy_recipients"],
    }
    with transaction.atomic():
        return edit(system(), instrument, cleaned | changed)


def regulation_draft(**changed) -> Instrument:
    instrument = draft()
    with acting_as(system()):
        instrument.kind = Instrument.Kind.REGENT_REGULATION
        instrument.save()
    return edited(instrument, **({"body": BODY, "copy_recipients": []} | changed))


def dated_regulation(**changed) -> Instrument:
    """A regulation that has its number, and its place in the gazette."""
    instrument = regulation_draft(**changed)
    with acting_as(system()):
        instrument.number, instrument.dated = "64", today()
        instrument.in_force_from = today()
        instrument.save()
        for register, value in ((instrument.kind, "64"), (GAZETTE, "65")):
            series, _made = NumberSeries.objects.get_or_create(
                kind=register, year=today().year, defaults={"template": "{seq}"}
            )
            instrument.entries.create(
                series=series,
                kind=register,
                sequence=int(value),
                number=value,
                taken_at="2026-01-01T00:00:00Z",
                dated=today(),
            )
    return instrument


def printed(kind: str, paper: str) -> Printed:
    if kind == "regent_regulation":
        instrument = dated_regulation(paper=paper)
    else:
        instrument = edited(draft(), paper=paper)
        number(instrument)
    return Printed(instrument, PdfReader(io.BytesIO(render_pdf(instrument))))


@pytest.fixture(params=["regent_decree", "regent_regulation"])
def of_each_kind(request, db) -> Printed:
    return printed(request.param, "F4")


def first_missing(text: str, blocks: list[str]) -> str:
    """The first block that does not stand after those before it."""
    position = 0
    for block in blocks:
        wanted = block.format(year=today().year, today=long_date(today()))
        if (at := text.find(wanted, position)) < 0:
            return f"{wanted} after {text[max(0, position - 60) : position]}"
        position = at + len(wanted)
    return ""


def test_blocks_stand_in_the_order_of_their_kind(of_each_kind):
    assert first_missing(of_each_kind.text, EXPECTED[of_each_kind.instrument.kind]) == ""


def test_decree_has_neither_invocation_nor_promulgation():
    found = printed("regent_decree", "F4").text
    assert [w for w in ("RAHMAT TUHAN", "Diundangkan", "BERITA DAERAH") if w in found] == []


@pytest.mark.parametrize("kind", EXPECTED)
@pytest.mark.parametrize("paper", SHEETS)
def test_every_page_has_the_sheet_that_was_chosen(kind, paper):
    sizes = {
        (float(page.mediabox.width), float(page.mediabox.height))
        for page in printed(kind, paper).pdf.pages
    }
    width, height = SHEETS[paper]
    assert {(round(w / MILLIMETRE), round(h / MILLIMETRE)) for w, h in sizes} == {(width, height)}


def test_pages_are_numbered_from_the_second(of_each_kind):
    found = [
        re.findall(r"^- ?(\d+) ?-$", page.extract_text(), re.M) for page in of_each_kind.pdf.pages
    ]
    assert found == [[], *([str(page)] for page in range(2, len(found) + 1))]


def test_fonts_are_embedded(of_each_kind):
    fonts = [
        font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        for page in of_each_kind.pdf.pages
        for font in page["/Resources"]["/Font"].values()
    ]
    assert {bool({"/FontFile2", "/FontFile3"} & set(font)) for font in fonts} == {True}
    assert {"Bookman" in font["/FontName"] for font in fonts} == {True}


def test_file_is_tagged_archival_and_says_language_and_title(of_each_kind):
    root = of_each_kind.pdf.trailer["/Root"]
    xmp = root["/Metadata"].get_data().decode()
    part = re.search(r"pdfaid:part[>=\"]+(\d)", xmp)
    conformance = re.search(r"pdfaid:conformance[>=\"]+(\w)", xmp)
    assert (part and part[1], conformance and conformance[1]) == ("3", "U")
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("id", True)
    assert "/StructTreeRoot" in root
    title = of_each_kind.pdf.metadata.title
    assert (TITLE in title, of_each_kind.instrument.number in title) == (True, True)


def test_data_travel_inside_as_data(of_each_kind):
    record = json.loads(of_each_kind.pdf.attachments["payung.json"][0])
    related = of_each_kind.pdf.trailer["/Root"]["/AF"]
    assert {entry.get_object()["/AFRelationship"] for entry in related} == {"/Data"}
    instrument = of_each_kind.instrument
    regulation = instrument.kind == "regent_regulation"
    assert (record["kind"], record["purpose"]) == (instrument.kind, "stipulate")
    assert record["stipulates"] == [
        {"code": instrument.innovation.code, "name": instrument.innovation.name}
    ]
    day = today().isoformat()
    gazette = {"year": today().year, "number": "65", "dated": day} if regulation else None
    assert (record["gazette"], record["dated"]) == (gazette, day)
