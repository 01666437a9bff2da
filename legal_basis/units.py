"""The typed rows of an instrument as numbered pieces: nobody types a number or a label."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from . import wording

UNITS = ("bab", "bagian", "paragraf", "pasal")
KEY = r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}"
# How a line begins: its depth (`- ` a letter, `-- ` a number under it), then its own label.
LINE = re.compile(rf"^(?P<depth>--?(?=\s))?\s*(?:\[(?P<key>{KEY})\]\s*)?(?P<text>.*)$", re.S)
MARKS = (".", ";", ":", ",", "?", "!")
# A line that ends so leads on to the next one; it is already closed.
CLOSING = (["dan"], ["atau"], ["dan/atau"])

Row = Mapping[str, str]


@dataclass(frozen=True)
class Place:
    """Where a piece stands: its unit (`Pasal 3`), and what within it (`ayat (2) huruf a`)."""

    block: str
    unit: str
    within: str = ""

    def under(self, step: str) -> "Place":
        """The place of a part of it."""
        return replace(self, within=f"{self.within} {step}".strip())

    def __str__(self) -> str:
        return f"{self.unit} {self.within}".strip()


@dataclass(frozen=True)
class Piece:
    """A piece of text with its computed label; its cross-references are still tokens."""

    label: str
    text: str
    keys: tuple[str, ...]
    place: Place
    items: tuple["Piece", ...] = ()
    # What it is in the body of a regulation, where its text is then a heading (not for an article).
    unit: str = ""

    def walk(self) -> Iterator["Piece"]:
        """It and everything under it, in the order of print."""
        yield self
        for item in self.items:
            yield from item.walk()


def pieces_of(kind: str, content: Mapping[str, Any], *, amends: bool = False) -> list[Piece]:
    """Every typed piece of an instrument, block after block."""
    main = body(content.get("body", []), amends=amends)
    return [
        *considerations(content.get("considerations", [])),
        *noting(content.get("noting", [])),
        *(main if kind == "regent_regulation" else dicta(content.get("dicta", []))),
    ]


def considerations(rows: Iterable[Row]) -> list[Piece]:
    """a., b., c. and so on of Menimbang."""
    return [
        _plain(row, f"{wording.letter(n)}.", Place("considerations", "Menimbang", _letter(n)))
        for n, row in enumerate(rows, start=1)
    ]


def noting(rows: Iterable[Row]) -> list[Piece]:
    """1., 2., 3. and so on of Memperhatikan."""
    return [
        _plain(row, f"{n}.", Place("noting", "Memperhatikan", f"angka {n}"))
        for n, row in enumerate(rows, start=1)
    ]


def dicta(rows: Iterable[Row]) -> list[Piece]:
    """KESATU, KEDUA and so on, each with its letters or further paragraphs."""
    return [_dictum(row, wording.dictum_label(n)) for n, row in enumerate(rows, start=1)]


def body(rows: Iterable[Row], *, amends: bool = False) -> list[Piece]:
    """Chapters, parts, paragraphs and articles of a regulation; an amending one counts I, II."""
    found: list[Piece] = []
    counts = dict.fromkeys(UNITS, 0)
    above: dict[str, str] = {}
    for row in rows:
        unit = row.get("unit") or "pasal"
        counts[unit] += 1
        label = unit_label(unit, counts[unit], amends=amends)
        if unit == "pasal":
            found.append(_article(row, label))
            continue
        for lower in UNITS[UNITS.index(unit) + 1 : -1]:
            counts[lower] = 0
            above.pop(lower, None)
        above[unit] = label
        where = " ".join(above[name] for name in UNITS if name in above)
        found.append(replace(_plain(row, label, Place("body", where)), unit=unit))
    return found


def unit_label(unit: str, position: int, *, amends: bool = False) -> str:
    """`BAB II`, `Bagian Kedua`, `Paragraf 2`, `Pasal 2` (`Pasal II` where it amends)."""
    if unit == "bab":
        return f"BAB {wording.roman(position)}"
    if unit == "bagian":
        return f"Bagian {wording.dictum_label(position).title()}"
    if unit == "paragraf":
        return f"Paragraf {position}"
    return f"Pasal {wording.roman(position) if amends else position}"


def lines_of(text: str) -> list[str]:
    """The lines of a text that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _plain(row: Row, label: str, place: Place) -> Piece:
    own, text = _labelled(wording.without_stop(row["text"]))
    return Piece(label, text, _keys(row) + own, place)


def _keys(row: Row) -> tuple[str, ...]:
    return (row["key"],) if row.get("key") else ()


