"""What can be asked of the ledger."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.texts import DayField, MoneyField, PlainCharField

from .kinds import Kind

FIELDS = ("q", "case", "person", "kind", "since", "until", "least", "most")
FIRST_YEAR, LAST_YEAR = 2000, 2099


class KindField(forms.ChoiceField):
    """One kind of act; its cleaned value is a list, empty for every kind."""

    def clean(self, value: Any) -> list[str]:
        """The kind, if one was chosen."""
        chosen = super().clean(value)
        return [chosen] if chosen else []


class SearchForm(forms.Form):
    """A question to the ledger; each field narrows it."""

    q = PlainCharField(
        label=gettext_lazy("Decree number, name, case code or person"),
        required=False,
        max_length=200,
    )
    case = PlainCharField(label=gettext_lazy("Case code"), required=False, max_length=60)
    person = PlainCharField(label=gettext_lazy("Who"), required=False, max_length=120)
    kind = KindField(
        label=gettext_lazy("Kind of act"),
        required=False,
        choices=[("", gettext_lazy("Every kind")), *Kind.choices],
    )
    since = DayField(label=gettext_lazy("From"), required=False)
    until = DayField(label=gettext_lazy("Until"), required=False)
    least = MoneyField(label=gettext_lazy("Money of the case, at least (Rp)"), required=False)
    most = MoneyField(label=gettext_lazy("Money of the case, at most (Rp)"), required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse days and amounts in the wrong order."""
        wanted = super().clean() or {}
        for name in ("since", "until"):
            if wanted.get(name) and not FIRST_YEAR <= wanted[name].year <= LAST_YEAR:
                self.add_error(name, _("Type a day of this century."))
        for first, last in (("since", "until"), ("least", "most")):
            low, high = wanted.get(first), wanted.get(last)
            if low is not None and high is not None and low > high:
                sentence = _("This must not lie below “%(other)s”.")
                self.add_error(
                    last, ValidationError(sentence % {"other": self.fields[first].label})
                )
        return wanted

    @property
    def narrowed(self) -> bool:
        """Whether more than the first field is used: the page then shows them unfolded."""
        return any(self.data.get(name) for name in FIELDS[1:])
