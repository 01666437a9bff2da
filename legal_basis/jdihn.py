"""The feed from which the national legal network (JDIHN) takes over what was published here."""

import json
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from .citations import (
    file_name,
    form_of,
    full_name,
    gazette_citation,
    physical_description,
    public_address,
    short_form_of,
)
from .models import GAZETTE, Instrument, Publication, RegisterEntry
from .public_state import Standing, standings

# What the samples of other regencies say; what other values would mean is not known.
OPERATION = "4"
DISPLAY = "1"
LANGUAGE = "Indonesia"
STATUS = {True: "Berlaku", False: "Tidak Berlaku"}
CHUNK = 200


def published() -> QuerySet[Publication]:
    """What goes to the network: published instruments of the kinds that the settings name."""
    return Publication.objects.filter(
        instrument__status=Instrument.Status.ISSUED, instrument__kind__in=settings.JDIH_KINDS
    ).select_related("instrument__document")


def feed() -> Iterator[str]:
    """The bare array as JSON text, piece by piece, in the order of publication.

    Each piece is asked for by itself: a slow reader holds no query open.
    """
    yield "["
    between = ""
    for chunk in _chunks():
        for record in _records(chunk):
            yield f"{between}{json.dumps(record, ensure_ascii=False)}"
            between = ",\n"
    yield "]"


def _chunks() -> Iterator[list[Publication]]:
    last = 0
    while chunk := list(published().filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield chunk
        last = chunk[-1].pk


def _records(chunk: list[Publication]) -> Iterator[dict[str, str]]:
    instruments = [one.instrument for one in chunk]
    standing, gazettes = standings(instruments), _gazette_entries(instruments)
    for one in chunk:
        pk = one.instrument_id
        yield record_of(one, gazette=gazettes.get(pk), standing=standing[pk])


def _gazette_entries(instruments: Iterable[Instrument]) -> dict[int | None, RegisterEntry]:
    entries = RegisterEntry.objects.filter(kind=GAZETTE, instrument__in=list(instruments))
    return {one.instrument_id: one for one in entries.exclude(status="cancelled")}


def record_of(
    publication: Publication, *, gazette: RegisterEntry | None, standing: Standing
) -> dict[str, str]:
    """One entry with all the keys of the network; every value is text."""
    instrument = publication.instrument
    day = (gazette.dated if gazette else None) or instrument.dated
    return {
        "idData": str(instrument.pk),
        "tahun_pengundangan": str(day.year) if day else "",
        "tanggal_pengundangan": day.isoformat() if day else "",
        "jenis": form_of(instrument),
        "noPeraturan": instrument.number,
        "judul": full_name(instrument),
        "noPanggil": publication.call_number,
        "singkatanJenis": short_form_of(instrument),
        "tempatTerbit": instrument.place,
        "penerbit": f"Bagian Hukum Sekretariat Daerah {settings.REGION['name']}",
        "deskripsiFisik": physical_description(instrument),
        "sumber": gazette_citation(instrument, gazette),
        "subjek": publication.subjects,
        "isbn": "",
        "status": STATUS[standing.in_force],
        "bahasa": LANGUAGE,
        "bidangHukum": publication.field_of_law,
        "teuBadan": corporate_heading(),
        "nomorIndukBuku": "",
        **_addresses(publication),
        "lokasi": f"Bagian Hukum Sekretariat Daerah {settings.REGION['name']}",
        "operasi": OPERATION,
        "display": DISPLAY,
    }


def corporate_heading() -> str:
    """The responsible body as catalogues head it: `Belitung Timur (Kabupaten)`."""
    form = settings.REGION["name"].removesuffix(settings.REGION["short"]).strip()
    return f"{settings.REGION['short']} ({form})" if form else settings.REGION["short"]


def abstract_name(instrument: Instrument) -> str:
    """Under which name its abstract is saved."""
    return f"abstrak-{file_name(instrument).removesuffix('.pdf')}.txt"


def _addresses(publication: Publication) -> dict[str, str]:
    instrument = publication.instrument
    token, has_abstract = [instrument.token], bool(publication.abstract)
    abstract = public_address(reverse("verify_abstract", args=token))
    return {
        "fileDownload": file_name(instrument),
        "urlDownload": public_address(reverse("verify_document", args=token)),
        "abstrak": abstract_name(instrument) if has_abstract else "",
        "urlAbstrak": abstract if has_abstract else "",
        "urlDetailPeraturan": public_address(reverse("verify", args=token)),
    }
