"""Instruments as they stood before they said themselves what they stipulate and who signs."""

import datetime
from typing import Any

SIGNED = datetime.datetime(2026, 3, 10, 1, tzinfo=datetime.UTC)
DAY = datetime.date(2026, 3, 10)


def plant(apps: Any) -> None:
    """A decree that was issued with the number 1, and a draft."""
    user = apps.get_model("accounts", "User").objects.create
    unit = apps.get_model("accounts", "Unit").objects.create(code="d", name="Dinas", kind="agency")
    regent = user(username="bupati-lama", name_plain="Rahmi")
    office = apps.get_model("accounts", "Office").objects.create(
        code="bupati-lama", title="Bupati", unit=unit
    )
    innovation = apps.get_model("innovations", "Innovation").objects.create(
        code="INV-2026-0001",
        name="Pala",
        initiator_type="community",
        initiator=user(username="warga-a", name_plain="Warga"),
        owning_unit=unit,
        submitted_at=SIGNED,
    )
    file = apps.get_model("accounts", "StoredFile").objects.create(
        sha256="a" * 64, size=1, media_type="application/pdf", path="aa/a"
    )
    fields = {
        "innovation": innovation,
        "subject_code": innovation.code,
        "place": "Manggar",
        "signatory_office": office,
    }
    instruments = apps.get_model("legal_basis", "Instrument").objects
    decree = instruments.create(
        title="Penetapan",
        status="issued",
        number="100/1",
        dated=DAY,
        signatory=regent,
        signatory_name="Rahmi",
        signatory_capacity="Bupati",
        document=file,
        issued_at=SIGNED,
        **fields,
    )
    instruments.create(title="Rancangan", **fields)
    series = apps.get_model("legal_basis", "NumberSeries").objects.create(
        kind="regent_decree", year=2026, template="{seq}", next_sequence=2
    )
    apps.get_model("legal_basis", "RegisterEntry").objects.create(
        series=series,
        sequence=1,
        number="100/1",
        instrument=decree,
        taken_at=SIGNED,
        dated=DAY,
        status="issued",
    )


def read_old(apps: Any) -> list[Any]:
    """The register as it was."""
    entries = apps.get_model("legal_basis", "RegisterEntry").objects
    return [[one.number, one.instrument.title, one.status] for one in entries.all()]


def read_new(apps: Any) -> dict[str, Any]:
    """What each instrument says of itself, and who wrote the first version of that."""
    instruments = apps.get_model("legal_basis", "Instrument").objects
    return {one.title: _said(apps, one) for one in instruments.order_by("pk")}


def _said(apps: Any, instrument: Any) -> list[Any]:
    stipulated = [row.innovation.name for row in instrument.stipulations.all()]
    signed = [
        [one.order, one.role, one.capacity, one.signed.sha256[:1], one.signed_at.isoformat()]
        for one in instrument.signatures.all()
    ]
    registers = [one.kind for one in instrument.entries.all()]
    versions = [
        [version.history_user.username, version.history_type]
        for name in ("HistoricalStipulation", "HistoricalSignature")
        for version in apps.get_model("legal_basis", name).objects.filter(instrument=instrument.pk)
    ]
    return [stipulated, signed, registers, versions]
