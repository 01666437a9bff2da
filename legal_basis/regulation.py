"""What only a Peraturan Bupati has: invocation, plain number, promulgation, gazette line."""

from django.conf import settings

from . import wording
from .models import Instrument, Signature

INVOCATION = "DENGAN RAHMAT TUHAN YANG MAHA ESA"
PROMULGATOR = "Sekretaris Daerah"


def number_line(instrument: Instrument) -> str:
    """`NOMOR 64 TAHUN 2014`: the number is a plain integer of its year."""
    number = instrument.number or wording.SHORT_DOTS
    year = instrument.dated.year if instrument.dated else wording.SHORT_DOTS
    return f"NOMOR {number} TAHUN {year}"


def gazette_line(instrument: Instrument) -> str:
    """`BERITA DAERAH KABUPATEN … TAHUN 2014 NOMOR 65`, with dots until it has its place there."""
    entry = instrument.gazette_entry if instrument.number else None
    year = entry.series.year if entry else wording.SHORT_DOTS
    number = entry.number if entry else wording.SHORT_DOTS
    return f"BERITA DAERAH {settings.REGION['name'].upper()} TAHUN {year} NOMOR {number}"


def promulgator(instrument: Instrument) -> tuple[str, str]:
    """Office and name of whoever promulgates; the name is empty until that is settled."""
    planned = (
        instrument.pk
        and instrument.signatures.filter(role=Signature.Role.PROMULGATOR)
        .select_related("office")
        .first()
    )
    if not planned:
        return _of_the_region(PROMULGATOR).upper(), ""
    title = _of_the_region(planned.office.title)
    capacity = planned.capacity
    if title not in capacity:
        capacity = capacity.replace(planned.office.title, title)
    return wording.printed_capacity(capacity, title), planned.name.upper()


def _of_the_region(title: str) -> str:
    """The full title: other regions have a secretary, too."""
    region = settings.REGION["name"]
    return title if region in title else f"{title} {region}"
