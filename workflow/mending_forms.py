"""The forms by which secretariat and legal section mend a stage that cannot go on."""

from django import forms
from django.utils.translation import gettext_lazy

from accounts.models import Office
from accounts.texts import DayField, PlainCharField, PlainTextField

from .overrides import NUMBER_LENGTH, REASON_LENGTH


class ReplacementForm(forms.Form):
    """Another office, and why it is asked."""

    office = forms.ModelChoiceField(
        label=gettext_lazy("Office"),
        queryset=Office.objects.select_related("unit").order_by("unit__name", "title"),
        empty_label=gettext_lazy("Choose …"),
        error_messages={"required": gettext_lazy("Choose the office that is asked instead.")},
    )
    reason = PlainTextField(
        label=gettext_lazy("Reason"),
        max_length=REASON_LENGTH,
        help_text=gettext_lazy("A sentence is enough. It stands beside the signature."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say in a sentence why somebody else is asked.")},
    )


class OverrideForm(forms.Form):
    """The letter on which a mandate may be the last word here."""

    basis_number = PlainCharField(
        label=gettext_lazy("Letter number"),
        max_length=NUMBER_LENGTH,
        error_messages={"required": gettext_lazy("Write the number of the letter.")},
    )
    basis_date = DayField(label=gettext_lazy("Letter date"))
    reason = PlainTextField(
        label=gettext_lazy("Reason"),
        max_length=REASON_LENGTH,
        help_text=gettext_lazy("What the letter allows, in a sentence. It stays on the record."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say in a sentence why the letter allows it.")},
    )
