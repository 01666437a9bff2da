"""The register of a year on paper: the same lines as XLSX and as PDF, always Indonesian."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import openpyxl
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from accounts.offices import today

from . import wording
from .legal_section import speaker_of_legal_section
from .models import GAZETTE, Instrument, RegisterEntry
from .register_list import entries_of
from .rendering import MEMORY_BYTES, VARIANT, lay_out
from .style import asset, current_style

TITLES = {
    Instrument.Kind.REGENT_DECREE: "BUKU REGISTER KEPUTUSAN BUPATI",
    Instrument.Kind.REGENT_REGULATION: "BUKU REGISTER PERATURAN BUPATI",
    GAZETTE: "BUKU REGISTER BERITA DAERAH",
}
STATUSES = {
    RegisterEntry.Status.RESERVED: "dicadangkan",
    RegisterEntry.Status.TAKEN: "diambil, dalam penandatanganan",
    RegisterEntry.Status.ISSUED: "ditetapkan",
    RegisterEntry.Status.CANCELLED: "dibatalkan",
}
COLUMNS = (
    *(("No.", 6), ("Nomor", 30), ("Tanggal", 20), ("Tentang", 70)),
    *(("Status", 24), ("Alasan", 50), ("Kode Perkara", 20)),
)
# What a spreadsheet would take for the start of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
# Somebody waits: a thousand numbers take about three seconds, these less than a quarter minute.
MOST_PRINTED = 4_000
SECONDS = 30


@dataclass(frozen=True)
class Line:
    """One number as it is printed."""

    count: int
    number: str
    dated: str
    title: str
    status: str
    reason: str
    case: str


def lines_of(register: str, year: int) -> Iterator[Line]:
    """Every number of the register in its order; cancelled and reserved ones stay with reason."""
    for count, entry in enumerate(entries_of(register, year).iterator(), start=1):
        instrument = entry.instrument
        yield Line(
            count=count,
            number=entry.number,
            dated=wording.long_date(entry.dated) if entry.dated else "",
            title=instrument.title if instrument else "",
            status=STATUSES[RegisterEntry.Status(entry.status)],
            reason="; ".join(entry.reason.splitlines()),
            case=instrument.subject_code if instrument else "",
        )


def register_xlsx(register: str, year: int) -> bytes:
    """The register as a workbook; every cell is text, none is a formula."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = f"Register {year}"
    sheet.append([f"{TITLES[register]} {settings.REGION['short'].upper()} TAHUN {year}"])
    sheet.append([])
    sheet.append([name for name, _width in COLUMNS])
    _dress(sheet)
    for line in lines_of(register, year):
        values = (line.number, line.dated, line.title, line.status, line.reason, line.case)
        sheet.append([line.count, *map(_plain, values)])
    for row in sheet.iter_rows(min_row=4):
        for cell in row:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            cell.number_format = "@"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _dress(sheet: Worksheet) -> None:
    sheet.freeze_panes = "A4"
    sheet.print_title_rows = "3:3"
    sheet.page_setup.orientation = "landscape"
    for cell in (sheet["A1"], *sheet[3]):
        cell.font = Font(bold=True)
    for column, (_name, width) in zip("ABCDEFG", COLUMNS, strict=True):
        sheet.column_dimensions[column].width = width


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def register_pdf(register: str, year: int) -> bytes:
    """The register as a PDF in F4 across, with the block of who heads the legal section today.

    Raises RenderError, and ValidationError for a year with more numbers than are laid out at once.
    """
    rows = list(lines_of(register, year))
    if len(rows) > MOST_PRINTED:
        raise ValidationError(
            _("The year has %(count)s numbers; up to %(most)s become a PDF. Take the XLSX file.")
            % {"count": len(rows), "most": MOST_PRINTED}
        )
    return lay_out(_job(register, year, rows))


def _job(register: str, year: int, rows: list[Line]) -> dict[str, Any]:
    style = current_style()
    across = replace(
        style, page_width=style.page_height, page_height=style.page_width, margin_top=25
    )
    context = {
        "title": f"{TITLES[register]} {settings.REGION['short'].upper()}",
        "region": settings.REGION["name"].upper(),
        "year": str(year),
        "rows": rows,
        "place": settings.REGION["capital"],
        "printed": wording.long_date(today()),
        "block": authentication_block(),
    }
    return {
        "html": render_to_string("legal_basis/register/print.html", context),
        "css": [asset("legal_basis/register.css").decode("utf-8"), across.css()],
        "assets": {},
        "attachments": [],
        "variant": VARIANT,
        "memory_bytes": MEMORY_BYTES,
        "cpu_seconds": SECONDS,
        "wall_seconds": 2 * SECONDS,
    }


def authentication_block() -> dict[str, str]:
    """Who heads the legal section today, as papers other than instruments name them.

    With titles, rank and NIP (Permendagri 1/2023, article 44); dots while nobody does.
    """
    speaking = speaker_of_legal_section()
    if speaking is None:
        return {"office": "KEPALA BAGIAN HUKUM", "name": wording.DOTS, "rank": "", "nip": ""}
    person = speaking.user
    return {
        "office": wording.printed_capacity(speaking.title, speaking.office.title),
        "name": person.get_full_name(),
        "rank": person.rank,
        "nip": person.nip,
    }
