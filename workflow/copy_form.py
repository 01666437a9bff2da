"""What the head of the legal section fills in to certify a copy or an excerpt."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.texts import PlainCharField
from legal_basis.copies import Part
from legal_basis.models import CertifiedCopy

SHOWN = 90


class CopyForm(forms.Form):
    """A copy of the whole, or an excerpt of chosen parts, for somebody."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What"),
        choices=CertifiedCopy.Kind.choices,
        initial=CertifiedCopy.Kind.COPY,
    )
    recipient = PlainCharField(
        label=gettext_lazy("Recipient"),
        required=False,
        help_text=gettext_lazy("Who gets it; printed at the foot of each page."),
    )
    parts = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Parts of the excerpt"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("For an excerpt alone; a copy has them all."),
    )

    def __init__(self, parts: Sequence[Part], data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["parts"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [
            (part.position, f"{part.label}: {Truncator(part.text).chars(SHOWN)}") for part in parts
        ]

    def clean(self) -> dict[str, Any]:
        """An excerpt of nothing is none."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        excerpt = cleaned.get("kind") == CertifiedCopy.Kind.EXCERPT
        if excerpt and not cleaned.get("parts") and "parts" not in self.errors:
            self.add_error(
                "parts", ValidationError(_("Choose at least one, or make a copy of the whole."))
            )
        return cleaned
