"""A table as CSV and as XLSX: no cell is ever taken for a formula."""

import csv
import datetime
import io
from typing import Any

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from legal_basis.register_print import FORMULA

from .tables import Row, Table

# Excel refuses longer names of sheets.
LONGEST_NAME = 31
WIDTH = 24


def as_csv(table: Table) -> bytes:
    """The table as comma-separated values, with the mark by which spreadsheets know UTF-8."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(_plain_row(list(table.heads)))
    writer.writerows(map(_plain_row, table.rows))
    return target.getvalue().encode("utf-8-sig")


def as_xlsx(table: Table) -> bytes:
    """The table as a workbook of one sheet."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = table.key[:LONGEST_NAME]
    sheet.append(_plain_row(list(table.heads)))
    for row in table.rows:
        sheet.append(_plain_row(row))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = WIDTH
    for column in table.percent:
        for (cell,) in sheet.iter_rows(min_row=2, min_col=column + 1, max_col=column + 1):
            cell.number_format = "0%"
    sheet.freeze_panes = "A2"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _plain_row(row: Row) -> Row:
    return [_plain(cell) for cell in row]


def _plain(cell: Any) -> Any:
    if cell is None or isinstance(cell, int | float | datetime.date):
        return cell
    text = ILLEGAL_CHARACTERS_RE.sub("", str(cell))
    # A spreadsheet passes over blanks before it looks for a formula.
    return f"'{text}" if text.lstrip().startswith(FORMULA) or text.startswith(FORMULA) else text


SHEETS = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
