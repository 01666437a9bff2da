"""The register on paper: the same lines as a workbook and as a PDF."""

import io

import openpyxl
import pytest
from django.db import transaction
from pypdf import PdfReader

from accounts.acting import acting_as
from accounts.offices import today
from legal_basis import register
from legal_basis.models import Instrument, NumberSeries, RegisterEntry
from legal_basis.register_list import page_of_register
from legal_basis.register_print import register_pdf, register_xlsx
from legal_basis.wording import long_date
from tests.legal_basis.factories import draft, head_of_legal_section, number, system

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
DECREE = Instrument.Kind.REGENT_DECREE


def reserve(reason: str) -> RegisterEntry:
    with transaction.atomic():
        return register.reserve_number(head_of_legal_section().user, DECREE, reason)


def test_workbook_has_every_number_as_text_with_frozen_headings():
    instrument = draft()
    number(instrument)
    reserve("=1+1")
    year = today().year
    sheet = openpyxl.load_workbook(io.BytesIO(register_xlsx(DECREE, year))).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][0] == f"BUKU REGISTER KEPUTUSAN BUPATI BELITUNG TIMUR TAHUN {year}"
    assert rows[2] == ["No.", "Nomor", "Tanggal", "Tentang", "Status", "Alasan", "Kode Perkara"]
    first = [1, instrument.number, long_date(today()), instrument.title]
    assert rows[3][:4] == first
    assert rows[4][4:6] == ["dicadangkan", "'=1+1"]
    assert sheet.freeze_panes == "A4"
    types = {cell.data_type for row in sheet.iter_rows(min_row=4) for cell in row[1:]}
    assert "f" not in types


def test_pdf_has_heading_lines_and_the_block_of_the_legal_section():
    number(draft())
    reserve("Menunggu fasilitasi.")
    year = today().year
    reader = PdfReader(io.BytesIO(register_pdf(DECREE, year)))
    text = " ".join(page.extract_text() for page in reader.pages)
    wanted = [
        "PEMERINTAH KABUPATEN BELITUNG TIMUR",
        "BUKU REGISTER KEPUTUSAN BUPATI BELITUNG TIMUR",
        f"TAHUN {year}",
        f"100.3.3.2/001/KUM/{year}, tanggal {long_date(today())}, diambil",
        "[Menunggu fasilitasi.]",
        "KEPALA BAGIAN HUKUM,",
        "Sulaiman Hadi, S.H., M.H.",
        "NIP 197903112005011004",
    ]
    assert [one for one in wanted if one not in " ".join(text.split())] == []
    box = reader.pages[0].mediabox
    assert (round(box.width / 72 * 25.4), round(box.height / 72 * 25.4)) == (330, 215)


def test_pages_follow_each_other_without_gap_or_double():
    with acting_as(system()):
        series = NumberSeries.objects.create(kind=DECREE, year=2026, template="{seq}")
        rows = [(n, "") for n in range(1, 61)] + [(40, "A"), (40, "B")]
        for sequence, suffix in rows:
            RegisterEntry.objects.create(
                series=series,
                kind=DECREE,
                sequence=sequence,
                suffix=suffix,
                number=f"{sequence}{suffix}",
                taken_at="2026-01-01T00:00:00Z",
                status="reserved",
                reason="Uji.",
            )
    seen, cursor = [], ""
    while True:
        page = page_of_register(DECREE, 2026, cursor)
        seen += [one.number for one in page.entries]
        cursor = page.next_cursor
        if not cursor:
            break
    by_number = sorted(rows, reverse=True)
    assert seen == [f"{sequence}{suffix}" for sequence, suffix in by_number]
