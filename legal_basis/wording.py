"""The language of instruments: always Indonesian, whatever the reader's screen speaks."""

import datetime
import re
from collections.abc import Sequence
from decimal import Decimal
from string import ascii_lowercase

from num2words import num2words

# How running text names an instrument of each kind.
KINDS = {"regent_decree": "Keputusan Bupati", "regent_regulation": "Peraturan Bupati"}
MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
ROMAN_SIGNS = (
    *((100, "C"), (90, "XC"), (50, "L"), (40, "XL")),
    *((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)
FIRST_NINE = (
    *("KESATU", "KEDUA", "KETIGA", "KEEMPAT", "KELIMA"),
    *("KEENAM", "KETUJUH", "KEDELAPAN", "KESEMBILAN"),
)
# What stands where a number or a day is still to come.
DOTS, SHORT_DOTS = "…………………………", "………"
MOST_CLAUSES = len(ascii_lowercase)
# Substitutes keep their prefix as it is written, the office itself is printed in capitals.
ON_BEHALF = "a.n. "
PREFIX = re.compile(r"^(Plt|Plh|Pj|Pjs)\.\s+(.*)$", re.S)


def long_date(day: datetime.date) -> str:
    """A day as instruments write it: `17 November 2026`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def dictum_label(position: int) -> str:
    """The label of the dictum at `position` (from 1): KESATU, ..., KESEPULUH, KESEBELAS, ..."""
    if position < 10:
        return FIRST_NINE[position - 1]
    if position == 10:
        return "KESEPULUH"
    if position == 11:
        return "KESEBELAS"
    return f"KE{num2words(position, lang='id')}".upper()


def letter(position: int) -> str:
    """The letter of the item at `position` (from 1); after z come aa, bb and so on.

    Not a1: that is a letter which an amendment has inserted behind a (UU 12/2011, annex II).
    """
    round_, at = divmod(position - 1, len(ascii_lowercase))
    return ascii_lowercase[at] * (round_ + 1)


def roman(number: int) -> str:
    """A count in Roman signs: `IV`."""
    signs = ""
    for value, sign in ROMAN_SIGNS:
        times, number = divmod(number, value)
        signs += sign * times
    return signs


def joined(items: Sequence[str]) -> str:
    """A list in running text: `a`, `a dan b`, `a, b, dan c`."""
    if len(items) < 3:
        return " dan ".join(items)
    return f"{', '.join(items[:-1])}, dan {items[-1]}"


def closing_consideration(before: int, title: str, kind: str = "regent_decree") -> str:
    """The last consideration, which names those before it and what is to be stipulated."""
    letters = joined([f"huruf {letter(position)}" for position in range(1, before + 1)])
    return (
        f"bahwa berdasarkan pertimbangan sebagaimana dimaksud dalam {letters}, "
        f"perlu menetapkan {KINDS[kind]} tentang {title}"
    )


def closing_clause(
    kind: str, in_force_from: datetime.date | None, until: datetime.date | None = None
) -> str:
    """From when it is in force: a day that was stated, else that of its making or promulgation."""
    made = " diundangkan" if kind == "regent_regulation" else " ditetapkan"
    when = f" {long_date(in_force_from)}" if in_force_from else made
    end = f" sampai dengan tanggal {long_date(until)}" if until else ""
    return f"{KINDS[kind]} ini mulai berlaku pada tanggal{when}{end}."


def promulgation_order(kind: str, region: str) -> str:
    """The sentence that has a regulation placed in the regional gazette."""
    return (
        f"Agar setiap orang mengetahuinya, memerintahkan pengundangan {KINDS[kind]} ini dengan "
        f"penempatannya dalam Berita Daerah {region}."
    )


def amount(value: Decimal) -> str:
    """Money in figures and words: `Rp1.500.000,00 (satu juta lima ratus ribu rupiah)`."""
    whole, sen = divmod(int((value * 100).to_integral_value()), 100)
    figures = f"{whole:,}".replace(",", ".")
    words = f"{num2words(whole, lang='id')} rupiah"
    if sen:
        words += f" {num2words(sen, lang='id')} sen"
    return f"Rp{figures},{sen:02d} ({words})"


def counted(number: int) -> str:
    """A count in figures and words: `6 (enam)`."""
    return f"{number} ({num2words(number, lang='id')})"


def printed_capacity(capacity: str, office: str) -> str:
    """A capacity as the signature block prints it; a delegate's own office stands below.

    `Plh. BUPATI BELITUNG TIMUR`; `a.n. BUPATI BELITUNG TIMUR`, `SEKRETARIS DAERAH`.
    """
    if not capacity.startswith(ON_BEHALF):
        return _printed(capacity)
    before, _office, own = capacity.removeprefix(ON_BEHALF).partition(office)
    own = own.removeprefix(", ").upper()
    return f"{ON_BEHALF}{_printed(before + office)}" + (f"\n{own}" if own else "")


def _printed(title: str) -> str:
    if found := PREFIX.match(title):
        return f"{found[1]}. {found[2].upper()}"
    return title.upper()


def without_stop(text: str) -> str:
    """A clause without the mark at its end, so that the layout can set the right one."""
    return text.strip().rstrip(".;,").rstrip()


def first_sentence(text: str) -> str:
    """The first sentence of a text, without its full stop."""
    return without_stop(re.split(r"(?<=[.!?])\s+(?=[A-Z])|\n", text.strip(), maxsplit=1)[0])


def lowered(text: str) -> str:
    """Running text that starts in lower case, unless its first word is an acronym."""
    first = text.split(" ", 1)[0]
    return text if first[1:] != first[1:].lower() else text[:1].lower() + text[1:]
