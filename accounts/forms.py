"""What is typed about people, offices, appointments and delegations; the verbs judge it."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.models import construct_instance
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .files.uploads import UploadField
from .letters import NUMBER_LENGTH
from .models import Appointment, Office, Unit, User
from .scopes import words_of
from .texts import DayField, MoneyField, PlainCharField, PlainTextField

PEOPLE_SHOWN = 8
IN_BRACKETS = re.compile(r"\(([^()]+)\)\s*$")


class PersonField(PlainCharField):
    """One active person, named by user name, NIP or full name; a list helps with typing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs |= {"list": "people-known", "data-people-list": "", "autocomplete": "off"}

    def clean(self, value: Any) -> User | None:
        """The person, or a ValidationError that says how to name one."""
        typed = super().clean(value)
        if not typed:
            return None
        found = self._named(typed)
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(_("Nobody is called that. Check the spelling."), code="nobody")
        names = "; ".join(person.label for person in found[:3])
        raise ValidationError(
            _("Several people are called that: %(names)s. Type the user name.") % {"names": names},
            code="several",
        )

    def prepare_value(self, value: Any) -> Any:
        """A person as the list names one; anything else as it was typed."""
        return value.label if isinstance(value, User) else value

    def _named(self, typed: str) -> list[User]:
        people = User.objects.filter(is_active=True)
        named = IN_BRACKETS.search(typed)
        exact = named.group(1) if named else typed
        found = list(people.filter(username=exact)) or list(people.filter(nip=exact))
        return found or list(people.filter(name_plain__iexact=typed)[: PEOPLE_SHOWN + 1])


class RegisterForm(forms.ModelForm):
    """A row of the register; what names it to the house is chosen once."""

    once: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.once if self.instance.pk else ():
            del self.fields[name]

    def _post_clean(self) -> None:
        """Only fill the row in: the verb that keeps it judges it, once."""
        self.instance = construct_instance(self, self.instance, self._meta.fields)


class PersonForm(RegisterForm):
    """Who somebody is. Whether the account is active is no field: people leave by a path."""

    once = ("username",)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)

    class Meta:
        model = User
        fields = (
            "username",
            "name_plain",
            "title_prefix",
            "title_suffix",
            "nip",
            "rank",
            "email",
            "home_unit",
            "language",
        )
        field_classes = dict.fromkeys(
            ("username", "name_plain", "title_prefix", "title_suffix", "nip", "rank"),
            PlainCharField,
        )
        help_texts = {
            "username": gettext_lazy("For logging in. It stays as it is."),
            "name_plain": gettext_lazy("Instruments print it like this."),
            "title_prefix": gettext_lazy("For example dr. or H."),
            "title_suffix": gettext_lazy("For example S.K.M., M.Kes."),
        }


class UnitForm(RegisterForm):
    """A unit and where it belongs."""

    once = ("code",)

    class Meta:
        model = Unit
        fields = ("code", "name", "short_name", "kind", "parent")
        field_classes = {"name": PlainCharField, "short_name": PlainCharField}
        labels = {"parent": gettext_lazy("Belongs to")}
        help_texts = {"code": gettext_lazy("Small letters, digits and hyphens. It stays as it is.")}


class OfficeForm(RegisterForm):
    """An office: its place, and what it may by itself."""

    once = ("code",)

    class Meta:
        model = Office
        fields = (
            "code",
            "title",
            "unit",
            "superior",
            "is_head",
            "sees_all_cases",
            "signs_without_titles",
        )
        field_classes = {"title": PlainCharField}
        labels = {"superior": gettext_lazy("Superior office")}
        help_texts = {
            "code": gettext_lazy("Small letters, digits and hyphens. It stays as it is."),
            "superior": gettext_lazy("It decides where this office may not, and hears of delays."),
            "is_head": gettext_lazy("Sees the cases of its unit. A unit has one head."),
            "sees_all_cases": gettext_lazy("For those whose work needs every case."),
            "signs_without_titles": gettext_lazy("Regent, deputy and regional secretary do."),
        }


