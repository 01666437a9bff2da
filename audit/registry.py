"""Which rows belong to a case: one table leads from every recorded model up to its innovation."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import QuerySet
from simple_history.utils import get_history_manager_for_model

ROOT = "innovations.Innovation"


@dataclass(frozen=True)
class Governed:
    """A recorded model of a case.

    up: the foreign key that leads towards the innovation, directly or to another row of the table.
    titles: the fields that tell one row from another.
    hidden: fields that say nothing to a person.
    """

    label: str
    up: str = "innovation"
    titles: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """How addresses name the model."""
        return self.label.lower()

    @property
    def model(self) -> type[models.Model]:
        """The model itself."""
        return apps.get_model(self.label)

    @property
    def row_key(self) -> str:
        """The column that tells which row a version is of."""
        return next(
            field.attname for field in self.model._meta.concrete_fields if field.primary_key
        )

    @property
    def versions(self) -> QuerySet[Any]:
        """Every version of every row of this model."""
        return get_history_manager_for_model(self.model).all()

    def fields(self) -> Iterator[models.Field[Any, Any]]:
        """The fields whose changes a person is shown, in the order of the model."""
        silent = {self.up, *self.hidden}
        for field in self.model._meta.concrete_fields:
            inherited = field.model._meta.app_label == "viewflow"
            if not (field.primary_key or inherited or field.name in silent):
                yield field

    def related(self) -> list[str]:
        """The foreign keys to fetch along with a version."""
        return ["history_user", *(field.name for field in self.fields() if field.is_relation)]


GOVERNED = (
    Governed(ROOT, up="", titles=("name",)),
    Governed("innovations.Participant", titles=("user",)),
    Governed("innovations.Evidence", titles=("title",)),
    Governed("innovations.ChecklistAnswer", titles=("item",)),
    Governed("innovations.ConflictDeclaration", titles=("person", "stage"), hidden=("hints",)),
    Governed("innovations.Assessment", titles=("assessor",)),
    Governed("innovations.AssessmentScore", up="assessment", titles=("criterion",)),
    Governed("innovations.Trial", titles=("laboratory",)),
    Governed("planning.Alignment", titles=("programme",)),
    Governed("planning.PillarLink", up="alignment", titles=("pillar",)),
    Governed("planning.Indicator", up="alignment", titles=("name",)),
    Governed("planning.Target", up="indicator", titles=("year",)),
    Governed("planning.Commitment"),
    Governed(
        "planning.CommitmentLine",
        up="commitment",
        titles=("fiscal_year", "sub_activity"),
        hidden=("ceiling",),
    ),
    Governed("planning.StaffLine", up="commitment", titles=("role",)),
    Governed("planning.TechnologyLine", up="commitment", titles=("description",)),
    Governed("planning.ActionItem", titles=("owner_office",), hidden=("commitment",)),
    Governed("planning.MonitoringPeriod", up="action_item", titles=("number",)),
    Governed("planning.MonitoringReport", up="period"),
    Governed("planning.Achievement", up="report", titles=("indicator",)),
    Governed("planning.MonitoringEvaluation", up="period"),
    Governed("planning.MonitoringDecision", up="period", titles=("decision",)),
    Governed("legal_basis.Instrument", titles=("title",), hidden=("token",)),
    Governed("legal_basis.LegalBasis", up="instrument", titles=("source",)),
    Governed("legal_basis.RegisterEntry", up="instrument", titles=("number",)),
    Governed("legal_basis.Stipulation", up="instrument", titles=("innovation",)),
    Governed("legal_basis.Signature", up="instrument", titles=("role", "capacity")),
    Governed("legal_basis.Scan", up="instrument", titles=("uploaded_at",)),
    Governed("legal_basis.ExternalReview", up="instrument", titles=("kind", "sent_on")),
    Governed("legal_basis.LegalRelation", up="instrument", titles=("kind", "target")),
    Governed("legal_basis.Consequence", up="target", titles=("kind", "subject")),
    Governed("legal_basis.CertifiedCopy", up="instrument", titles=("kind", "serial")),
    Governed("legal_basis.Publication", up="instrument"),
    Governed("workflow.Case", titles=("code",), hidden=("policy_versions",)),
    Governed(
        "approvals.Seat",
        up="process",
        titles=("stage", "office", "unit", "person"),
        hidden=("task", "policy", "case_code", "case_title", "member", "answer", "reconfirms"),
    ),
    Governed("approvals.ClockPause", up="process", titles=("kind",), hidden=("task",)),
    Governed(
        "approvals.SignOff", up="seat", titles=("capacity",), hidden=("round", "section_hashes")
    ),
    Governed("approvals.Lapse", up="sign_off", titles=("cause",)),
    Governed("approvals.Override", up="process", titles=("stage", "basis_number")),
    Governed("approvals.Remark", up="sign_off", titles=("section",)),
)

# Recorded, but the property of the whole house: no single case owns a version of these.
OF_THE_HOUSE = frozenset(
    {
        "accounts.Appointment",
        "accounts.Delegation",
        "accounts.Office",
        "accounts.Unit",
        "accounts.User",
        "approvals.CalendarDay",
        "approvals.CalendarDecree",
        "approvals.SignOffPolicy",
        "approvals.WorkingWeek",
        "audit.EvidencePack",
        "audit.EvidenceRequest",
        "audit.Finding",
        "audit.FollowUp",
        "audit.Sample",
        "accounts.StoredFile",
        "legal_basis.ClauseVersion",
        "legal_basis.LegalSource",
        "legal_basis.LibraryClause",
        "legal_basis.NumberSeries",
        "legal_basis.SourceAmendment",
        "planning.Ceiling",
        "planning.FundingSource",
        "planning.NomenclatureVersion",
        "planning.Pillar",
        "planning.Programme",
        "planning.SubActivity",
    }
)


def governed_by_key(key: str) -> Governed | None:
    """The row of the table with that address, or None."""
    return next((governed for governed in GOVERNED if governed.key == key), None)


def versions_of(governed: Governed, innovation_pk: int) -> QuerySet[Any]:
    """Every version of this model's rows that belong to the innovation, of removed rows as well."""
    if not governed.up:
        return governed.versions.filter(**{governed.row_key: innovation_pk})
    above = parent_of(governed)
    # Through the versions of the row above, not the row: it may have been removed since.
    owners = versions_of(above, innovation_pk).order_by().values(above.row_key)
    return governed.versions.filter(**{f"{governed.up}__in": owners})


@cache
def parent_of(governed: Governed) -> Governed:
    """The row of the table that this one hangs on; raises LookupError where the table has a gap."""
    above = governed.model._meta.get_field(governed.up).related_model
    for candidate in GOVERNED:
        if above and candidate is not governed and issubclass(candidate.model, above):
            return candidate
    raise LookupError(f"{governed.label}.{governed.up} leads to no governed model")
