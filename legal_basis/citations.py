"""What an instrument is called, how it is cited, and what its file is named."""

import io
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from .models import Instrument, RegisterEntry
from .relations import number_of
from .wording import KINDS

# As the national network writes them: never translated.
SHORT_FORMS = {
    Instrument.Kind.REGENT_DECREE: "KEPBUP",
    Instrument.Kind.REGENT_REGULATION: "PERBUP",
}


def form_of(instrument: Instrument) -> str:
    """Its form in words: `Peraturan Bupati`."""
    return KINDS[instrument.kind]


def short_form_of(instrument: Instrument) -> str:
    """Its form abbreviated: `PERBUP`."""
    return SHORT_FORMS[Instrument.Kind(instrument.kind)]


def heading_of(instrument: Instrument) -> str:
    """What it is called, in the reader's language: a regulation is told by number and year."""
    told = {"number": instrument.number, "year": instrument.dated.year if instrument.dated else ""}
    if instrument.kind == Instrument.Kind.REGENT_REGULATION:
        return _("Regent regulation No. %(number)s of %(year)s") % told
    return _("Regent decree No. %(number)s") % told


def official_name(instrument: Instrument) -> str:
    """Form, number and year as another instrument cites it: `Peraturan Bupati Nomor 12 Tahun 2026`.

    The number of a decree ends with its year already.
    """
    return f"{form_of(instrument)} Nomor {number_of(instrument)}"


def full_name(instrument: Instrument) -> str:
    """The same with its title: `Keputusan Bupati Nomor … tentang …`."""
    return f"{official_name(instrument)} tentang {instrument.title}"


def gazette_citation(instrument: Instrument, gazette: RegisterEntry | None) -> str:
    """Its source as catalogues cite it: `BD KABUPATEN BELITUNG TIMUR 2026 (12): 10 hlm.`.

    Empty for what is in no gazette.
    """
    if gazette is None or gazette.dated is None:
        return ""
    place = f"BD {settings.REGION['name'].upper()} {gazette.dated.year}"
    cited = f"{place} ({gazette.sequence}{gazette.suffix})"
    return f"{cited}: {pages}" if (pages := physical_description(instrument)) else cited


def physical_description(instrument: Instrument) -> str:
    """How long it is: `10 hlm.`; empty when its file cannot be read."""
    pages = pages_of(instrument)
    return f"{pages} hlm." if pages else ""


def pages_of(instrument: Instrument) -> int | None:
    """How many pages it has: as recorded, else counted in the stored PDF."""
    if instrument.pages or instrument.document is None:
        return instrument.pages
    return _counted(instrument.document.location)


@lru_cache(maxsize=1024)
def _counted(path: Path) -> int | None:
    """Stored files are named by their content: a count stays right."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        return len(PdfReader(io.BytesIO(path.read_bytes())).pages)
    except (OSError, PyPdfError, ValueError):
        return None


def file_name(instrument: Instrument) -> str:
    """Under which name its document is saved: the number with strokes that every disk takes."""
    return f"{instrument.number.replace('/', '-')}.pdf"


def public_address(path: str) -> str:
    """The address at which people outside the office find a page of ours."""
    return f"{settings.PUBLIC_URL}{path}"