class LetterForm(forms.Form):
    """The letter that something rests on."""

    basis_number = PlainCharField(label=gettext_lazy("Letter number"), max_length=NUMBER_LENGTH)
    basis_date = DayField(label=gettext_lazy("Letter date"))
    letter = UploadField(
        label=gettext_lazy("The letter"),
        required=False,
        help_text=gettext_lazy("A scan or a photo of it."),
    )


class AppointmentForm(LetterForm):
    """Who holds an office, in which capacity, from when to when."""

    user = PersonField(
        label=gettext_lazy("Person"), help_text=gettext_lazy("Name, user name or NIP.")
    )
    capacity = forms.ChoiceField(
        label=gettext_lazy("Capacity"),
        choices=[
            ("definitive", gettext_lazy("Definitive: holds the office")),
            ("plh", gettext_lazy("Plh.: for days, while the holder is away")),
            ("plt", gettext_lazy("Plt.: while the office is vacant or the holder away for long")),
            ("pj", gettext_lazy("Pj.: appointed until there is a definitive holder")),
            ("pjs", gettext_lazy("Pjs.: for the time of a leave, as in an election")),
        ],
        widget=forms.RadioSelect,
    )
    start = DayField(label=gettext_lazy("First day"))
    end = DayField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Only a definitive appointment can do without."),
    )
    field_order = ["user", "capacity", "start", "end", "basis_number", "basis_date", "letter"]


class EndForm(forms.Form):
    """When an appointment ends."""

    end = DayField(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("Open work goes to whoever holds the office from the next day on."),
    )


class PrincipalField(forms.ModelChoiceField):
    """The appointment whose authority is handed on."""

    def label_from_instance(self, obj: Appointment) -> str:
        """The title as it is signed with."""
        return obj.title


class DelegationForm(LetterForm):
    """Who acts on behalf of a holder, in which days, for what."""

    principal = PrincipalField(
        label=gettext_lazy("On behalf of"), queryset=Appointment.objects.none(), empty_label=None
    )
    delegate = PersonField(
        label=gettext_lazy("Who acts for you"), help_text=gettext_lazy("Name, user name or NIP.")
    )
    start = DayField(label=gettext_lazy("First day"))
    end = DayField(
        label=gettext_lazy("Last day"), help_text=gettext_lazy("It ends by itself after this day.")
    )
    stages = forms.MultipleChoiceField(
        label=gettext_lazy("Only at these stages"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Tick none for every stage."),
    )
    instrument_kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Only for these instruments"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Tick none for every kind."),
    )
    ceiling = MoneyField(
        label=gettext_lazy("Only up to the amount (Rp)"),
        required=False,
        help_text=gettext_lazy("Leave it empty for any amount."),
    )
    field_order = [
        "principal",
        "delegate",
        "start",
        "end",
        "basis_number",
        "basis_date",
        "letter",
    ]
    LIMITS = ("stages", "instrument_kinds", "ceiling")

    def __init__(self, *args: Any, principals: list[Appointment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        principal = self.fields["principal"]
        assert isinstance(principal, PrincipalField)
        principal.queryset = Appointment.objects.filter(
            pk__in=[one.pk for one in principals]
        ).select_related("office", "user")
        if len(principals) == 1:
            principal.widget = forms.HiddenInput()
        self.fields["letter"].required = True
        for scope in ("stages", "instrument_kinds"):
            choice = self.fields[scope]
            assert isinstance(choice, forms.MultipleChoiceField)
            choice.choices = list(words_of(scope).items())
            if len(choice.choices) < 2:
                del self.fields[scope]

    @property
    def limited(self) -> bool:
        """Whether a limit was typed or refused: then the page shows them unfolded."""
        return any(name in self.errors or self.data.get(name) for name in self.LIMITS)


class RevokeForm(forms.Form):
    """Why a delegation ends early."""

    reason = PlainTextField(
        label=gettext_lazy("Reason"),
        max_length=2_000,
        help_text=gettext_lazy("A sentence is enough."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
