"""What the legal section fills in on the pages of the register."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.texts import PlainCharField, PlainTextField
from legal_basis.models import Instrument, NumberSeries, RegisterEntry
from legal_basis.numbering import MAX_LENGTH
from legal_basis.register import assignable_to


class ReasonForm(forms.Form):
    """Why a number leaves the line."""

    reason = PlainTextField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A sentence is enough. It is printed in the register."),
    )


class AssignForm(forms.Form):
    """Which draft takes the number."""

    instrument = forms.ModelChoiceField(
        Instrument.objects.none(),
        label=_("Draft"),
        empty_label=_("Choose …"),
        help_text=_("Drafts that are still being written or initialled."),
    )

    def __init__(self, entry: RegisterEntry, data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["instrument"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = assignable_to(entry)
        field.label_from_instance = _name  # type: ignore[assignment,method-assign]


class TemplateForm(forms.Form):
    """How numbers are printed."""

    template = PlainCharField(
        label=_("Template"),
        max_length=120,
        help_text=_(
            "It needs {seq}, or {seq:03d} for leading zeros, and may use {class}, {unit}, {year} "
            "and {month_roman}."
        ),
    )
    classification = PlainCharField(
        label=_("Classification code ({class})"), max_length=40, required=False
    )
    unit_code = PlainCharField(label=_("Unit code ({unit})"), max_length=40, required=False)

    @classmethod
    def of(cls, values: NumberSeries | dict[str, str], data: Any = None) -> "TemplateForm":
        """The form with what holds now."""
        names = ("template", "classification", "unit_code")
        if isinstance(values, NumberSeries):
            values = {name: getattr(values, name) for name in names}
        return cls(data, initial=values)


def _name(instrument: Instrument) -> str:
    return f"{instrument.subject_code}: {instrument.title}"[: MAX_LENGTH * 2]
