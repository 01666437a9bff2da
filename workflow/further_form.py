"""What the legal section fills in to begin a further instrument."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.texts import DayField, PlainCharField
from innovations.models import Innovation
from legal_basis.follow_ups import PARTS_LENGTH
from legal_basis.models import Instrument
from legal_basis.relations import instruments_of
from legal_basis.standing import standings

from .further import REASON_LENGTH

PURPOSES = [
    (Instrument.Purpose.AMEND, _("Amend: some parts change or its time is extended")),
    (Instrument.Purpose.REVOKE, _("Revoke: it ends as a whole")),
    (Instrument.Purpose.CORRECT, _("Correct: a slip of the pen (ralat)")),
    (Instrument.Purpose.STIPULATE, _("Stipulate anew: replace one that ends, or join others")),
]


class TargetsField(forms.ModelMultipleChoiceField):
    """The instruments in force that may be acted on, each with number, title and state."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        """Kind, number and title."""
        return gettext("%(kind)s No. %(number)s: %(title)s") % {
            "kind": obj.get_kind_display(),
            "number": obj.number,
            "title": obj.title,
        }


class FurtherForm(forms.Form):
    """Which instrument, what it does to which, and why."""

    purpose = forms.ChoiceField(
        label=_("What is to happen"), choices=PURPOSES, widget=forms.RadioSelect
    )
    kind = forms.ChoiceField(
        label=_("Kind of the new instrument"),
        choices=Instrument.Kind.choices,
        initial=Instrument.Kind.REGENT_DECREE,
        widget=forms.RadioSelect,
        help_text=_(
            "An amendment or correction is of the kind of what it changes; a decree cannot revoke "
            "a regulation."
        ),
    )
    targets = TargetsField(
        Instrument.objects.none(),
        label=_("Targets"),
        required=False,
        to_field_name="token",
        help_text=_("What it amends, revokes or corrects. None if it stipulates anew."),
    )
    parts = PlainCharField(
        label=_("Parts"),
        required=False,
        max_length=PARTS_LENGTH,
        help_text=_("What changes, as instruments write it: “Diktum KEDUA”. Not for a revocation."),
    )
    until = DayField(
        label=_("New last day"),
        required=False,
        help_text=_("Only where an amendment changes until when it is in force."),
    )
    reason = PlainCharField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A sentence in Indonesian. It becomes the first consideration (Menimbang)."),
        error_messages={"required": _("Say in a sentence why it is needed.")},
    )

    def __init__(self, *args: Any, innovation: Innovation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        issued = instruments_of(innovation.pk).filter(status=Instrument.Status.ISSUED)
        states = standings(issued)
        in_force = [one.pk for one in issued if states[one.pk].in_force]
        targets = self.fields["targets"]
        assert isinstance(targets, TargetsField)
        targets.queryset = Instrument.objects.filter(pk__in=in_force).order_by("dated", "pk")
