"""The decree on paper: order of blocks, sheet, fonts, data record, metadata."""

import io
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pypdf import PdfReader

from legal_basis import layout, rendering
from legal_basis.anatomy import anatomy_of
from legal_basis.rendering import RenderFailed, RenderTimeout, RenderTooLarge
from tests.legal_basis.factories import ANNEX_ROW, draft, numbered

pytestmark = [pytest.mark.integration, pytest.mark.one_database]

MILLIMETRE = 72 / 25.4
# The anatomy of a Keputusan Bupati, block after block.
BLOCKS = [
    "BUPATI BELITUNG TIMUR",
    "PROVINSI KEPULAUAN BANGKA BELITUNG",
    "KEPUTUSAN BUPATI BELITUNG TIMUR",
    "NOMOR: 100.3.3.2/001/KUM/",
    "TENTANG",
    "PENETAPAN SIE CANTIK SEBAGAI INOVASI DAERAH KABUPATEN BELITUNG TIMUR",
    "BUPATI BELITUNG TIMUR,",
    "Menimbang : a. bahwa dalam rangka meningkatkan skrining kesehatan calon pengantin",
    "b. bahwa Inovasi Daerah sebagaimana dimaksud dalam huruf a telah diverifikasi",
    "c. bahwa Inovasi Daerah sebagaimana dimaksud dalam huruf a selaras dengan pilar",
    "d. bahwa berdasarkan pertimbangan sebagaimana dimaksud dalam huruf a, huruf b, dan huruf c, "
    "perlu menetapkan Keputusan Bupati tentang Penetapan SIE CANTIK sebagai Inovasi Daerah "
    "Kabupaten Belitung Timur;",
    "Mengingat : 1. Undang-Undang Nomor 27 Tahun 2000",
    "2. Undang-Undang Nomor 5 Tahun 2003",
    "3. Undang-Undang Nomor 12 Tahun 2011",
    "4. Undang-Undang Nomor 23 Tahun 2014",
    "5. Peraturan Pemerintah Nomor 38 Tahun 2017",
    "6. Peraturan Pemerintah Nomor 12 Tahun 2019",
    "7. Peraturan Menteri Dalam Negeri Nomor 80 Tahun 2015",
    "8. Peraturan Menteri Dalam Negeri Nomor 104 Tahun 2018",
    "(Berita Negara Republik Indonesia Tahun 2018 Nomor 1611).",
    "MEMUTUSKAN:",
    "Menetapkan : KEPUTUSAN BUPATI TENTANG PENETAPAN SIE CANTIK",
    "KESATU : Menetapkan SIE CANTIK",
    "KEDUA : Menunjuk Kepala Dinas Kesehatan sebagai penanggung jawab pertama",
    "KETIGA : Inovasi Daerah sebagaimana dimaksud dalam Diktum KESATU diterapkan",
    "6 (enam) bulan",
    "KEEMPAT : Pemantauan dan evaluasi",
    "KELIMA : Segala biaya",
    "a. Tahun Anggaran 2026 sebesar Rp150.000.000,00 (seratus lima puluh juta rupiah)",
    "b. Tahun Anggaran 2027 sebesar Rp1.100.000,50 (satu juta seratus ribu rupiah lima puluh sen)",
    "KEENAM : Keputusan Bupati ini mulai berlaku pada tanggal ditetapkan.",
    "Ditetapkan di Manggar",
    "pada tanggal",
    "BUPATI BELITUNG TIMUR,",
    "RAHMI PUSPASARI",
    "Tembusan disampaikan kepada Yth.:",
    "1. Sekretaris Daerah;",
    "2. Inspektur Daerah.",
    "LAMPIRAN",
    "KEPUTUSAN BUPATI BELITUNG TIMUR",
    "TENTANG",
    "PILAR, PROGRAM, INDIKATOR, DAN TARGET INOVASI DAERAH SIE CANTIK",
    "Calon pengantin yang diskrining",
    "BUPATI BELITUNG TIMUR,",
    "RAHMI PUSPASARI",
]


