"""What instruments are to each other: how one is cited, what it rests on, what rests on it."""

from collections.abc import Sequence

from django.conf import settings
from django.db.models import Q, QuerySet
from num2words import num2words

from .models import Instrument, LegalBasis, LegalRelation, LegalSource
from .wording import KINDS

Kind, Purpose = Instrument.Kind, Instrument.Purpose
# A regulation stands above a decree; what stands lower revokes nothing that stands higher.
RANKS = {Kind.REGENT_DECREE: 1, Kind.REGENT_REGULATION: 2}
RELATION_OF = {
    Purpose.AMEND: LegalRelation.Kind.AMENDS,
    Purpose.REVOKE: LegalRelation.Kind.REVOKES,
    Purpose.CORRECT: LegalRelation.Kind.CORRECTS,
}
UNDER_WAY = (
    Instrument.Status.DRAFT,
    Instrument.Status.NUMBERED,
    Instrument.Status.RENDERED,
    Instrument.Status.FAILED,
)


def form_of(instrument: Instrument) -> str:
    """`Keputusan Bupati Belitung Timur`."""
    return f"{KINDS[instrument.kind]} {settings.REGION['short']}"


def number_of(instrument: Instrument) -> str:
    """The number as it is cited; that of a regulation goes with its year: `8 Tahun 2027`."""
    if instrument.kind == Kind.REGENT_REGULATION and instrument.dated:
        return f"{instrument.number} Tahun {instrument.dated.year}"
    return instrument.number


def short_citation(instrument: Instrument) -> str:
    """Form and number as instruments write them: `Peraturan Bupati Belitung Timur Nomor 8 …`."""
    return f"{form_of(instrument)} Nomor {number_of(instrument)}"


def citation(instrument: Instrument) -> str:
    """The same with the title: `Keputusan Bupati Belitung Timur Nomor … tentang …`."""
    return f"{short_citation(instrument)} tentang {instrument.title}"


def ordinal(number: int) -> str:
    """Which amendment it is, as titles write it: ``, `Kedua`, `Ketiga`, … `Kedua Belas`."""
    return f"Ke{num2words(number, lang='id')}".title() if number > 1 else ""


def instruments_of(innovation_id: int) -> QuerySet[Instrument]:
    """The instruments that were drafted for an innovation or stipulate it, the newest first."""
    own = Q(innovation=innovation_id)
    stipulating = Q(stipulations__innovation=innovation_id, stipulations__withdrawn=False)
    return Instrument.objects.filter(own | stipulating).distinct().order_by("-pk")


def acts_of(instrument: Instrument) -> list[LegalRelation]:
    """What the instrument does to others."""
    return list(instrument.acts_on.select_related("target"))


def drafts_acting_on(targets: Sequence[Instrument]) -> QuerySet[LegalRelation]:
    """What instruments that are still under way are to do to these."""
    return LegalRelation.objects.filter(target__in=targets, instrument__status__in=UNDER_WAY)


def source_of(instrument: Instrument) -> LegalSource | None:
    """The row of the curated law that is this regulation, if it is kept there."""
    if instrument.kind != Kind.REGENT_REGULATION or instrument.dated is None:
        return None
    return LegalSource.objects.filter(
        kind=LegalSource.Kind.REGENT_REGULATION,
        number=instrument.number,
        year=instrument.dated.year,
    ).first()


def resting_on(instrument: Instrument) -> list[Instrument]:
    """The issued instruments that fall or stand with it: its amendments, and those that cite it."""
    amending = LegalRelation.objects.filter(target=instrument, kind=LegalRelation.Kind.AMENDS)
    found = Instrument.objects.filter(pk__in=amending.values("instrument"))
    if (source := source_of(instrument)) is not None:
        citing = LegalBasis.objects.filter(source=source).values("instrument")
        found = found | Instrument.objects.filter(pk__in=citing)
    return list(found.filter(status=Instrument.Status.ISSUED).exclude(pk=instrument.pk))
