"""A regent, an innovation and its decree, in every state a test may start from."""

import datetime
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from accounts.acting import acting_as
from accounts.files.storage import store
from accounts.models import Appointment, Office, User
from accounts.offices import today
from innovations.models import Innovation
from legal_basis.authority import make_authority
from legal_basis.clauses import AnnexRow, DraftFacts
from legal_basis.drafting import assemble
from legal_basis.master_data import load_master_data
from legal_basis.models import Instrument, LegalRelation, RegisterEntry
from legal_basis.numbering import Promulgator, take_number
from legal_basis.rendering import render_pdf
from legal_basis.signing import SignatureRequest, sign
from tests.house.databases import Rows, starting_from
from tests.innovations.factories import (
    AppointmentFactory,
    InnovationFactory,
    OfficeFactory,
    UnitFactory,
    UserFactory,
)
from workflow.flows.institutionalisation import Institutionalisation
from workflow.models import Case

ANNEX_ROW: AnnexRow = {
    "pillar": "Kesehatan (70%); Pendidikan (30%)",
    "programme": "Program Pemenuhan Upaya Kesehatan",
    "indicator": "Calon pengantin yang diskrining",
    "measure": "persen",
    "baseline": "41,2 (2025)",
    "targets": {2026: "60", 2027: "85"},
}
_law = Rows()


def system() -> User:
    """The system account; a test that empties the tables takes it away."""
    found = User.objects.filter(username=User.SYSTEM).first()
    if found is None:
        found = User(username=User.SYSTEM, name_plain="Sistem")
        with acting_as(found):
            found.save()
    return found


def regent() -> Appointment:
    """Who holds the regent's office."""
    system()
    office = Office.objects.filter(code="bupati").first()
    if office:
        return office.appointments.select_related("user", "office").get()
    office = OfficeFactory(
        code="bupati",
        title="Bupati Belitung Timur",
        unit=UnitFactory(code="pimpinan", name="Bupati dan Wakil Bupati", kind="regency"),
        signs_without_titles=True,
    )
    person = UserFactory(
        username="bupati", name_plain="Rahmi Puspasari", title_suffix="S.E., M.Si.", nip="1" * 18
    )
    return AppointmentFactory(user=person, office=office, start=datetime.date(2025, 2, 20))


def head_of_legal_section() -> Appointment:
    """Who heads the legal section."""
    regent()
    found = Appointment.objects.filter(office__code="kabag-hukum").first()
    if found:
        return found
    office = Office.objects.filter(code="kabag-hukum").first() or OfficeFactory(
        code="kabag-hukum",
        title="Kepala Bagian Hukum",
        unit=UnitFactory(code="bagian-hukum", name="Bagian Hukum", kind="division"),
        is_head=True,
    )
    person = UserFactory(
        username="hukum",
        name_plain="Sulaiman Hadi",
        title_suffix="S.H., M.H.",
        nip="197903112005011004",
        rank="Pembina (IV/a)",
    )
    return AppointmentFactory(user=person, office=office, start=datetime.date(2024, 1, 2))


def innovation(**fields: Any) -> Innovation:
    """An innovation that has come as far as drafting."""
    regent()
    unit = fields.pop("owning_unit", None) or UnitFactory(name="Dinas Kesehatan")
    named = {
        "name": "SIE CANTIK",
        "objective": "Meningkatkan skrining kesehatan calon pengantin.",
    }
    return InnovationFactory(owning_unit=unit, **(named | fields))


def facts(**changed: Any) -> DraftFacts:
    """What a case tells the drafter."""
    told: dict[str, Any] = {
        "signatory_office": "bupati",
        "owner": "Kepala Dinas Kesehatan",
        "custodian": "Kepala Puskesmas Gantung",
        "coordinator": "Kepala Badan Perencanaan Pembangunan",
        "monitoring_months": 6,
        "pillar": "Kesehatan",
        "programme": "Program Pemenuhan Upaya Kesehatan",
        "cost": [
            {
                "fiscal_year": 2026,
                "amount": Decimal("150000000.00"),
                "source": "Anggaran Pendapatan dan Belanja Daerah Kabupaten Belitung Timur",
            },
            {"fiscal_year": 2027, "amount": Decimal("1100000.50"), "source": "Dana BOK"},
        ],
        "annex_rows": [ANNEX_ROW],
        "copy_recipients": ["Sekretaris Daerah", "Inspektur Daerah"],
    }
    return {**told, **changed}  # type: ignore[typeddict-item]


