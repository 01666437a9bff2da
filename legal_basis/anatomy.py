"""The blocks of an instrument in the order of print, with everything computed that is not typed."""

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from typing import Any, cast

from django.conf import settings

from . import regulation, units, wording
from .models import Instrument, LegalSource
from .models.sources import with_amendments
from .references import Places, amends, places_of, resolved
from .units import Piece

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
class Unit:
    """A chapter, part, paragraph (each with its heading) or article (with its clauses)."""

    kind: str
    label: str
    heading: str
    clauses: tuple[Clause, ...] = ()


@dataclass(frozen=True)
class Block:
    """Where, when and by whom it was signed; place and date are empty where they are not said."""

    verb: str
    place: str
    dated: str
    office: str
    name: str


@dataclass(frozen=True)
class Annex:
    """The annex: its own title and one table, or parts that have a title and a table each."""

    title: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    parts: tuple["Annex", ...] = ()

    @property
    def tables(self) -> tuple["Annex", ...]:
        """What has a table: the parts, or the annex itself."""
        return self.parts or (self,)


@dataclass(frozen=True)
class Anatomy:
    """An instrument block by block, as legal offices lay it out; a decree has dicta, no body."""

    kind: str
    head: tuple[str, ...]
    heading: str
    number: str
    number_line: str
    title: str
    invocation: str
    office: str
    considerations: tuple[Clause, ...]
    legal_bases: tuple[Clause, ...]
    noting: tuple[Clause, ...]
    subject: str
    dicta: tuple[Clause, ...]
    body: tuple[Unit, ...]
    place: str
    dated: str
    signatory_office: str
    signatory_name: str
    promulgation: Block | None
    gazette: str
    annex: Annex | None
    copy_recipients: tuple[str, ...]

    @property
    def signing(self) -> Block:
        """The block of the signatory."""
        return Block(
            "Ditetapkan", self.place, self.dated, self.signatory_office, self.signatory_name
        )

    @property
    def annex_signing(self) -> Block:
        """The same under the annex, which repeats neither place nor date."""
        return replace(self.signing, place="", dated="")

    def as_data(self) -> dict[str, Any]:
        """The same as plain values, for the data record that travels inside the PDF."""
        return asdict(self)

    def breakable(self) -> "Anatomy":
        """The same with places to break in long words, which the layout would not find."""
        return cast(Anatomy, _breakable(self))

    def texts(self) -> Iterable[str]:
        """Every text that is printed."""
        return _strings(self.as_data())


def anatomy_of(instrument: Instrument, sources: Sequence[LegalSource] | None = None) -> Anatomy:
    """What is printed of `instrument`; number and date are empty until they are taken.

    It rests on `sources` in this order, where they are given; else on those that are recorded.
    """
    cited = sources_of(instrument) if sources is None else sources
    regent = f"Bupati {settings.REGION['short']}".upper()
    name = wording.KINDS[instrument.kind]
    is_regulation = instrument.kind == Instrument.Kind.REGENT_REGULATION
    return Anatomy(
        kind=instrument.kind,
        head=(regent, settings.REGION["province"].upper()),
        heading=f"{name} {settings.REGION['short']}".upper(),
        number=instrument.number,
        number_line=regulation.number_line(instrument) if is_regulation else _code(instrument),
        title=instrument.title.upper(),
        invocation=regulation.INVOCATION if is_regulation else "",
        office=regent,
        considerations=considerations(instrument),
        legal_bases=_numbered([s.citation() for s in cited]),
        noting=_numbered(noting(instrument)),
        subject=f"{name} tentang {instrument.title}".upper(),
        dicta=() if is_regulation else dicta(instrument),
        body=body(instrument) if is_regulation else (),
        place=instrument.place,
        dated=wording.long_date(instrument.dated) if instrument.dated else "",
        signatory_office=wording.printed_capacity(
            instrument.signatory_capacity, instrument.signatory_office.title
        ),
        signatory_name=instrument.signatory_name.upper(),
        promulgation=_promulgation(instrument) if is_regulation else None,
        gazette=regulation.gazette_line(instrument) if is_regulation else "",
        annex=annex_of(instrument),
        copy_recipients=tuple(instrument.content.get("copy_recipients", [])),
    )


def texts(instrument: Instrument, block: str) -> list[str]:
    """The typed clauses of a block, without the mark at their end."""
    return [wording.without_stop(row["text"]) for row in instrument.content.get(block, [])]


