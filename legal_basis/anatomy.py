"""The blocks of an instrument in the order of print, with everything computed that is not typed."""

import datetime
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from typing import Any, cast

from django.conf import settings

from . import wording
from .models import Instrument, LegalSource
from .models.sources import with_amendments
from .references import resolved

LONGEST_UNBROKEN = 40
ENDLESS = re.compile(rf"[^ \n\t]{{{LONGEST_UNBROKEN + 1},}}")
PIECE = re.compile(rf".{{1,{LONGEST_UNBROKEN}}}[\u0300-\u036f]*")


@dataclass(frozen=True)
class Clause:
    """A labelled piece of text; further paragraphs or letters of it are `items`."""

    label: str
    text: str
    items: tuple["Clause", ...] = ()


@dataclass(frozen=True)
class Annex:
    """The annex: its own title and one table."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def widths(self) -> list[int]:
        """Per cent of the line for each column: enough for its words, more for long texts."""
        needs = [_need(column) for column in zip(self.columns, *self.rows, strict=True)]
        return [round(100 * need / sum(needs)) for need in needs]


@dataclass(frozen=True)
class Anatomy:
    """A Keputusan Bupati, block by block, as legal offices lay it out."""

    kind: str
    head: tuple[str, ...]
    heading: str
    number: str
    title: str
    office: str
    considerations: tuple[Clause, ...]
    legal_bases: tuple[Clause, ...]
    noting: tuple[Clause, ...]
    subject: str
    dicta: tuple[Clause, ...]
    place: str
    dated: str
    signatory_office: str
    signatory_name: str
    annex: Annex | None
    copy_recipients: tuple[str, ...]

    def as_data(self) -> dict[str, Any]:
        """The same as plain values, for the data record that travels inside the PDF."""
        return asdict(self)

    def breakable(self) -> "Anatomy":
        """The same with places to break in long words, which the layout would not find."""
        return cast(Anatomy, _breakable(self))

    def texts(self) -> Iterable[str]:
        """Every text that is printed."""
        return _strings(self.as_data())


def anatomy_of(instrument: Instrument) -> Anatomy:
    """What is printed of `instrument`; number and date are empty until they are taken."""
    regent = f"Bupati {settings.REGION['short']}".upper()
    heading = f"Keputusan {regent}".upper()
    return Anatomy(
        kind=instrument.kind,
        head=(regent, settings.REGION["province"].upper()),
        heading=heading,
        number=instrument.number,
        title=instrument.title.upper(),
        office=regent,
        considerations=considerations(instrument),
        legal_bases=_numbered([s.citation() for s in sources_of(instrument)]),
        noting=_numbered(texts(instrument, "noting")),
        subject=f"Keputusan Bupati tentang {instrument.title}".upper(),
        dicta=dicta(instrument),
        place=instrument.place,
        dated=wording.long_date(instrument.dated) if instrument.dated else "",
        signatory_office=wording.printed_capacity(
            instrument.signatory_capacity, instrument.signatory_office.title
        ),
        signatory_name=instrument.signatory_name.upper(),
        annex=_annex(instrument.content.get("annex")),
        copy_recipients=tuple(instrument.content.get("copy_recipients", [])),
    )


def texts(instrument: Instrument, block: str) -> list[str]:
    """The typed clauses of a block, without the mark at their end."""
    rows = instrument.content.get(block, [])
    return [resolved(wording.without_stop(row["text"]), instrument) for row in rows]


def sources_of(instrument: Instrument) -> list[LegalSource]:
    """The law it rests on, by rank, then year, then number."""
    bases = instrument.bases.select_related("source").prefetch_related(with_amendments("source"))
    return [basis.source for basis in bases]


def considerations(instrument: Instrument) -> tuple[Clause, ...]:
    """Menimbang: the typed ones and the computed last one."""
    typed = texts(instrument, "considerations")
    if not typed:
        return ()
    closing = wording.closing_consideration(len(typed), instrument.title)
    return tuple(
        Clause(f"{wording.letter(position)}.", f"{text};")
        for position, text in enumerate([*typed, closing], start=1)
    )


def dicta(instrument: Instrument) -> tuple[Clause, ...]:
    """KESATU and so on: the typed ones and the computed one on its coming into force."""
    closing = wording.closing_dictum(_stated_start(instrument))
    typed = [f"{text}." for text in texts(instrument, "dicta")]
    return tuple(
        _with_items(wording.dictum_label(position), text)
        for position, text in enumerate([*typed, closing], start=1)
    )


def _stated_start(instrument: Instrument) -> datetime.date | None:
    return instrument.in_force_from if instrument.in_force_from != instrument.dated else None


def _with_items(label: str, text: str) -> Clause:
    """Lines after the first are letters (`a. ...`) or further paragraphs of the clause."""
    first, *rest = [line.strip() for line in text.splitlines() if line.strip()]
    return Clause(label, first, tuple(_item(line) for line in rest))


def _item(line: str) -> Clause:
    mark, _, text = line.partition(" ")
    if len(mark) in (2, 3) and mark[-1] in ".)" and mark[:-1].isalnum():
        return Clause(mark, text.strip())
    return Clause("", line)


def _numbered(items: list[str]) -> tuple[Clause, ...]:
    """1. to n., each ending with a semicolon, the last with a full stop."""
    last = len(items)
    return tuple(
        Clause(f"{position}.", f"{text}{'.' if position == last else ';'}")
        for position, text in enumerate(items, start=1)
    )


def _annex(content: dict[str, Any] | None) -> Annex | None:
    if not content or not content.get("rows"):
        return None
    return Annex(
        title=content["title"],
        columns=tuple(content["columns"]),
        rows=tuple(tuple(str(cell) for cell in row) for row in content["rows"]),
    )


def _breakable(value: Any) -> Any:
    if isinstance(value, str):
        return ENDLESS.sub(lambda word: "\u200b".join(PIECE.findall(word[0])), value)
    if isinstance(value, tuple):
        return tuple(_breakable(part) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        parts = {field.name: _breakable(getattr(value, field.name)) for field in fields(value)}
        return replace(value, **parts)
    return value


def _need(cells: tuple[str, ...]) -> float:
    longest_word = max((len(word) for cell in cells for word in cell.split()), default=1)
    longest_cell = max(map(len, cells))
    return max(3.0, min(longest_word, 16) + 1.0, min(longest_cell, 240) ** 0.5 * 1.6)


def _strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _strings(part)
