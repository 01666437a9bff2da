"""What the legal section fills in to word a clause anew and to keep the law."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.texts import DayField, PlainCharField, PlainTextField

from .library import check_template
from .models import LegalSource


class WordingForm(forms.Form):
    """The next wording of a clause."""

    text = PlainTextField(
        label=_("Text"), max_length=6_000, widget=forms.Textarea(attrs={"rows": 10})
    )
    note = PlainCharField(label=_("Why it is changed"), max_length=300)

    def clean_text(self) -> str:
        """Nothing but known variables, references and optional parts."""
        text: str = self.cleaned_data["text"]
        check_template(text)
        return text


class SourceForm(forms.ModelForm):
    """A piece of law as instruments cite it."""

    class Meta:
        model = LegalSource
        fields: ClassVar[list[str]] = [
            *("kind", "form", "number", "year", "title", "gazette", "amendment_tail"),
            *("usual", "verified", "remark"),
        ]
        field_classes: ClassVar[dict[str, Any]] = {
            "form": PlainCharField,
            "number": PlainCharField,
            "title": PlainCharField,
            "gazette": PlainCharField,
            "amendment_tail": PlainTextField,
            "remark": PlainTextField,
        }
        labels: ClassVar[dict[str, Any]] = {
            "form": _("Form as cited"),
            "gazette": _("Gazette"),
            "amendment_tail": _("Amendments as cited, in place of the computed words"),
            "usual": _("Cited by innovation decrees as a rule"),
            "verified": _("Verified by the legal section"),
            "remark": _("What is not verified"),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "number": _("Leave empty until it is known; without it nothing can cite it."),
            "amendment_tail": _("Leave empty: Payung writes it from the recorded amendments."),
        }
        widgets: ClassVar[dict[str, Any]] = {
            "title": forms.Textarea(attrs={"rows": 2}),
            "gazette": forms.Textarea(attrs={"rows": 2}),
            "amendment_tail": forms.Textarea(attrs={"rows": 3}),
            "remark": forms.Textarea(attrs={"rows": 2}),
        }


class AmendmentForm(forms.Form):
    """By which law it was amended."""

    by = forms.ModelChoiceField(LegalSource.objects.all(), label=_("Amended by"))


class RevocationForm(forms.Form):
    """By which law it was revoked, and when."""

    by = forms.ModelChoiceField(LegalSource.objects.all(), label=_("Revoked by"))
    on = DayField(label=_("Revoked on"))