def _labelled(line: str) -> tuple[tuple[str, ...], str]:
    found = LINE.match(line.strip())
    assert found is not None
    return (found["key"],) if found["key"] else (), found["text"]


def _dictum(row: Row, label: str) -> Piece:
    """Lines after the first are letters (`a. ...` typed, `- ...` counted) or paragraphs."""
    place = Place("dicta", f"Diktum {label}")
    first, *rest = lines_of(f"{wording.without_stop(row['text'])}.")
    own, text = _labelled(first)
    items, counted = [], 0
    for line in rest:
        counted += line.startswith("- ")
        items.append(_dictum_line(line, counted, place))
    closed = _closed(text, ":" if items and items[0].label else ".")
    return Piece(label, closed, _keys(row) + own, place, _dictum_ended(items))


def _dictum_ended(items: Sequence[Piece]) -> tuple[Piece, ...]:
    """Letters end as a list does, a further paragraph with a full stop."""
    letters = iter(_ended([item for item in items if item.label]))
    return tuple(
        next(letters) if item.label else replace(item, text=_closed(item.text, "."))
        for item in items
    )


def _dictum_line(line: str, counted: int, place: Place) -> Piece:
    if line.startswith("- "):
        own, text = _labelled(line)
        return Piece(f"{wording.letter(counted)}.", text, own, place.under(_letter(counted)))
    mark, _, text = line.partition(" ")
    if len(mark) in (2, 3) and mark[-1] in ".)" and mark[:-1].isalnum():
        own, text = _labelled(text)
        return Piece(mark, text, own, place.under(f"huruf {mark[:-1]}"))
    own, text = _labelled(line)
    return Piece("", text, own, place)


def _article(row: Row, label: str) -> Piece:
    place = Place("body", label)
    groups = _grouped(lines_of(row["text"]))
    several = len(groups) > 1
    items = tuple(
        _paragraph(
            group, f"({n})" if several else "", place.under(f"ayat ({n})" if several else "")
        )
        for n, group in enumerate(groups, start=1)
    )
    return Piece(label, "", _keys(row), place, items, unit="pasal")


def _grouped(lines: Sequence[str]) -> list[list[str]]:
    """The lines paragraph by paragraph; letters and numbers belong to the one before them."""
    groups: list[list[str]] = []
    for line in lines:
        if groups and line.startswith(("- ", "-- ")):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _paragraph(lines: Sequence[str], label: str, place: Place) -> Piece:
    """A paragraph with its letters, and their numbers; numbers alone serve definitions."""
    own, text = _labelled(lines[0])
    items: list[Piece] = []
    letters = 0
    for head, *numbers in _with_numbers(lines[1:]):
        if head.startswith("- "):
            items.append(_lettered(head, numbers, place, letters))
            letters += 1
        else:
            items.append(_numbered(head, place, len(items)))
    ended = tuple(_ended(items))
    return Piece(label, _closed(text, ":" if ended else "."), own, place, ended)


def _with_numbers(lines: Sequence[str]) -> list[list[str]]:
    """Each letter with the numbers under it; numbers before any letter stand alone."""
    groups: list[list[str]] = []
    for line in lines:
        if groups and line.startswith("-- ") and groups[-1][0].startswith("- "):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _lettered(line: str, numbers: Sequence[str], above: Place, before: int) -> Piece:
    keys, text = _labelled(line)
    place = above.under(_letter(before + 1))
    inner = tuple(_numbered(one, place, n) for n, one in enumerate(numbers))
    return Piece(f"{wording.letter(before + 1)}.", text, keys, place, inner)


def _numbered(line: str, place: Place, before: int) -> Piece:
    keys, text = _labelled(line)
    return Piece(f"{before + 1}.", text, keys, place.under(f"angka {before + 1}"))


def _letter(position: int) -> str:
    return f"huruf {wording.letter(position)}"


def _ended(items: Sequence[Piece], final: str = ".") -> list[Piece]:
    """Each with the mark it was typed with, else the one that its place in the list asks for."""
    found = []
    for position, item in enumerate(items, start=1):
        last, before_last = position == len(items), position == len(items) - 1
        mark = final if last else "; dan" if before_last else ";"
        inner = tuple(_ended(item.items, mark))
        found.append(replace(item, text=_closed(item.text, ":" if inner else mark), items=inner))
    return found


def _closed(text: str, mark: str) -> str:
    if text.endswith(MARKS) or text.rsplit(None, 1)[1:] in CLOSING:
        return text
    return f"{text}{mark}"
