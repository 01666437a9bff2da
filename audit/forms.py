"""What auditors type, and what an office answers; the verbs judge it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.files.uploads import UploadField
from accounts.models import Office
from accounts.texts import PlainCharField, PlainTextField

from .evidence_requests import LEAST_DAYS, MOST_DAYS
from .findings import TITLE
from .models import Finding
from .texts import LONG


class FindingForm(forms.Form):
    """What is held against an entry."""

    title = PlainCharField(label=gettext_lazy("Finding"), max_length=TITLE)
    weight = forms.ChoiceField(
        label=gettext_lazy("Weight"), choices=Finding.Weight.choices, widget=forms.RadioSelect
    )
    text = PlainTextField(
        label=gettext_lazy("What was found"),
        max_length=LONG,
        help_text=gettext_lazy("What is, what should be, and by which rule."),
    )


class FollowUpForm(forms.Form):
    """What was done about a finding."""

    text = PlainTextField(label=gettext_lazy("Follow-up"), max_length=LONG)


class ClosingForm(forms.Form):
    """With which conclusion a finding is closed."""

    conclusion = PlainTextField(label=gettext_lazy("Conclusion"), max_length=LONG)


class AskingForm(forms.Form):
    """A question to an office, and by when it answers."""

    question = PlainTextField(
        label=gettext_lazy("Question"),
        max_length=LONG,
        help_text=gettext_lazy("Name the document or the fact that is wanted."),
    )
    working_days = forms.IntegerField(
        label=gettext_lazy("Working days to answer"),
        min_value=LEAST_DAYS,
        max_value=MOST_DAYS,
        initial=5,
        help_text=gettext_lazy("Counted by the calendar of the office's unit."),
    )


class RequestForm(AskingForm):
    """A question to an office that is chosen here."""

    office = forms.ModelChoiceField(
        label=gettext_lazy("Office asked"), queryset=Office.objects.none()
    )
    case_code = PlainCharField(label=gettext_lazy("Case code"), required=False, max_length=60)
    field_order = ["office", "question", "working_days", "case_code"]

    def __init__(self, *args: Any, of_finding: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        office = self.fields["office"]
        assert isinstance(office, forms.ModelChoiceField)
        office.queryset = Office.objects.order_by("title", "pk")
        if of_finding:
            del self.fields["case_code"]


class AnswerForm(forms.Form):
    """What an office answers."""

    answer = PlainTextField(label=gettext_lazy("Answer"), max_length=LONG)
    document = UploadField(
        label=gettext_lazy("Document"),
        required=False,
        help_text=gettext_lazy("The evidence as one file, for example a PDF."),
    )


class SampleForm(forms.Form):
    """How many cases are drawn, and by which seed."""

    size = forms.IntegerField(label=gettext_lazy("How many cases"), min_value=1)
    seed = PlainCharField(
        label=gettext_lazy("Seed"),
        required=False,
        max_length=64,
        help_text=gettext_lazy("Leave it empty and one is made. The same seed draws the same."),
    )
    query = PlainCharField(required=False, max_length=500, widget=forms.HiddenInput)


class SearchNameForm(forms.Form):
    """The name under which a question is kept."""

    name = PlainCharField(label=gettext_lazy("Name"), max_length=60)
    query = PlainCharField(required=False, max_length=500, widget=forms.HiddenInput)
