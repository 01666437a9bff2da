"""The forms by which the legal section sends a draft out and records the answer."""

from django import forms
from django.utils.translation import gettext_lazy

from accounts.files.uploads import UploadField
from accounts.offices import today
from accounts.texts import DayField, PlainCharField, PlainTextField
from legal_basis.models import ExternalReview

NOTE_LENGTH = 2_000


class SendForm(forms.Form):
    """To whom the draft goes, and by which letter."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=ExternalReview.Kind.choices, widget=forms.RadioSelect
    )
    body = PlainCharField(
        label=gettext_lazy("Body"),
        max_length=200,
        help_text=gettext_lazy("For example: Biro Hukum Sekretariat Daerah Provinsi."),
    )
    sent_on = DayField(label=gettext_lazy("Sent on"), initial=today)
    sent_letter = PlainCharField(label=gettext_lazy("Number of the letter"), max_length=80)


class AnswerForm(forms.Form):
    """What came back."""

    returned_on = DayField(label=gettext_lazy("Returned on"), initial=today)
    returned_letter = PlainCharField(label=gettext_lazy("Number of the answer"), max_length=80)
    result = forms.ChoiceField(
        label=gettext_lazy("Result"),
        choices=ExternalReview.Result.choices,
        widget=forms.RadioSelect,
    )
    note = PlainTextField(
        label=gettext_lazy("Note"),
        max_length=NOTE_LENGTH,
        required=False,
        help_text=gettext_lazy("What the body asks for. Needed unless it has no objection."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    letter = UploadField(
        label=gettext_lazy("The letter"),
        required=False,
        help_text=gettext_lazy("A scan or a photo of it."),
    )
