"""The drafting check: what of a draft breaks the rules of form, with the place and the rule."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import references, units, wording
from .anatomy import annex_of, sources_of
from .models import Instrument, LegalSource
from .reviews import review_problem
from .units import Piece

# "Kab. Beltim", "dst." and the like: a dot that ends a word. SIPESPA.COM is a name.
ABBREVIATION = re.compile(r"\w+\.(?=\s|$)")
PLACEHOLDER = "…"
ANNEX = re.compile(r"\bLampiran\b")
CHARGED = re.compile(r"\bdibebankan\b")
MONEY = re.compile(r"Rp[\d.]+(?:,\d+)?|Tahun Anggaran \d{4}")
ORDINALS = "|".join(wording.FIRST_NINE)
TYPED_LABEL = re.compile(rf"^(?:DIKTUM\s+)?(?:(?:{ORDINALS})\b|Pasal\s+\d+\b|BAB\s+[IVX]+\b)[ .:]")
TYPED_REFERENCE = re.compile(
    r"dimaksud (?:dalam|pada) (?:Diktum [A-Z]+|huruf [a-z]\b|Pasal \d+|ayat \(\d+\))"
)
TYPED_CLOSING = re.compile(r"\bmulai berlaku pada tanggal\b|\bmemerintahkan pengundangan\b", re.I)
# Academic titles: before the name, or behind a comma or with letters and dots. [domain 3.8]
TITLED = re.compile(r"\b(?:Dr|Drs|Dra|Ir|Prof|dr|drg)\.|,|\b[SM]\.\s?[A-Z]")
DANGLING = re.compile(r"(?:[:!?]|\b(?:dan|atau|serta))$")


class Severity(StrEnum):
    """A fault stops the draft from being passed on and numbered; a hint does not."""

    FAULT = "fault"
    HINT = "hint"


RULES: dict[str, Any] = {
    "title": gettext_lazy("Title: in full, without abbreviation and full stop"),
    "considerations": gettext_lazy("Considerations: each begins with “bahwa”"),
    "bases": gettext_lazy("Legal bases: in force, numbered, by rank, year and number"),
    "clauses": gettext_lazy("Clauses: each says something, and Payung counts them"),
    "references": gettext_lazy("References: each leads to a place of this instrument"),
    "signatory": gettext_lazy("Signature block: the name without titles (Permendagri 1/2023)"),
    "annex": gettext_lazy("Annex: named in the text, with a signature block of its own"),
    "cost": gettext_lazy("Cost: names fiscal year and amount, as committed"),
    "closing": gettext_lazy("Closing: written once, by Payung, under the closing provisions"),
    "subject": gettext_lazy("Subject: what is stipulated is named"),
    "dates": gettext_lazy("In force: the end comes after the beginning"),
    "reviews": gettext_lazy("Reviews outside the house: asked for, and answered"),
}


@dataclass(frozen=True)
class Finding:
    """One breach of a rule of form: where, which rule, and how it is mended."""

    place: str
    rule: str
    sentence: str
    severity: Severity = Severity.FAULT

    @property
    def rule_label(self) -> Any:
        """The rule in words."""
        return RULES[self.rule]

    @property
    def is_fault(self) -> bool:
        """True where the draft cannot be passed on."""
        return self.severity == Severity.FAULT


@dataclass(frozen=True)
class Draft:
    """What the rules look at, read once."""

    instrument: Instrument
    sources: Sequence[LegalSource]
    considerations: Sequence[Piece]
    main: Sequence[Piece]

    @property
    def is_regulation(self) -> bool:
        """True for articles, false for dicta."""
        return self.instrument.kind == Instrument.Kind.REGENT_REGULATION

    @property
    def rows(self) -> list[Mapping[str, Any]]:
        """The typed rows of its dicta, or of its chapters and articles."""
        found: list[Mapping[str, Any]] = self.instrument.content.get(
            "body" if self.is_regulation else "dicta", []
        )
        return found


def findings_of(instrument: Instrument | None) -> list[Finding]:
    """Everything that breaks a rule of form, the faults first, in the order of print."""
    if instrument is None:
        return []
    content = instrument.content
    amends = references.amends(instrument)
    is_regulation = instrument.kind == Instrument.Kind.REGENT_REGULATION
    main = (
        units.body(content.get("body", []), amends=amends)
        if is_regulation
        else units.dicta(content.get("dicta", []))
    )
    draft = Draft(
        instrument,
        sources_of(instrument),
        units.considerations(content.get("considerations", [])),
        main,
    )
    found = [finding for rule in CHECKS for finding in rule(draft)]
    return sorted(found, key=lambda finding: not finding.is_fault)


def check_form(instrument: Instrument) -> None:
    """Raise ValidationError with every fault of form; hints let the draft pass."""
    faults = [
        f"{fault.place}: {fault.sentence}" for fault in findings_of(instrument) if fault.is_fault
    ]
    if faults:
        raise ValidationError(faults)


def _title(draft: Draft) -> Iterator[Finding]:
    title, place = draft.instrument.title, _("Title")
    if not title.strip():
        yield Finding(place, "subject", _("It is empty. Say what the instrument is about."))
    if found := ABBREVIATION.search(title):
        sentence = _("“%s” is an abbreviation or ends with a full stop. Write it out.") % found[0]
        yield Finding(place, "title", sentence)


def _considerations(draft: Draft) -> Iterator[Finding]:
    if not draft.considerations:
        yield Finding("Menimbang", "considerations", _("There is none. Write why it is made."))
    for piece in draft.considerations:
        place = str(piece.place)
        if not piece.text.startswith("bahwa "):
            yield Finding(
                place, "considerations", _("It does not start with “bahwa”. Add the word.")
            )
        if DANGLING.search(piece.text):
            yield Finding(place, "considerations", _("It ends in mid-sentence. Complete it."))


def _bases(draft: Draft) -> Iterator[Finding]:
    if not draft.sources:
        yield Finding("Mengingat", "bases", _("No law is cited. Choose what it rests on."))
    for number, source in enumerate(draft.sources, start=1):
        place = f"Mengingat angka {number}"
        if problem := source_problem(source):
            yield Finding(place, "bases", problem)
        elif not source.verified:
            sentence = _("The citation of “%s” is not verified yet.") % source.short_citation()
            yield Finding(place, "bases", sentence, Severity.HINT)
    if list(draft.sources) != sorted(draft.sources, key=lambda source: source.position):
        yield Finding(
            "Mengingat",
            "bases",
            _("They do not stand by rank, year and number. Save the draft: Payung orders them."),
        )


def source_problem(source: LegalSource) -> str:
    """Why a piece of law cannot be cited, as a sentence; empty when it can."""
    if source.is_revoked and source.revoked_by:
        return _("“%(source)s” was revoked by %(by)s. Cite that one, or another.") % {
            "source": source.short_citation(),
            "by": source.revoked_by.short_citation(),
        }
    if source.is_revoked:
        return _("“%s” is no longer in force. Take it out.") % source.short_citation()
    if not source.is_citable:
        return _("“%s” has no number yet. Let the legal section complete it.") % source
    return ""


def _clauses(draft: Draft) -> Iterator[Finding]:
    if not any(piece.unit in ("", "pasal") for piece in draft.main):
        place, sentence = _main(draft), _("There is none. Write what is stipulated.")
        yield Finding(place, "clauses", sentence)
    for piece, row in zip(draft.main, draft.rows, strict=True):
        place, text = str(piece.place), row["text"].strip()
        if not text:
            yield Finding(place, "clauses", _("It is empty. Fill it in or take it out."))
        if PLACEHOLDER in text:
            sentence = _("“…” still stands where a text is to be written. Fill it in.")
            yield Finding(place, "clauses", sentence)
        if found := TYPED_LABEL.match(text):
            sentence = _("“%s” is typed. Take it out: Payung counts.") % found[0].strip(" .:")
            yield Finding(place, "clauses", sentence)
    yield from _headings(draft)


def _headings(draft: Draft) -> Iterator[Finding]:
    """A chapter without an article; that of the last one is written by Payung."""
    for piece, following in zip(draft.main, draft.main[1:], strict=False):
        if piece.unit == following.unit == "bab":
            yield Finding(
                str(piece.place), "clauses", _("It has no article. Add one or take it out.")
            )


def _references(draft: Draft) -> Iterator[Finding]:
    for lost in references.unresolved(draft.instrument):
        sentence = _("{ref:%s} leads nowhere. Choose a clause that is there.") % lost.key
        yield Finding(lost.place, "references", sentence)
    for key in references.doubled(draft.instrument):
        sentence = _("[%s] is given twice. Name one of them otherwise.") % key
        yield Finding(_main(draft), "references", sentence)
    for piece in _walked([*draft.considerations, *draft.main]):
        if found := TYPED_REFERENCE.search(piece.text):
            sentence = _("“%s” is typed and will not follow an edit. Use {ref:key}.") % found[0]
            yield Finding(str(piece.place), "references", sentence, Severity.HINT)


def _signatory(draft: Draft) -> Iterator[Finding]:
    name = draft.instrument.signatory_name
    if TITLED.search(name):
        yield Finding(
            _("Signature block"),
            "signatory",
            _("“%s” carries a title. Let the administrator record the plain name.") % name,
        )


def _annex(draft: Draft) -> Iterator[Finding]:
    annex = annex_of(draft.instrument)
    pieces = list(_walked(draft.main))
    naming = [piece for piece in pieces if ANNEX.search(piece.text)]
    if annex and not naming:
        yield Finding("Lampiran", "annex", _("No clause names the annex. Refer to it."))
    if naming and not annex:
        sentence = _("It refers to an annex, and there is none. Take the reference out.")
        yield Finding(str(naming[0].place), "annex", sentence)
    if annex and not draft.instrument.signatory_capacity:
        sentence = _("It has nobody to sign it: the signatory's office is not known.")
        yield Finding("Lampiran", "annex", sentence)


def _cost(draft: Draft) -> Iterator[Finding]:
    content = draft.instrument.content
    block = "body" if draft.is_regulation else "dicta"
    committed = content.get("assembled", {}).get(block, {}).get("cost", "")
    charging = False
    for piece, row in zip(draft.main, draft.rows, strict=True):
        text, place = row["text"], str(piece.place)
        if row.get("key") == "cost" and set(MONEY.findall(text)) != set(MONEY.findall(committed)):
            sentence = _("Its years and amounts are not those that are committed.")
            yield Finding(place, "cost", sentence)
        elif CHARGED.search(text) and not ("Tahun Anggaran" in text and "Rp" in text):
            sentence = _("It charges a budget without naming fiscal year and amount.")
            yield Finding(place, "cost", sentence)
        charging = charging or bool(CHARGED.search(text))
    if CHARGED.search(committed) and not charging:
        yield Finding(_main(draft), "cost", _("No clause says which money it is charged to."))


def _closing(draft: Draft) -> Iterator[Finding]:
    for piece, row in zip(draft.main, draft.rows, strict=True):
        if found := TYPED_CLOSING.search(row["text"]):
            sentence = _("“%s” is written by Payung at the end. Take it out here.") % found[0]
            yield Finding(str(piece.place), "closing", sentence)
    chapters = [piece for piece in draft.main if piece.unit == "bab"]
    if chapters and chapters[-1].text.strip().upper() != "KETENTUAN PENUTUP":
        yield Finding(
            str(chapters[-1].place),
            "closing",
            _("The last chapter is not “KETENTUAN PENUTUP”, where the last article stands."),
        )


def _subject(draft: Draft) -> Iterator[Finding]:
    if draft.instrument.purpose != Instrument.Purpose.STIPULATE:
        return
    name = draft.instrument.innovation.name.casefold()
    texts = [draft.instrument.title, *(row["text"] for row in draft.rows)]
    if not any(name in text.casefold() for text in texts):
        sentence = _("Neither the title nor a clause names the innovation.")
        yield Finding(_main(draft), "subject", sentence, Severity.HINT)


def _dates(draft: Draft) -> Iterator[Finding]:
    start, end = draft.instrument.in_force_from, draft.instrument.in_force_until
    if start and end and end < start:
        yield Finding(
            _("In force until"), "dates", _("It lies before the day from which it is in force.")
        )


def _main(draft: Draft) -> str:
    return "Batang tubuh" if draft.is_regulation else "Diktum"


def _walked(pieces: Sequence[Piece]) -> Iterator[Piece]:
    for piece in pieces:
        yield from piece.walk()


def _reviews(draft: Draft) -> Iterator[Finding]:
    if sentence := review_problem(draft.instrument):
        yield Finding(_("Reviews outside the house"), "reviews", sentence)


CHECKS: tuple[Callable[[Draft], Iterator[Finding]], ...] = (
    *(_title, _considerations, _bases, _clauses, _references, _closing),
    *(_cost, _annex, _subject, _signatory, _dates, _reviews),
)