def reader(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def text(pdf: bytes) -> str:
    pages = [page.extract_text() for page in reader(pdf).pages]
    return re.sub(r"\s+", " ", " ".join(pages))


def missing_in_order(found: str, blocks: list[str]) -> list[str]:
    position, missing = 0, []
    for block in blocks:
        at = found.find(block, position)
        if at < 0:
            missing.append(block)
        else:
            position = at + len(block)
    return missing


def test_blocks_of_the_decree_stand_in_their_order(decree):
    assert missing_in_order(text(decree.unsigned), BLOCKS) == []


def test_signatory_is_printed_without_titles(decree):
    found = text(decree.unsigned)
    assert [word for word in ("S.E.", "M.Si.", "1" * 18) if word in found] == []


def test_sheet_is_f4(decree):
    sizes = {
        (round(float(page.mediabox.width)), round(float(page.mediabox.height)))
        for page in reader(decree.unsigned).pages
    }
    assert sizes == {(round(215 * MILLIMETRE), round(330 * MILLIMETRE))}


def test_every_page_but_the_first_is_numbered_at_the_top(decree):
    found = [
        re.findall(r"^- ?(\d+) ?-$", page.extract_text(), re.M)
        for page in reader(decree.unsigned).pages
    ]
    assert found == [[], *([str(number)] for number in range(2, len(found) + 1))]


def test_fonts_are_embedded_and_are_bookman(decree):
    fonts = [
        font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        for page in reader(decree.unsigned).pages
        for font in page["/Resources"]["/Font"].values()
    ]
    assert {"Bookman" in font["/FontName"] for font in fonts} == {True}
    assert {bool({"/FontFile2", "/FontFile3"} & set(font)) for font in fonts} == {True}


def test_metadata_say_pdf_a_3u(decree):
    xmp = reader(decree.unsigned).trailer["/Root"]["/Metadata"].get_data().decode()
    part = re.search(r"pdfaid:part[>=\"]+(\d)", xmp)
    conformance = re.search(r"pdfaid:conformance[>=\"]+(\w)", xmp)
    assert (part and part[1], conformance and conformance[1]) == ("3", "U")


def test_data_record_travels_inside_as_data(decree):
    pdf = reader(decree.unsigned)
    record = json.loads(pdf.attachments["payung.json"][0])
    relations = {entry.get_object()["/AFRelationship"] for entry in pdf.trailer["/Root"]["/AF"]}
    assert relations == {"/Data"}
    assert (record["format"], record["token"]) == ("payung-instrument-1", decree.token)
    assert record["instrument"]["number"] == decree.number
    assert record["verify"] == f"http://localhost:8000/verify/{decree.token}/"
    assert record["instrument"]["annex"]["rows"][0][3] == ANNEX_ROW["indicator"]


def test_foot_names_the_authority_and_the_address(decree):
    found = text(decree.unsigned)
    assert "Otoritas Sertifikat Pemerintah Kabupaten Belitung Timur" in found
    assert decree.token in found.replace(" ", "")


@pytest.mark.django_db
def test_preview_is_marked_and_has_neither_number_nor_record():
    pdf = rendering.preview_pdf(draft())
    found = text(pdf)
    assert "RANCANGAN" in found
    assert "tidak mempunyai kekuatan hukum" in found
    assert "NOMOR: …" in found
    assert dict(reader(pdf).attachments) == {}


@pytest.mark.django_db
def test_substitute_signs_in_his_capacity():
    instrument = draft()
    instrument.signatory_capacity = "Plh. Bupati Belitung Timur"
    anatomy = anatomy_of(instrument)
    assert (anatomy.signatory_office, anatomy.office) == (
        "Plh. BUPATI BELITUNG TIMUR",
        "BUPATI BELITUNG TIMUR",
    )


@pytest.mark.django_db
def test_delegate_signs_on_behalf_with_the_own_office_on_the_line_below():
    instrument = draft()
    instrument.signatory_capacity = "a.n. Bupati Belitung Timur, Sekretaris Daerah"
    pages = reader(rendering.preview_pdf(instrument)).pages
    lines = [line.strip() for page in pages for line in page.extract_text().splitlines()]
    place = lines.index("a.n. BUPATI BELITUNG TIMUR")
    assert lines[place + 1] == "SEKRETARIS DAERAH,"


@pytest.mark.django_db
def test_text_over_the_limit_is_refused_before_a_process_is_started():
    instrument = numbered()
    instrument.content["dicta"][0]["text"] = "kata " * 30_000
    with pytest.raises(RenderTooLarge, match="characters"):
        rendering.render_pdf(instrument)


def job(html: str, **changed) -> dict:
    return {
        "html": html,
        "css": [],
        "assets": {},
        "attachments": [],
        "variant": rendering.VARIANT,
        "memory_bytes": rendering.MEMORY_BYTES,
        "cpu_seconds": rendering.CPU_SECONDS,
        "wall_seconds": rendering.WALL_SECONDS,
    } | changed


# Nested flex boxes double the work at each depth.
ENDLESS = "<p>x</p>"
for _depth in range(16):
    ENDLESS = f"<div style='display:flex'><div>{ENDLESS}</div></div>"


def test_job_over_its_processor_time_ends_with_a_sentence():
    with pytest.raises(RenderTimeout, match="took longer than"):
        rendering.lay_out(job(ENDLESS, cpu_seconds=1))


def test_job_over_the_wall_clock_is_ended():
    with pytest.raises(RenderTimeout, match="took longer than 1 seconds"):
        rendering.lay_out(job(ENDLESS, wall_seconds=1))


def test_job_over_its_memory_ends_with_a_sentence():
    with pytest.raises(RenderTooLarge, match="more memory"):
        rendering.lay_out(job("<p>" + "kata " * 9_000, memory_bytes=60 * 1024**2))


def test_job_that_refers_outside_its_bundle_is_refused():
    with pytest.raises(RenderFailed, match="outside its bundle"):
        rendering.lay_out(job("<img src='http://127.0.0.1:9/x.png'>"))


def test_job_that_breaks_down_says_so():
    with pytest.raises(RenderFailed, match="stopped"):
        rendering.lay_out(job("<p>x", variant="pdf/unheard-of"))


def test_next_job_after_a_failed_one_is_done():
    with pytest.raises(RenderTimeout):
        rendering.lay_out(job(ENDLESS, wall_seconds=1))
    assert rendering.lay_out(job("<p>x")).startswith(b"%PDF-1.7")


def test_layout_process_that_was_killed_is_started_again():
    rendering.lay_out(job("<p>x"))
    killed = layout._running
    assert killed is not None
    killed.popen.kill()
    killed.popen.wait()
    assert rendering.lay_out(job("<p>x")).startswith(b"%PDF-1.7")


def test_layout_process_does_not_inherit_our_secrets(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "do-not-pass-on")
    assert "SECRET_KEY" not in layout.child_environment()


def test_layout_process_leaves_nothing_behind(tmp_path):
    program = (
        "from legal_basis import layout\n"
        "layout.lay_out({'html': '<p>x', 'css': [], 'assets': {}, 'attachments': [],"
        " 'variant': 'pdf/a-3u', 'memory_bytes': 1 << 30, 'cpu_seconds': 15, 'wall_seconds': 60})\n"
        "print(layout._running.popen.pid, flush=True)\n"
        "import os; os.kill(os.getpid(), 9)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"TMPDIR": str(tmp_path)},
        cwd=Path(layout.__file__).parent.parent,
    )
    pid = int(ended.stdout)
    deadline = time.monotonic() + 20
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert (Path(f"/proc/{pid}").exists(), list(tmp_path.iterdir())) == (False, [])