def with_the_law() -> AbstractContextManager[None]:
    """The curated law and the clauses, committed, for tests that draft."""
    return starting_from(_law, _load_the_law)


def _load_the_law() -> None:
    with transaction.atomic():
        load_master_data(system())


def draft(subject: Innovation | None = None, **changed: Any) -> Instrument:
    """An assembled draft."""
    subject = subject or innovation()
    with transaction.atomic():
        load_master_data(system())
        return assemble(system(), subject, facts(**changed))


def regulation(subject: Innovation | None = None) -> Instrument:
    """An assembled draft that becomes a regulation."""
    made = draft(subject)
    with acting_as(system()), transaction.atomic():
        made.kind = Instrument.Kind.REGENT_REGULATION
        made.save()
        return assemble(system(), made.innovation, facts())


def secretary(capacity: str = "Sekretaris Daerah") -> Promulgator:
    """Who promulgates regulations."""
    regent()
    office = Office.objects.filter(code="sekda").first() or OfficeFactory(
        code="sekda",
        title="Sekretaris Daerah",
        unit=UnitFactory(code="setda", name="Sekretariat Daerah", kind="division"),
        signs_without_titles=True,
    )
    person = UserFactory(
        username="sekda", name_plain="Haryono Moelyo", title_prefix="Dr.", nip="2" * 18
    )
    return Promulgator(person=person, capacity=capacity, office=office)


def number(instrument: Instrument, promulgator: Promulgator | None = None) -> RegisterEntry:
    """Let the regent sign: the draft gets its number."""
    signatory = regent()
    with transaction.atomic():
        return take_number(
            system(),
            instrument,
            signatory=signatory.user,
            capacity=signatory.title,
            promulgator=promulgator,
        )


def numbered(**changed: Any) -> Instrument:
    """A draft that has its number."""
    instrument = draft(**changed)
    number(instrument)
    return instrument


def on_its_way(**changed: Any) -> Instrument:
    """A numbered instrument of a case that waits for its document to be issued."""
    return with_case(numbered(**changed))


def with_case(instrument: Instrument) -> Instrument:
    """The same, with the case that it belongs to."""
    if not Office.objects.filter(code="kabag-hukum").exists():
        OfficeFactory(code="kabag-hukum", title="Kepala Bagian Hukum")
    with acting_as(system()):
        Case.objects.create(
            flow_class=Institutionalisation,
            innovation=instrument.innovation,
            code=instrument.subject_code,
            stage="issuing",
        )
    return instrument


def issued(document: bytes, **fields: Any) -> Instrument:
    """An issued instrument whose signed bytes are these."""
    instrument = numbered()
    with acting_as(system()), transaction.atomic():
        instrument.document = store(document, media_type="application/pdf")
        instrument.status = Instrument.Status.ISSUED
        instrument.issued_at = timezone.now()
        for name, value in fields.items():
            setattr(instrument, name, value)
        instrument.save()
        instrument.entries.update(status=RegisterEntry.Status.ISSUED)
    return instrument


def revoked(instrument: Instrument) -> Instrument:
    """The same, after another one that revokes it was issued today."""
    with acting_as(system()):
        revoking = Instrument.objects.create(
            innovation=instrument.innovation,
            subject_code=instrument.subject_code,
            title="Pencabutan",
            purpose=Instrument.Purpose.REVOKE,
            number="9",
            status=Instrument.Status.ISSUED,
            place=instrument.place,
            dated=today(),
            in_force_from=today(),
            issued_at=timezone.now(),
            signatory_office=instrument.signatory_office,
            document=instrument.document,
        )
        revoking.acts_on.create(target=instrument, kind=LegalRelation.Kind.REVOKES)
    return instrument


class Decree(NamedTuple):
    """A decree laid out and signed, without its rows."""

    number: str
    token: str
    unsigned: bytes
    signed: bytes


def request_of(instrument: Instrument) -> SignatureRequest:
    """What the issuer asks of the way to sign."""
    assert instrument.signatory is not None
    return SignatureRequest(
        signatory=instrument.signatory,
        name=instrument.signatory_name,
        capacity=instrument.signatory_capacity,
        place=instrument.place,
        reason="Penetapan",
    )


def printed_decree() -> Decree:
    """Lay out and sign one; its rows are rolled back."""
    make_authority()
    with transaction.atomic():
        instrument = numbered()
        unsigned = render_pdf(instrument)
        signed = sign(unsigned, request_of(instrument))
        transaction.set_rollback(True)
    return Decree(instrument.number, str(instrument.token), unsigned, signed)
