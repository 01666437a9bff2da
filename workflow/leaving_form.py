"""Who takes over what somebody leaves behind, and by which letter the offices go."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.forms import PersonField
from accounts.letters import NUMBER_LENGTH
from accounts.models import User
from accounts.offices import today
from accounts.texts import DayField, PlainCharField

from .leaving import KINDS, Duty, Handover

LETTER = ("capacity", "end", "basis_number", "basis_date")


class LeavingForm(forms.Form):
    """One field for each duty, and one for all those that are left empty."""

    everything = PersonField(
        label=gettext_lazy("Everything goes to"),
        required=False,
        help_text=gettext_lazy("Name, user name or NIP. Whoever is named below goes before."),
    )
    capacity = forms.ChoiceField(
        label=gettext_lazy("Successors in an office hold it as"),
        choices=[
            ("plt", gettext_lazy("Plt., until a day")),
            ("definitive", gettext_lazy("Definitive holder")),
        ],
        widget=forms.RadioSelect,
        initial="plt",
    )
    end = DayField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Of a Plt."),
    )
    basis_number = PlainCharField(label=gettext_lazy("Letter number"), max_length=NUMBER_LENGTH)
    basis_date = DayField(label=gettext_lazy("Letter date"), initial=today)

    def __init__(self, *args: Any, duties: Mapping[str, Sequence[Duty]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.duties = duties
        for duty in self._all():
            self.fields[duty.key] = PersonField(label=duty.label, required=False)
        if not duties["offices"]:
            for name in LETTER:
                del self.fields[name]
        if not any(duties.values()):
            del self.fields["everything"]

    def groups(self) -> list[dict[str, Any]]:
        """The duties with their fields, kind by kind; kinds without any are left out."""
        return [
            {
                "label": kind.label,
                "rows": [{"duty": duty, "field": self[duty.key]} for duty in self.duties[name]],
            }
            for name, kind in KINDS.items()
            if self.duties[name]
        ]

    @property
    def handover(self) -> Handover:
        """What was filled in, of a form that holds; an idle duty goes only to who is named."""
        data = self.cleaned_data
        successors: dict[str, User] = {}
        for duty in self._all():
            if taker := data[duty.key] or (None if duty.idle else data.get("everything")):
                successors[duty.key] = taker
        if not self.duties["offices"]:
            return Handover(successors)
        end = data["end"] if data["capacity"] == "plt" else None
        letter = {name: data[name] for name in ("capacity", "basis_number", "basis_date")}
        return Handover(successors, end=end, **letter)

    def _all(self) -> list[Duty]:
        return [duty for found in self.duties.values() for duty in found]
