"""The form of the commitment stage."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Office
from accounts.offices import today
from accounts.texts import PlainTextField

from ..commitments import record_commitment
from ..fields import ChosenField, by_code
from ..models import Commitment
from ..models.commitment import Cadence
from ..rules import check_means, check_offices
from ..tables import MoneyTable, StaffTable, TechnologyTable
from .base import Cells, PlanningForm


class CommitmentForm(PlanningForm):
    """Money, staff, technology, the owner and the second custodian of the innovation."""

    tables: ClassVar[dict[str, type[BaseFormSet]]] = {
        "money": MoneyTable,
        "staff": StaffTable,
        "technology": TechnologyTable,
    }

    statement = PlainTextField(
        label=_("Statement of commitment"),
        min_words=10,
        max_length=3000,
        help_text=_("What does the owning unit promise, and for how long?"),
    )
    owner_office = ChosenField(
        label=_("Owner office"),
        help_text=_("The office that answers for the innovation, whoever holds it."),
    )
    custodian_office = ChosenField(
        label=_("Second custodian office"),
        help_text=_("Another office, held by another person, that keeps it alive."),
    )
    monitoring_months = forms.TypedChoiceField(
        label=_("Monitoring interval"),
        choices=Cadence.choices,
        coerce=int,
        initial=Cadence.HALF_YEARLY,
    )
    no_money_reason = PlainTextField(
        label=_("Why no money is needed"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only if there is no money line."),
    )

    @cached_property
    def commitment(self) -> Commitment | None:
        """What is recorded already."""
        found = Commitment.objects.filter(innovation=self.innovation)
        return found.select_related("owner_office", "custodian_office").first()

    def offers(self) -> dict[str, dict[str, Any]]:
        """All offices."""
        offices = by_code(Office.objects.all())
        return {"owner_office": offices, "custodian_office": offices}

    def recorded(self) -> Cells:
        """The promise as recorded; before that, the head of the owning unit as the owner."""
        if self.commitment is None:
            head = Office.objects.filter(unit=self.innovation.owning_unit_id, is_head=True).first()
            return {"owner_office": head.code} if head else {}
        return {
            "statement": self.commitment.statement,
            "owner_office": self.commitment.owner_office.code,
            "custodian_office": self.commitment.custodian_office.code,
            "monitoring_months": self.commitment.monitoring_months,
            "no_money_reason": self.commitment.no_money_reason,
        }

    def recorded_rows(self) -> dict[str, list[Cells]]:
        """Money, staff and technology as recorded."""
        if self.commitment is None:
            return {}
        lines = self.commitment.lines.select_related("sub_activity", "source")
        return {
            "money": [
                {
                    "fiscal_year": line.fiscal_year,
                    "sub_activity": line.sub_activity.code,
                    "source": line.source.code,
                    "amount": line.amount,
                }
                for line in lines
            ],
            "staff": [
                {
                    "role": line.role,
                    "headcount": line.headcount,
                    "person_months": line.person_months,
                }
                for line in self.commitment.staff_lines.all()
            ],
            "technology": [
                {"kind": line.kind, "description": line.description}
                for line in self.commitment.technology_lines.all()
            ],
        }

    def clean(self) -> Cells | None:
        """Two offices of two people, and money or a reason why none is needed."""
        cleaned = self.cleaned_data
        owner, custodian = cleaned.get("owner_office"), cleaned.get("custodian_office")
        if owner and custodian:
            self._ask("custodian_office", check_offices, owner, custodian, today())
        if self.table("money").is_valid() and "no_money_reason" in cleaned:
            rows = self.table("money").filled()
            self._ask("no_money_reason", check_means, rows, cleaned["no_money_reason"])
        return cleaned

    def _ask(self, name: str, check: Any, *facts: Any) -> None:
        try:
            check(*facts)
        except ValidationError as error:
            self.add_error(name, error)

    def record(self) -> None:
        """Record the commitment; its money is reserved when the budget team has approved."""
        record_commitment(
            self.actor,
            self.innovation,
            **self.cleaned_data,
            money=self.table("money").filled(),
            staff=self.table("staff").filled(),
            technology=self.table("technology").filled(),
        )
