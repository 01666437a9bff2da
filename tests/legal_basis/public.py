"""Issued instruments of several kinds and fates, as the public finds them."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.acting import acting_as
from accounts.files.storage import store
from accounts.models import Office
from accounts.offices import today
from legal_basis.models import (
    GAZETTE,
    Instrument,
    LegalRelation,
    NumberSeries,
    RegisterEntry,
    Signature,
)
from legal_basis.publishing import publish
from tests.innovations.factories import AppointmentFactory, OfficeFactory, UserFactory

from .factories import innovation, regent, system


def entry(kind: str, sequence: int, number: str, **fields: Any) -> RegisterEntry:
    """A row of the register of this year."""
    year = fields.pop("year", today().year)
    template = {"template": "{seq}"}
    with acting_as(system()):
        series, _ = NumberSeries.objects.get_or_create(kind=kind, year=year, defaults=template)
        values = {"status": "issued", "dated": today(), "taken_at": timezone.now()} | fields
        return RegisterEntry.objects.create(
            series=series, kind=kind, sequence=sequence, number=number, **values
        )


def instrument(number: str = "12", *, content: bytes = b"", **fields: Any) -> Instrument:
    """An issued instrument that was never laid out; a regulation unless told otherwise."""
    office = regent().office
    subject = fields.pop("innovation", None) or innovation()
    values: dict[str, Any] = {
        "kind": Instrument.Kind.REGENT_REGULATION,
        "title": "Penyelenggaraan Inovasi SIE CANTIK",
        "status": Instrument.Status.ISSUED,
        "place": "Manggar",
        "dated": today(),
        "in_force_from": today(),
        "issued_at": timezone.now(),
        "signatory_office": office,
        "signatory": regent().user,
        "signatory_name": "Rahmi Puspasari",
        "signatory_capacity": office.title,
        "pages": 10,
    } | fields
    with acting_as(system()), transaction.atomic():
        values["document"] = store(content or number.encode(), media_type="application/pdf")
        made = Instrument.objects.create(
            innovation=subject, subject_code=subject.code, number=number, **values
        )
        made.stipulations.create(innovation=subject)
    return made


def regulation(sequence: int = 12, **fields: Any) -> Instrument:
    """An issued regulation in the register and in the regional gazette."""
    made = instrument(str(sequence), **fields)
    entry(made.kind, sequence, str(sequence), instrument=made, dated=made.dated)
    entry(GAZETTE, sequence, str(sequence), instrument=made, dated=made.dated)
    return made


def acted(other: Instrument, target: Instrument, kind: str, parts: str = "") -> LegalRelation:
    """One instrument does something to another."""
    with acting_as(system()):
        return other.acts_on.create(target=target, kind=kind, parts=parts)


def published(made: Instrument, **fields: str) -> Instrument:
    """The same, made public."""
    with transaction.atomic():
        publish(system(), made, published_on=made.dated or today(), **fields)
    return made


def promulgator() -> Office:
    """The office of the regional secretary, held for a week by a substitute with a letter."""
    office = OfficeFactory(code="sekda", title="Sekretaris Daerah")
    AppointmentFactory(
        user=UserFactory(name_plain="Andi Saputra"),
        office=office,
        capacity="plh",
        start=today(),
        end=today() + datetime.timedelta(days=6),
        basis_number="100.3/7/2026",
        basis_date=datetime.date(2026, 1, 5),
    )
    return office


def signed_by_two(made: Instrument) -> Instrument:
    """The same, with the rows of the regent's signature and of the promulgation."""
    secretary = promulgator()
    substitute = secretary.appointments.get().user
    assert made.signatory is not None
    with acting_as(system()):
        for order, role, office, person, name, capacity in (
            (1, "signatory", made.signatory_office, made.signatory, "Rahmi Puspasari", "Bupati"),
            (2, "promulgator", secretary, substitute, "Andi Saputra", "Plh. Sekretaris Daerah"),
        ):
            Signature.objects.create(
                instrument=made,
                order=order,
                role=role,
                office=office,
                person=person,
                name=name,
                capacity=capacity,
                signed=made.document,
                signed_at=timezone.now(),
            )
    return made
