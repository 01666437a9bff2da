"""Downloads hold the cells of the page, and no formula."""

import csv
import datetime
import io

import openpyxl
import pytest

from audit.process.sheets import as_csv, as_xlsx
from audit.process.tables import SHOWN, Table

pytestmark = pytest.mark.unit

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u00a0=1"]


def table(*rows, **more):
    heads = ["Office", "Median", "Late"]
    defaults = {"bar": 1, "percent": frozenset({2})}
    return Table("offices", "Offices", "", heads, list(rows), **defaults | more)


def test_csv_has_heads_and_every_row_and_a_mark_for_spreadsheets():
    rows = [[f"Dinas {number}", number, 0.125] for number in range(SHOWN + 5)]
    data = as_csv(table(*rows))
    assert data.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert read == [["Office", "Median", "Late"], *[[*map(str, row)] for row in rows]]


def test_xlsx_keeps_numbers_days_and_shares_as_such():
    day = datetime.date(2026, 3, 2)
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(table(["Dinas", 3, 0.5], [day, None, None]))))
    rows = list(sheet.active.iter_rows(values_only=True))
    assert rows[1] == ("Dinas", 3, 0.5)
    assert rows[2] == (datetime.datetime(2026, 3, 2), None, None)
    assert sheet.active["C2"].number_format == "0%"


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_a_person_is_never_a_formula(text):
    told = table([text, 1, 0.0])
    (cell,) = [row[0] for row in csv.reader(io.StringIO(as_csv(told).decode("utf-8-sig")))][1:]
    assert cell.startswith("'")
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(told))).active
    assert (sheet["A2"].data_type, sheet["A2"].value[0]) == ("s", "'")


def test_characters_that_no_workbook_holds_are_left_out():
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(table(["Di\x07nas", 1, 0.0])))).active
    assert sheet["A2"].value == "Dinas"


def test_page_shows_the_first_rows_in_words_with_bars():
    told = table(*[["Dinas", number, 0.25] for number in range(SHOWN + 2)], ["Akhir", None, None])
    first, second = told.shown[:2]
    assert [cell.text for cell in second] == ["Dinas", "1", "25%"]
    assert (first[1].bar, second[1].bar) == (0, round(100 / (SHOWN + 1)))
    assert (len(told.shown), told.rest) == (SHOWN, 3)


def test_page_shows_a_dash_for_nothing():
    (row,) = table(["", None, None]).shown
    assert [(cell.text, cell.bar) for cell in row] == [("–", None)] * 3
