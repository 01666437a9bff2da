"""Rows that the tests of planning start from."""

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from factory.declarations import LazyAttribute, LazyFunction, Sequence, SubFactory
from factory.django import DjangoModelFactory

from accounts.acting import acting_as, current_actor
from accounts.models import Appointment, Office, Unit, User
from innovations.models import Innovation
from planning.alignments import record_alignment
from planning.commitments import record_commitment, reserve
from planning.models import (
    ActionItem,
    Alignment,
    Ceiling,
    Commitment,
    FundingSource,
    MonitoringPeriod,
    NomenclatureVersion,
    Pillar,
    Programme,
    SubActivity,
)
from planning.monitoring import enter_action_plan, open_period

PROOF = "Perda RPJMD, bab V, tabel 5.3, halaman 214"


def system() -> User:
    """The system account, in whose name these rows are written."""
    found = User.objects.filter(username=User.SYSTEM).first()
    if found is None:
        found = User(username=User.SYSTEM, name_plain="Sistem")
        with acting_as(found):
            found.save()
    return found


class GovernedFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    if TYPE_CHECKING:
        # A factory called gives a row of its model.
        def __new__(cls, **fields: Any) -> Any: ...

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        with acting_as(current_actor() or system()):
            return super()._create(model_class, *args, **kwargs)


class UserFactory(GovernedFactory):
    class Meta:
        model = User

    username = Sequence(lambda number: f"pegawai{number}")
    name_plain = Sequence(lambda number: f"Pegawai {number}")


class UnitFactory(GovernedFactory):
    class Meta:
        model = Unit

    code = Sequence(lambda number: f"kantor-{number}")
    name = Sequence(lambda number: f"Dinas {number}")
    kind = Unit.Kind.AGENCY


class OfficeFactory(GovernedFactory):
    class Meta:
        model = Office

    code = Sequence(lambda number: f"kepala-{number}")
    title = Sequence(lambda number: f"Kepala Dinas {number}")
    unit = SubFactory(UnitFactory)


class AppointmentFactory(GovernedFactory):
    class Meta:
        model = Appointment

    user = SubFactory(UserFactory)
    office = SubFactory(OfficeFactory)
    start = datetime.date(2025, 1, 2)
    basis_number = "821/17/BKPSDM/2025"
    basis_date = datetime.date(2024, 12, 30)


class InnovationFactory(GovernedFactory):
    class Meta:
        model = Innovation

    code = Sequence(lambda number: f"INV-2026-{number + 5000}")
    name = "Gangan Ikan"
    initiator_type = "civil_servant"
    initiator = SubFactory(UserFactory)
    owning_unit = SubFactory(UnitFactory)
    form = "public_service"
    affair = "health"
    innovation_class = "agency"
    problem = "Gizi balita kurang."
    design_description = "Menu dari ikan setempat."
    objective = "Gizi balita baik."
    benefit = "Sehat."
    outcome = "Balita sehat."
    submitted_at = LazyFunction(timezone.now)


class PillarFactory(GovernedFactory):
    class Meta:
        model = Pillar

    code = Sequence(lambda number: f"pilar-{number}")
    name = Sequence(lambda number: f"Pilar {number}")
    order = Sequence(int)


class ProgrammeFactory(GovernedFactory):
    class Meta:
        model = Programme

    code = Sequence(lambda number: f"1.02.{number}")
    name = "Program Pemenuhan Upaya Kesehatan"


class NomenclatureVersionFactory(GovernedFactory):
    class Meta:
        model = NomenclatureVersion
        django_get_or_create = ("valid_from_fy",)

    decree = LazyAttribute(lambda row: f"Kepmendagri {row.valid_from_fy}")
    valid_from_fy = 2024


class SubActivityFactory(GovernedFactory):
    class Meta:
        model = SubActivity

    version = SubFactory(NomenclatureVersionFactory)
    code = Sequence(lambda number: f"1.02.02.2.02.{number:04d}")
    name = "Pengelolaan Pelayanan Kesehatan Gizi Masyarakat"


class FundingSourceFactory(GovernedFactory):
    class Meta:
        model = FundingSource

    code = Sequence(lambda number: f"sumber-{number}")
    name = "Pendapatan Asli Daerah (PAD)"


class CeilingFactory(GovernedFactory):
    class Meta:
        model = Ceiling

    fiscal_year = 2027
    sub_activity = SubFactory(SubActivityFactory)
    source = SubFactory(FundingSourceFactory)
    amount = Decimal("100000000.00")


def pillar_row(**changes: Any) -> Any:
    """A pillar that an innovation serves alone."""
    return {
        "pillar": changes.pop("pillar", None) or PillarFactory(),
        "weight": 100,
        "is_lead": True,
        "proof": PROOF,
    } | changes


def indicator_row(**changes: Any) -> Any:
    """An indicator with two targets."""
    return {
        "name": "Prevalensi stunting",
        "measure": "%",
        "baseline": Decimal("17.10"),
        "baseline_year": 2024,
        "targets": {2026: Decimal("15.50"), 2029: Decimal("10.00")},
    } | changes


def money_row(ceiling: Ceiling, amount: str = "40000000.00") -> Any:
    """A line on a ceiling."""
    return {
        "fiscal_year": ceiling.fiscal_year,
        "sub_activity": ceiling.sub_activity,
        "source": ceiling.source,
        "amount": Decimal(amount),
    }


def align(innovation: Innovation, **changes: Any) -> Alignment:
    """Record an alignment through the verb."""
    facts: dict[str, Any] = {
        "programme": changes.pop("programme", None) or ProgrammeFactory(),
        "rationale": "Menurunkan stunting dengan pangan setempat.",
        "pillars": changes.pop("pillars", None) or [pillar_row()],
        "indicators": [indicator_row()],
    }
    return record_alignment(system(), innovation, **(facts | changes))


def commit(innovation: Innovation, *money: Any, **changes: Any) -> Commitment:
    """Record a commitment through the verb."""
    facts: dict[str, Any] = {
        "statement": "Kami menjamin inovasi ini berjalan.",
        "owner_office": changes.pop("owner_office", None) or OfficeFactory(),
        "custodian_office": changes.pop("custodian_office", None) or OfficeFactory(),
        "monitoring_months": 6,
        "money": money,
        "no_money_reason": "" if money else "Memakai pegawai dan alat yang sudah ada.",
    }
    return record_commitment(system(), innovation, **(facts | changes))


def in_action_plan(on: datetime.date = datetime.date(2027, 1, 15), **changes: Any) -> ActionItem:
    """An aligned and committed innovation with its line in the action plan."""
    innovation = InnovationFactory()
    align(innovation)
    reserve(system(), commit(innovation, **changes))
    return enter_action_plan(system(), innovation, on)


def open_one(item: ActionItem, due: datetime.date = datetime.date(2030, 1, 31)) -> MonitoringPeriod:
    """The next monitoring period, through the verb."""
    return open_period(system(), item, due=due)
