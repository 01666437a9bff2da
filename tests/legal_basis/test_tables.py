"""Tables of the annex keep words whole where the sheet allows it."""

import pytest

from legal_basis.anatomy import Annex
from legal_basis.style import InstrumentStyle
from legal_basis.tables import fitted

pytestmark = pytest.mark.unit

STYLE = InstrumentStyle()


def fit(columns: tuple[str, ...], *rows: tuple[str, ...]):
    annex = Annex("Lampiran", columns, rows)
    return fitted(annex, annex, STYLE)


def test_table_that_fits_stays_upright_at_full_size():
    made = fit(("No.", "Indikator"), ("1", "Calon pengantin"))
    assert (made.font_size, made.landscape) == (9.5, False)


@pytest.mark.parametrize(
    ("columns", "way"),
    [
        (3, (9.5, False)),
        (4, (8.5, False)),
        (6, (9.5, True)),
        (7, (8.5, True)),
        (8, (7.5, True)),
        (16, (7.5, True)),
    ],
)
def test_type_shrinks_and_the_sheet_is_turned_as_columns_grow(columns, way):
    made = fit(("a" * 20,) * columns)
    assert (made.font_size, made.landscape) == way


def test_widths_fill_the_line_and_long_texts_get_more_of_it():
    [(_table, widths)] = fit(("No.", "Program", "Satuan"), ("1", "kata " * 40, "persen")).tables
    number, programme, measure = map(float, widths)
    assert abs(number + programme + measure - 100) < 0.1
    assert programme > measure > number


def test_one_word_of_many_letters_does_not_take_the_sheet():
    [(_table, widths)] = fit(("A", "B"), ("x" * 400, "Kesehatan")).tables
    assert float(widths[1]) > 13


def test_wide_part_turns_all_parts():
    wide = Annex("B", ("pertanggungjawaban",) * 8)
    annex = Annex("Lampiran", parts=(Annex("A", ("No.",), (("1",),)), wide))
    made = fitted(annex, annex, STYLE)
    assert (made.landscape, len(made.tables)) == (True, 2)


def test_widths_are_written_for_a_style_sheet_whatever_the_language():
    [(_table, widths)] = fit(("A", "B", "C")).tables
    assert {width.count(".") for width in widths} == {1}