def sources_of(instrument: Instrument) -> list[LegalSource]:
    """The law it rests on, by rank, then year, then number."""
    bases = instrument.bases.select_related("source").prefetch_related(with_amendments("source"))
    return [basis.source for basis in bases]


def considerations(instrument: Instrument) -> tuple[Clause, ...]:
    """Menimbang: the typed ones and the computed last one."""
    typed = units.considerations(instrument.content.get("considerations", []))
    if not typed:
        return ()
    closing = wording.closing_consideration(len(typed), instrument.title, instrument.kind)
    places = places_of(instrument)
    return (
        *(_clause(piece, places, end=";") for piece in typed),
        Clause(f"{wording.letter(len(typed) + 1)}.", f"{closing};"),
    )


def noting(instrument: Instrument) -> list[str]:
    """Memperhatikan: the typed ones, without the mark at their end."""
    places = places_of(instrument)
    return [
        resolved(piece.text, piece.place, places)
        for piece in units.noting(instrument.content.get("noting", []))
    ]


def dicta(instrument: Instrument) -> tuple[Clause, ...]:
    """KESATU and so on: the typed ones and the computed one on its coming into force."""
    typed = units.dicta(instrument.content.get("dicta", []))
    places = places_of(instrument)
    closing = wording.closing_clause(
        instrument.kind, _stated_start(instrument), instrument.in_force_until
    )
    return (
        *(_clause(piece, places) for piece in typed),
        Clause(wording.dictum_label(len(typed) + 1), closing),
    )


def body(instrument: Instrument) -> tuple[Unit, ...]:
    """The typed chapters and articles of a regulation, and the computed last article."""
    amending = amends(instrument)
    typed = units.body(instrument.content.get("body", []), amends=amending)
    places = places_of(instrument)
    articles = sum(piece.unit == "pasal" for piece in typed)
    closing = wording.closing_clause(
        instrument.kind, _stated_start(instrument), instrument.in_force_until
    )
    order = wording.promulgation_order(instrument.kind, settings.REGION["name"])
    label = units.unit_label("pasal", articles + 1, amends=amending)
    return (
        *(_unit(piece, places) for piece in typed),
        Unit("pasal", label, "", (Clause("", closing), Clause("", order))),
    )


def _code(instrument: Instrument) -> str:
    return f"NOMOR: {instrument.number or wording.DOTS}"


def _unit(piece: Piece, places: Places) -> Unit:
    text = resolved(piece.text, piece.place, places)
    heading = text.upper() if piece.unit == "bab" else text
    return Unit(
        piece.unit, piece.label, heading, tuple(_clause(item, places) for item in piece.items)
    )


def _clause(piece: Piece, places: Places, end: str = "") -> Clause:
    text = resolved(piece.text, piece.place, places)
    return Clause(piece.label, f"{text}{end}", tuple(_clause(item, places) for item in piece.items))


def _promulgation(instrument: Instrument) -> Block:
    office, name = regulation.promulgator(instrument)
    entry = instrument.gazette_entry if instrument.number else None
    dated = wording.long_date(entry.dated) if entry and entry.dated else ""
    return Block("Diundangkan", instrument.place, dated, office, name)


def _stated_start(instrument: Instrument) -> datetime.date | None:
    return instrument.in_force_from if instrument.in_force_from != instrument.dated else None


def _numbered(items: list[str]) -> tuple[Clause, ...]:
    """1. to n., each ending with a semicolon, the last with a full stop."""
    last = len(items)
    return tuple(
        Clause(f"{position}.", f"{text}{'.' if position == last else ';'}")
        for position, text in enumerate(items, start=1)
    )


def annex_of(instrument: Instrument) -> Annex | None:
    """Its annex, or None where it has no row in it."""
    return _annex(instrument.content.get("annex"))


def _annex(content: dict[str, Any] | None) -> Annex | None:
    if not content or not (content.get("rows") or content.get("parts")):
        return None
    return Annex(
        title=content["title"],
        columns=tuple(content.get("columns", ())),
        rows=tuple(tuple(str(cell) for cell in row) for row in content.get("rows", ())),
        parts=tuple(part for one in content.get("parts", ()) if (part := _annex(one)) is not None),
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


def _strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _strings(part)
