"""How the annex fits on its sheet: widths of columns, size of type, upright or across."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from .anatomy import Annex
from .style import InstrumentStyle

# Advance widths of Bookman in thousandths of the type size; whatever is not here counts as wide.
WIDTHS = {
    **dict.fromkeys("ijl.,:;'|", 320),
    **dict.fromkeys("frtI()-/[]", 440),
    **dict.fromkeys("ceszvgyoxaq", 580),
    **dict.fromkeys("bdhknpu0123456789JLFPTYZ", 680),
    **dict.fromkeys("wABCDEGHKNOQRSUVX", 820),
}
WIDEST = 960
MILLIMETRES_OF_POINT = 25.4 / 72
# Padding and borders of a cell, and a little air.
FRAME = 3.6
LONGEST_KEPT = 20
LONGEST_WEIGHED = 240


@dataclass(frozen=True)
class Fit:
    """How the tables of an annex are printed: type in points, sheet turned or not."""

    font_size: float
    landscape: bool
    tables: tuple[tuple[Annex, tuple[str, ...]], ...]


def fitted(annex: Annex, printed: Annex, style: InstrumentStyle) -> Fit:
    """The first way of printing that breaks no word of up to 20 letters, else the narrowest.

    `annex` is measured; `printed`, the same with places to break in long words, is what it holds.
    """
    for size, landscape in _ways(style):
        line = style.line_width(landscape=landscape)
        if all(sum(_least(table, size)) <= line for table in annex.tables):
            break
    pairs = zip(annex.tables, printed.tables, strict=True)
    tables = tuple((shown, _widths(table, size, line)) for table, shown in pairs)
    return Fit(size, landscape, tables)


def _ways(style: InstrumentStyle) -> Iterator[tuple[float, bool]]:
    sizes = (style.annex_font_size, style.annex_font_size - 1, style.annex_font_size - 2)
    yield from ((size, False) for size in sizes[:2])
    yield from ((size, True) for size in sizes)


def _columns(table: Annex) -> list[tuple[str, ...]]:
    return list(zip_longest(table.columns, *table.rows, fillvalue=""))


def _least(table: Annex, size: float) -> list[float]:
    """What each column needs for its longest word, in millimetres."""
    return [
        FRAME
        + max(
            (_wide(word[:LONGEST_KEPT], size) for cell in column for word in cell.split()),
            default=0.0,
        )
        for column in _columns(table)
    ]


def _wide(text: str, size: float) -> float:
    units = sum(WIDTHS.get(sign, WIDEST) for sign in text)
    return units / 1000 * size * MILLIMETRES_OF_POINT


def _widths(table: Annex, size: float, line: float) -> tuple[str, ...]:
    """Per cent of the line for each column: its words, and of the rest more for long texts."""
    least = _least(table, size)
    spare = max(0.0, line - sum(least))
    wishes = [_wish(column, low, size) for column, low in zip(_columns(table), least, strict=True)]
    share = spare / sum(wishes) if any(wishes) else 0.0
    needs = [low + wish * share for low, wish in zip(least, wishes, strict=True)]
    return tuple(f"{100 * need / sum(needs):.2f}" for need in needs)


def _wish(column: tuple[str, ...], least: float, size: float) -> float:
    longest = max(_wide(cell[:LONGEST_WEIGHED], size) for cell in column)
    return float(max(0.0, longest + FRAME - least) ** 0.5)
