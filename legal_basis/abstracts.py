"""The abstract and the subjects of an instrument, proposed from its own text; always Indonesian."""

import re
from collections.abc import Iterable

from . import wording
from .anatomy import annex_of
from .citations import form_of, official_name, pages_of
from .models import Instrument, Stipulation

LONGEST = 5_000
LONGEST_SUBJECTS = 200
BETWEEN = " - "
FIELD_OF_LAW = "HUKUM ADMINISTRASI NEGARA"
PURPOSES = {
    Instrument.Purpose.STIPULATE: "PENETAPAN",
    Instrument.Purpose.AMEND: "PERUBAHAN",
    Instrument.Purpose.REVOKE: "PENCABUTAN",
    Instrument.Purpose.CORRECT: "RALAT",
}
# Where a text refers to another of its rows, and where a line names itself for such a reference.
REFERENCE = re.compile(
    r"\s*(?:sebagaimana\s+)?(?:dimaksud\s+)?"
    r"(?:\{ref:[^}]*\}|(?<=dimaksud )dalam (?:huruf [a-z]\b|Diktum [A-Z]+))"
)
LABEL = re.compile(r"^\s*(?:--?\s+)?\[[^\]]*\]\s*")


def proposed_abstract(instrument: Instrument) -> str:
    """The five parts of an abstract: identity, considerations, legal basis, contents, notes."""
    form = form_of(instrument)
    parts = [
        f"{proposed_subjects(instrument)}\n{_year(instrument)}",
        f"{official_name(instrument)} tentang {instrument.title}".upper(),
        "ABSTRAK:",
        *_considerations(instrument),
        f"- Dasar hukum {form} ini: {_legal_bases(instrument)}.",
        f"- {form} ini mengatur tentang: {_contents(instrument)}.",
        "CATATAN:",
        *_notes(instrument),
    ]
    return _cut("\n".join(parts), LONGEST)


def proposed_subjects(instrument: Instrument) -> str:
    """What it is about, as catalogues list it: `INOVASI DAERAH - PENETAPAN - SIE CANTIK`."""
    names = [one.innovation.name for one in _stipulated(instrument)] or [instrument.innovation.name]
    found = ["INOVASI DAERAH", PURPOSES[Instrument.Purpose(instrument.purpose)]]
    for name in names:
        if len(BETWEEN.join([*found, name])) <= LONGEST_SUBJECTS:
            found.append(name)
    return tidied_subjects(BETWEEN.join(found))


def tidied_subjects(text: str) -> str:
    """Subjects in capitals, separated by ` - `, each once."""
    parts = [" ".join(part.split()) for part in re.split(r"\s+[-–—]\s+|;|\n", text)]
    return BETWEEN.join(dict.fromkeys(part.upper() for part in parts if part))


def _stipulated(instrument: Instrument) -> Iterable[Stipulation]:
    return instrument.stipulations.filter(withdrawn=False).select_related("innovation")


def _year(instrument: Instrument) -> str:
    return str(instrument.dated.year) if instrument.dated else ""


def _considerations(instrument: Instrument) -> list[str]:
    rows = instrument.content.get("considerations", [])
    return [f"- {text}." for row in rows if (text := _plain(row["text"]))]


def _legal_bases(instrument: Instrument) -> str:
    bases = instrument.bases.select_related("source")
    return "; ".join(basis.source.short_citation() for basis in bases) or "–"


def _contents(instrument: Instrument) -> str:
    """The main contents: the headings of chapters, else how each dictum or article begins."""
    body = instrument.content.get("body", [])
    chapters = [row for row in body if row.get("unit") == "bab"]
    rows = chapters or body or instrument.content.get("dicta", [])
    begun = (_plain(row["text"].split("\n")[0]).rstrip(" :") for row in rows)
    told = [wording.first_sentence(text) for text in begun]
    return "; ".join(text for text in told if text) or "–"


def _notes(instrument: Instrument) -> list[str]:
    notes, form = [], form_of(instrument)
    if begins := instrument.in_force_from:
        notes.append(f"- {form} ini mulai berlaku pada tanggal {wording.long_date(begins)}.")
    if ends := instrument.in_force_until:
        notes.append(f"- {form} ini berlaku sampai dengan tanggal {wording.long_date(ends)}.")
    if pages := pages_of(instrument):
        annex = ", termasuk lampiran" if annex_of(instrument) else ""
        notes.append(f"- {pages} halaman{annex}.")
    return notes


def _plain(text: str) -> str:
    """A clause in one line, without the marks by which the draft refers to its own parts."""
    lines = [LABEL.sub("", line).strip() for line in text.splitlines()]
    return wording.without_stop(REFERENCE.sub("", " ".join(line for line in lines if line)))


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
