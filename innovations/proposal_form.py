"""The proposal: every rule that a submitted innovation has to keep, with a sentence for each."""

import datetime
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.files.uploads import UploadField
from accounts.models import Unit, User
from accounts.offices import today
from accounts.texts import (
    LONG_TEXT_LENGTH,
    DayField,
    MoneyField,
    PlainCharField,
    PlainTextField,
    sentences_of,
)

from .models import (
    NAME_LENGTH,
    TITLE_LENGTH,
    Draft,
    EvidenceKind,
    Innovation,
)

MIN_DESIGN_WORDS = 300
MAX_CO_INITIATORS = 20
# Older dates are slips of the finger: regencies could not adopt innovations before.
EARLIEST = datetime.date(1999, 1, 1)


def proposable_units() -> QuerySet[Unit]:
    """Units that can own or host an innovation: those that somebody heads."""
    return (
        Unit.objects.filter(offices__is_head=True)
        .exclude(kind=Unit.Kind.PANEL)
        .distinct()
        .order_by("name")
    )


def proposable_people(initiator: User) -> QuerySet[User]:
    """Who may stand beside this initiator."""
    people = User.objects.filter(is_active=True).exclude(username=User.SYSTEM)
    return people.exclude(pk=initiator.pk)


class UnitField(forms.ModelChoiceField):
    """A unit, named by its code."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "error_messages", {"invalid_choice": gettext_lazy("Choose a unit from the list.")}
        )
        kwargs.setdefault("empty_label", gettext_lazy("Choose …"))
        super().__init__(queryset=Unit.objects.none(), to_field_name="code", **kwargs)

    def to_python(self, value: Any) -> Unit | None:
        """The unit; what cannot be a code never reaches the database."""
        if isinstance(value, str) and value and not re.fullmatch(r"[-\w]{1,40}", value, re.ASCII):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        found: Unit | None = super().to_python(value)
        return found


class PeopleField(forms.ModelMultipleChoiceField):
    """People, named by their numbers."""

    default_error_messages = {
        "invalid_choice": gettext_lazy(
            "“%(value)s” cannot be chosen. Choose another active person than yourself."
        ),
        "invalid_pk_value": gettext_lazy("“%(pk)s” is no person. Choose one from the list."),
        "invalid_list": gettext_lazy("This must be a list of people."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=User.objects.none(), **kwargs)

    def clean(self, value: Any) -> QuerySet[User]:
        """The people; a number that no database holds is refused here."""
        for number in value if isinstance(value, list | tuple) else ():
            if not re.fullmatch(r"[0-9]{1,18}", str(number)):
                raise ValidationError(
                    self.error_messages["invalid_pk_value"],
                    code="invalid_pk_value",
                    params={"pk": str(number)[:40]},
                )
        found: QuerySet[User] = super().clean(value)
        return found


def choose_from(field: forms.Field, rows: QuerySet[Any]) -> None:
    """Offer these rows, and only these, in a field that names rows."""
    if not isinstance(field, forms.ModelChoiceField):
        raise TypeError(f"{field} names no rows")
    field.queryset = rows


def check_past(date: datetime.date | None) -> datetime.date | None:
    """The date itself; raises ValidationError for one that cannot have been."""
    if date and date > today():
        raise ValidationError(
            _("This date lies in the future. Type the day on which it happened."), code="future"
        )
    if date and date < EARLIEST:
        raise ValidationError(
            _("This date lies before %(year)s. Check the year.") % {"year": EARLIEST.year},
            code="too_old",
        )
    return date


@dataclass(frozen=True)
class Demand:
    """A document that some proposals need, when, and what to say when it is missing."""

    kind: EvidenceKind
    when: Callable[[Mapping[str, Any]], bool]
    sentence: Any


DEMANDS = (
    Demand(
        EvidenceKind.PERMISSION_LETTER,
        lambda data: data.get("initiator_type") == Innovation.InitiatorType.CIVIL_SERVANT,
        gettext_lazy(
            "A civil servant needs the written permission of the head of the unit. "
            "Add it under evidence, as “Written permission of the head of the unit”."
        ),
    ),
    Demand(
        EvidenceKind.PLENARY_DECISION,
        lambda data: data.get("initiator_type") == Innovation.InitiatorType.COUNCIL_MEMBER,
        gettext_lazy(
            "A proposal of a council member needs the decision of the plenary. "
            "Add it under evidence, as “Plenary decision of the regional council”."
        ),
    ),
    Demand(
        EvidenceKind.RUNNING_EVIDENCE,
        lambda data: is_yes(data.get("already_running")),
        gettext_lazy(
            "An innovation that already runs needs evidence of it. "
            "Add a photo, report or decree under evidence, as “Evidence that the innovation runs”."
        ),
    ),
)


def is_yes(value: Any) -> bool:
    """What a ticked box, a JSON true or a cell with a yes amount to."""
    return value is True or str(value).lower() in {"on", "true", "1", "yes", "ya"}


def demands_on(data: Mapping[str, Any]) -> list[Demand]:
    """The documents that a proposal with these answers needs."""
    return [demand for demand in DEMANDS if demand.when(data)]


class ProposalForm(forms.Form):
    """The proposal of an innovation (PP 38/2017; profile of the innovation index)."""

    name = PlainCharField(label=gettext_lazy("Name of the innovation"), max_length=NAME_LENGTH)
    initiator_type = forms.ChoiceField(
        label=gettext_lazy("Kind of initiator"), choices=Innovation.InitiatorType.choices
    )
    owning_unit = UnitField(
        label=gettext_lazy("Owning unit"),
        help_text=gettext_lazy("The unit that will run the innovation."),
    )
    co_initiators = PeopleField(label=gettext_lazy("Co-initiators"), required=False)
    form = forms.ChoiceField(
        label=gettext_lazy("Form of the innovation"), choices=Innovation.Form.choices
    )
    is_digital = forms.BooleanField(label=gettext_lazy("Digital"), required=False)
    affair = forms.ChoiceField(
        label=gettext_lazy("Government affair"),
        choices=[("", "---------"), *Innovation.Affair.choices],
    )
    innovation_class = forms.ChoiceField(
        label=gettext_lazy("Class of the innovation"), choices=Innovation.InnovationClass.choices
    )
    problem = PlainTextField(
        label=gettext_lazy("Problem"), help_text=gettext_lazy("What does not work today, for whom?")
    )
    design_description = PlainTextField(
        label=gettext_lazy("Design (rancang bangun)"),
        max_length=LONG_TEXT_LENGTH,
        min_words=MIN_DESIGN_WORDS,
        help_text=gettext_lazy(
            "At least 300 words: what changes, for whom, how it works, who does what."
        ),
    )
    objective = PlainTextField(label=gettext_lazy("Objective"))
    benefit = PlainTextField(label=gettext_lazy("Benefit"))
    outcome = PlainTextField(label=gettext_lazy("Expected result"))
    budget_need = MoneyField(
        label=gettext_lazy("Budget needed"),
        required=False,
        help_text=gettext_lazy("In rupiah, for example 1.500.000. Leave empty if none is needed."),
    )
    already_running = forms.BooleanField(
        label=gettext_lazy("The innovation already runs"),
        required=False,
        help_text=gettext_lazy("With evidence the trial is skipped."),
    )
    running_since = DayField(label=gettext_lazy("Running since"), required=False)

    def __init__(self, data: Any = None, *, draft: Draft, actor: User, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.draft = draft
        self.initiator = actor
        choose_from(self.fields["co_initiators"], proposable_people(actor))
        choose_from(self.fields["owning_unit"], proposable_units())

    def clean_initiator_type(self) -> str:
        """A civil servant proposes as one: the permission of the head cannot be walked around."""
        kind: str = self.cleaned_data["initiator_type"]
        if kind == Innovation.InitiatorType.COMMUNITY and self.initiator.nip:
            raise ValidationError(
                _("Your account has a NIP, so you are a civil servant. Choose “Civil servant”."),
                code="civil_servant",
            )
        return kind

    def clean_co_initiators(self) -> QuerySet[User]:
        """Not more people than a decree can name."""
        people: QuerySet[User] = self.cleaned_data["co_initiators"]
        if len(people) > MAX_CO_INITIATORS:
            raise ValidationError(
                _("These are more than %s people. Name those who carry the innovation.")
                % MAX_CO_INITIATORS,
                code="too_many",
            )
        return people

    def clean_running_since(self) -> datetime.date | None:
        """Only a day that has been, and only where the innovation runs."""
        if not self.cleaned_data.get("already_running"):
            return None
        since = check_past(self.cleaned_data["running_since"])
        if since is None:
            raise ValidationError(
                _("Type the day since which the innovation runs, or say that it does not run yet."),
                code="required",
            )
        return since

    def clean(self) -> dict[str, Any]:
        """The documents that the answers demand."""
        present = set(self.draft.files.values_list("kind", flat=True))
        for demand in demands_on(self.cleaned_data):
            if demand.kind not in present:
                self.add_error(None, ValidationError(demand.sentence, code=demand.kind.value))
        return self.cleaned_data

    def sentences(self) -> list[str]:
        """Every error as one sentence that starts with the name of its field."""
        return list(sentences_of(self))


PROFILE_FIELDS = tuple(name for name in ProposalForm.base_fields if name != "co_initiators")


class EvidenceForm(forms.Form):
    """What is said about one file; `file` only when it is added."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of document"),
        choices=EvidenceKind.choices,
        required=False,
        help_text=gettext_lazy("What the document proves."),
    )
    title = PlainCharField(
        label=gettext_lazy("Title of the document"), max_length=TITLE_LENGTH, required=False
    )
    document_number = PlainCharField(
        label=gettext_lazy("Document number"), max_length=80, required=False
    )
    document_date = DayField(label=gettext_lazy("Document date"), required=False)
    file = UploadField(label=gettext_lazy("File"))

    def clean_kind(self) -> str:
        """A supporting document unless said otherwise."""
        return self.cleaned_data["kind"] or EvidenceKind.SUPPORT.value

    def clean_document_date(self) -> datetime.date | None:
        """A document cannot be of tomorrow."""
        return check_past(self.cleaned_data["document_date"])

    def sentences(self) -> list[str]:
        """Every error as one sentence that starts with the name of its field."""
        return list(sentences_of(self))


def labels_of(names: Iterable[str]) -> dict[str, str]:
    """The labels of the proposal's fields, in the reader's language."""
    return {name: str(ProposalForm.base_fields[name].label) for name in names}
