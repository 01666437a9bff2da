"""Innovations, their people and files, for tests of this floor and above."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from factory.declarations import LazyAttribute, LazyFunction, Sequence, SubFactory
from factory.django import DjangoModelFactory

from accounts.acting import acting_as, current_actor
from accounts.models import Appointment, Office, Unit, User
from accounts.offices import today
from innovations import proposals
from innovations.drafts import attach_file, save_draft
from innovations.models import (
    ConflictDeclaration,
    Draft,
    Evidence,
    EvidenceKind,
    Innovation,
    Participant,
)
from innovations.statuses import change_status
from tests.accounts.factories import stored_file
from tests.accounts.files import samples as files

WORDS = (
    "Petugas mendatangi calon pengantin di kantor desa, mencatat hasil skrining di gawai, dan "
    "mengirimkannya ke puskesmas pada hari yang sama. "
)
DESIGN = (WORDS * 20).strip()


class RecordedFactory(DjangoModelFactory):
    """Writes in the name of whoever acts, else of the system."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        with acting_as(current_actor() or User.objects.system()):
            return super()._create(model_class, *args, **kwargs)


class UnitFactory(RecordedFactory):
    class Meta:
        model = Unit

    code = Sequence(lambda n: f"badan-{n}")
    name = Sequence(lambda n: f"Dinas Percontohan {n}")
    kind = Unit.Kind.AGENCY


class UserFactory(RecordedFactory):
    class Meta:
        model = User

    username = Sequence(lambda n: f"pengusul{n}")
    name_plain = Sequence(lambda n: f"Orang Percontohan {n}")
    email = LazyAttribute(lambda user: f"{user.username}@beltim.example")
    home_unit = SubFactory(UnitFactory)


class OfficeFactory(RecordedFactory):
    class Meta:
        model = Office

    code = Sequence(lambda n: f"ketua-{n}")
    title = LazyAttribute(lambda office: f"Kepala {office.unit.name}")
    unit = SubFactory(UnitFactory)
    is_head = True


class AppointmentFactory(RecordedFactory):
    class Meta:
        model = Appointment

    user = SubFactory(UserFactory)
    office = SubFactory(OfficeFactory)
    start = LazyFunction(today)
    basis_number = "821/1/2026"
    basis_date = LazyFunction(today)


def headed_unit(**fields: Any) -> Unit:
    """A unit that somebody's office heads: one that may own innovations."""
    unit: Unit = UnitFactory.create(**fields)
    OfficeFactory.create(unit=unit)
    return unit


class InnovationFactory(RecordedFactory):
    class Meta:
        model = Innovation

    code = Sequence(lambda n: f"INV-2026-{n + 9000}")
    name = Sequence(lambda n: f"Inovasi Percontohan {n}")
    initiator_type = Innovation.InitiatorType.COMMUNITY
    initiator = SubFactory(UserFactory)
    owning_unit = LazyFunction(headed_unit)
    form = Innovation.Form.PUBLIC_SERVICE
    affair = Innovation.Affair.HEALTH
    innovation_class = Innovation.InnovationClass.AGENCY
    problem = "Calon pengantin baru diperiksa setelah menikah."
    design_description = DESIGN
    objective = "Setiap calon pengantin diskrining."
    benefit = "Kehamilan berisiko diketahui lebih awal."
    outcome = "Seluruh calon pengantin di tujuh kecamatan diskrining."
    submitted_at = LazyFunction(timezone.now)


class ParticipantFactory(RecordedFactory):
    class Meta:
        model = Participant

    innovation = SubFactory(InnovationFactory)
    user = SubFactory(UserFactory)


class ConflictDeclarationFactory(RecordedFactory):
    class Meta:
        model = ConflictDeclaration

    innovation = SubFactory(InnovationFactory)
    person = SubFactory(UserFactory)
    stage = "verification"
    kind = ConflictDeclaration.Kind.NONE


class EvidenceFactory(RecordedFactory):
    class Meta:
        model = Evidence

    innovation = SubFactory(InnovationFactory)
    kind = EvidenceKind.SUPPORT
    title = "Laporan"
    name = "laporan.png"
    file = LazyFunction(lambda: stored_file())


def typed(unit: Unit | None = None, **fields: Any) -> dict[str, Any]:
    """What somebody types who fills in everything, as a member of the community."""
    return {
        "name": "SIE CANTIK",
        "initiator_type": "community",
        "owning_unit": (unit or headed_unit()).code,
        "co_initiators": [],
        "form": "public_service",
        "is_digital": True,
        "affair": "health",
        "innovation_class": "agency",
        "problem": "Calon pengantin baru diperiksa setelah menikah.",
        "design_description": DESIGN,
        "objective": "Setiap calon pengantin diskrining.",
        "benefit": "Kehamilan berisiko diketahui lebih awal.",
        "outcome": "Seluruh calon pengantin diskrining.",
        "budget_need": "150.000.000",
        "already_running": False,
        "running_since": "",
    } | fields


def draft_of(owner: User, **fields: Any) -> Draft:
    """A draft in which everything is filled in."""
    return save_draft(owner, None, typed(**fields))


def drop(owner: User, draft: Draft, kind: str = "support", **about: Any) -> Any:
    """A picture on a draft, of its own bytes for each kind."""
    colour = f"#{sum(kind.encode()) % 256:02x}0000"
    uploaded = files.upload(f"{kind}.png", files.picture(colour=colour))
    return attach_file(owner, draft, uploaded, {"kind": kind, **about})


def submitted(owner: User | None = None, **fields: Any) -> Innovation:
    """An innovation that went through the submission itself."""
    initiator: User = owner or UserFactory.create()
    with transaction.atomic():
        return proposals.submit_draft(initiator, draft_of(initiator, **fields))


def returned(innovation: Innovation, by: User | None = None) -> Innovation:
    """The innovation, returned for revision."""
    official: User = by or UserFactory.create()
    with transaction.atomic():
        return change_status(official, innovation, "returned", reason="Lengkapi rancang bangunnya.")
