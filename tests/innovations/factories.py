"""Innovations, their people and files, for tests of this floor and above."""

from typing import Any

import factory
from django.db import transaction
from django.utils import timezone

from accounts.acting import acting_as, current_actor
from accounts.models import Appointment, Office, Unit, User
from accounts.offices import today
from innovations import proposals
from innovations.drafts import attach_file, save_draft
from innovations.models import Draft, Evidence, EvidenceKind, Innovation, Participant, StoredFile
from innovations.statuses import change_status
from innovations.storage import store

from . import files

WORDS = (
    "Petugas mendatangi calon pengantin di kantor desa, mencatat hasil skrining di gawai, dan "
    "mengirimkannya ke puskesmas pada hari yang sama. "
)
DESIGN = (WORDS * 20).strip()


class RecordedFactory(factory.django.DjangoModelFactory):
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

    code = factory.Sequence(lambda n: f"unit-{n}")
    name = factory.Sequence(lambda n: f"Dinas Percontohan {n}")
    kind = Unit.Kind.AGENCY


class UserFactory(RecordedFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"orang{n}")
    name_plain = factory.Sequence(lambda n: f"Orang Percontohan {n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@beltim.example")
    home_unit = factory.SubFactory(UnitFactory)


class OfficeFactory(RecordedFactory):
    class Meta:
        model = Office

    code = factory.Sequence(lambda n: f"kepala-{n}")
    title = factory.LazyAttribute(lambda office: f"Kepala {office.unit.name}")
    unit = factory.SubFactory(UnitFactory)
    is_head = True


class AppointmentFactory(RecordedFactory):
    class Meta:
        model = Appointment

    user = factory.SubFactory(UserFactory)
    office = factory.SubFactory(OfficeFactory)
    start = factory.LazyFunction(today)
    basis_number = "821/1/2026"
    basis_date = factory.LazyFunction(today)


def headed_unit(**fields: Any) -> Unit:
    """A unit that somebody's office heads: one that may own innovations."""
    unit = UnitFactory(**fields)
    OfficeFactory(unit=unit)
    return unit


class InnovationFactory(RecordedFactory):
    class Meta:
        model = Innovation

    code = factory.Sequence(lambda n: f"INV-2026-{n + 9000}")
    name = factory.Sequence(lambda n: f"Inovasi Percontohan {n}")
    initiator_type = Innovation.InitiatorType.COMMUNITY
    initiator = factory.SubFactory(UserFactory)
    owning_unit = factory.LazyFunction(headed_unit)
    form = Innovation.Form.PUBLIC_SERVICE
    affair = Innovation.Affair.HEALTH
    innovation_class = Innovation.InnovationClass.AGENCY
    problem = "Calon pengantin baru diperiksa setelah menikah."
    design_description = DESIGN
    objective = "Setiap calon pengantin diskrining."
    benefit = "Kehamilan berisiko diketahui lebih awal."
    outcome = "Seluruh calon pengantin di tujuh kecamatan diskrining."
    submitted_at = factory.LazyFunction(timezone.now)


class ParticipantFactory(RecordedFactory):
    class Meta:
        model = Participant

    innovation = factory.SubFactory(InnovationFactory)
    user = factory.SubFactory(UserFactory)


class EvidenceFactory(RecordedFactory):
    class Meta:
        model = Evidence

    innovation = factory.SubFactory(InnovationFactory)
    kind = EvidenceKind.SUPPORT
    title = "Laporan"
    name = "laporan.png"
    file = factory.LazyFunction(lambda: stored_file())


def stored_file(content: bytes | None = None, media_type: str = "image/png") -> StoredFile:
    """A file on the disk with its row."""
    with acting_as(current_actor() or User.objects.system()):
        return store(content or files.picture(), media_type=media_type)


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
    owner = owner or UserFactory()
    with transaction.atomic():
        return proposals.submit_draft(owner, draft_of(owner, **fields))


def returned(innovation: Innovation, by: User | None = None) -> Innovation:
    """The innovation, returned for revision."""
    with transaction.atomic():
        return change_status(
            by or UserFactory(), innovation, "returned", reason="Lengkapi rancang bangunnya."
        )
