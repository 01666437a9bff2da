"""What the legal section fills in: the text of the instrument."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.offices import today
from accounts.texts import DayField, PlainCharField, PlainTextField
from innovations.models import Innovation
from innovations.stage_forms import StageForm

from .clauses import BLOCKS
from .drafting import (
    cite_problem,
    current_instrument,
    edit,
    further_innovations,
    innovations_to_join,
)
from .form_rules import ABBREVIATION, check_form
from .models import Instrument, LegalSource
from .references import token
from .wording import MOST_CLAUSES

CLAUSE_LENGTH = 4_000
MOST_UNITS = 150


def _grows() -> forms.Textarea:
    """A line that is often longer than its field: the field grows, and it is seen whole."""
    return forms.Textarea(attrs={"rows": 1})


class ClauseForm(forms.Form):
    """One clause; `key` says which one it is, wherever it is moved."""

    key = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)
    text = PlainTextField(
        label=_("Text"), max_length=CLAUSE_LENGTH, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if key := self.initial.get("key"):
            self.fields["text"].help_text = gettext("To refer to it, write %s.") % token(key)


class ConsiderationForm(ClauseForm):
    """One consideration."""

    def clean_text(self) -> str:
        """Each consideration starts with “bahwa”."""
        text: str = self.cleaned_data["text"]
        if not text.startswith("bahwa "):
            raise ValidationError(gettext("A consideration starts with “bahwa”. Add the word."))
        return text


class UnitForm(ClauseForm):
    """A chapter, part or paragraph with its heading, or an article with its text."""

    unit = forms.ChoiceField(
        label=_("Unit"),
        choices=[
            ("pasal", _("Article (Pasal)")),
            ("bab", _("Chapter (BAB)")),
            ("bagian", _("Part (Bagian)")),
            ("paragraf", _("Paragraph (Paragraf)")),
        ],
        initial="pasal",
        widget=forms.Select(attrs={"data-usual": "pasal"}),
    )

    field_order = ["unit", "text"]


class RecipientForm(forms.Form):
    """One who gets a copy."""

    name = PlainCharField(label=_("Recipient"), max_length=200, widget=_grows())


class Rows(BaseFormSet):
    """A table in which the sent rows are the whole table."""

    title: ClassVar[Any] = ""
    hint: ClassVar[Any] = ""
    add_label: ClassVar[Any] = _("Add a row")

    def initial_form_count(self) -> int:
        """No sent row is taken for a recorded one."""
        return 0 if self.is_bound else super().initial_form_count()

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        """The place of a row, in words that say what changing it does."""
        super().add_fields(form, index)
        if place := form.fields.get("ORDER"):
            place.label = _("Place")
            place.widget.attrs |= {"class": "place", "min": 1}


class ConsiderationRows(Rows):
    """Menimbang."""

    title = _("Considerations (Menimbang)")
    hint = _("Each starts with “bahwa”. The last one, “bahwa berdasarkan …”, is written by Payung.")
    add_label = _("Add a consideration")


class NotingRows(Rows):
    """Memperhatikan."""

    title = _("Noting (Memperhatikan)")
    hint = _("Letters, minutes and agreements that were taken into account. May stay empty.")
    add_label = _("Add a document")


class DictaRows(Rows):
    """KESATU and so on."""

    title = _("Dicta")
    hint = _(
        "KESATU, KEDUA and so on are counted by Payung, and the last one, on coming into force, "
        "is written by it. Lines that start with “a.”, “b.” become letters."
    )
    add_label = _("Add a dictum")


class BodyRows(Rows):
    """Batang tubuh."""

    title = _("Chapters and articles")
    hint = _(
        "BAB, Pasal, ayat, huruf and angka are counted by Payung; the last article is written by "
        "it. In an article each line is a paragraph (ayat), lines that start with “- ” are its "
        "letters, with “-- ” their numbers. Refer to a clause with {ref:key}; a line gets a key "
        "by “[key] ” before it."
    )
    add_label = _("Add a chapter or an article")


class RecipientRows(Rows):
    """Tembusan."""

    title = _("Copies (Tembusan)")
    hint = _("Who gets a copy, with office and place.")
    add_label = _("Add a recipient")


def _table(
    form: type[forms.Form],
    rows: type[Rows],
    *,
    least: int,
    most: int = MOST_CLAUSES - 1,
    moves: bool = True,
) -> type[BaseFormSet]:
    return formset_factory(
        form,
        formset=rows,
        extra=0 if least else 1,
        min_num=least,
        validate_min=bool(least),
        max_num=most,
        absolute_max=most + 10,
        validate_max=True,
        can_delete=True,
        can_order=moves,
    )


class SourcesField(forms.ModelMultipleChoiceField):
    """Legal bases by their key; what is not verified yet says so."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        """The source, with a remark where the legal section has not checked it."""
        if not obj.is_citable:
            return gettext("%s (number unknown: cannot be cited yet)") % obj
        return str(obj) if obj.verified else gettext("%s (citation not verified yet)") % obj


class InnovationsField(forms.ModelMultipleChoiceField):
    """Innovations by their code, each with the unit that owns it."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        """Name and unit."""
        return f"{obj.name} ({obj.owning_unit.name})"


class InstrumentForm(StageForm):
    """The draft of the instrument, clause by clause; numbers, letters and order are computed."""

    title = PlainCharField(
        widget=_grows(),
        label=_("Title"),
        max_length=400,
        help_text=_("Without abbreviation and without full stop. It is printed in capitals."),
    )
    in_force_from = DayField(
        label=_("In force from"),
        required=False,
        help_text=_("Leave empty for the day on which the instrument is signed."),
    )
    in_force_until = DayField(
        label=_("In force until"),
        required=False,
        help_text=_("Leave empty where it has no end. Before that day Payung reminds of it."),
    )
    paper = forms.ChoiceField(
        label=_("Paper"), choices=Instrument.Paper.choices, required=False, widget=forms.RadioSelect
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=Instrument.Kind.choices,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("After a change, save: the clauses of that kind are written from the case."),
    )
    innovations = InnovationsField(
        Innovation.objects.none(),
        label=_("Further innovations that it stipulates"),
        required=False,
        to_field_name="code",
        help_text=_(
            "Each gets a part of the annex. Only innovations that are institutionalised can join."
        ),
    )
    legal_sources = SourcesField(
        LegalSource.objects.filter(in_force=True),
        label=_("Legal bases (Mengingat)"),
        to_field_name="key",
        help_text=_("Payung puts them in the order of the hierarchy, year and number."),
    )

    tables: ClassVar[dict[str, type[BaseFormSet]]] = {
        "considerations": _table(ConsiderationForm, ConsiderationRows, least=1),
        "noting": _table(ClauseForm, NotingRows, least=0),
        "dicta": _table(ClauseForm, DictaRows, least=1),
        "body": _table(UnitForm, BodyRows, least=1, most=MOST_UNITS),
        "copy_recipients": _table(RecipientForm, RecipientRows, least=0, most=40, moves=False),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for block in {"dicta", "body"} - set(self.blocks):
            del self.rows[block]
        joining = self.fields["innovations"]
        assert isinstance(joining, InnovationsField)
        joining.queryset = innovations_to_join(self.innovation)
        if self.instrument and self.instrument.purpose != Instrument.Purpose.STIPULATE:
            del self.fields["innovations"], self.fields["kind"]

    @property
    def blocks(self) -> tuple[str, ...]:
        """What is typed of this kind of instrument, block by block."""
        kind = self.instrument.kind if self.instrument else Instrument.Kind.REGENT_DECREE
        return BLOCKS[Instrument.Kind(kind)]

    @cached_property
    def instrument(self) -> Instrument | None:
        """The draft that is edited."""
        return current_instrument(self.innovation)

    def recorded(self) -> dict[str, Any]:
        """The draft as it stands."""
        instrument = self.instrument
        if instrument is None:
            return {}
        return {
            "title": instrument.title,
            "in_force_from": instrument.in_force_from,
            "in_force_until": instrument.in_force_until,
            "paper": instrument.paper,
            **self._shape(instrument),
            "legal_sources": [b.source.key for b in instrument.bases.select_related("source")],
        }

    def _shape(self, instrument: Instrument) -> dict[str, Any]:
        """What only an instrument that stipulates may change."""
        if instrument.purpose != Instrument.Purpose.STIPULATE:
            return {}
        joined = [one.code for one in further_innovations(instrument)]
        return {"kind": instrument.kind, "innovations": joined}

    def recorded_rows(self) -> dict[str, list[dict[str, Any]]]:
        """The clauses as they stand."""
        instrument = self.instrument
        content = instrument.content if instrument else {}
        recipients = [{"name": name} for name in content.get("copy_recipients", [])]
        return {block: content.get(block, []) for block in self.blocks} | {
            "copy_recipients": recipients
        }

    def clean_title(self) -> str:
        """No abbreviation, no full stop at the end."""
        title: str = self.cleaned_data["title"]
        if found := ABBREVIATION.search(title):
            raise ValidationError(
                gettext("“%s” is an abbreviation or ends with a full stop. Write it out.")
                % found[0]
            )
        return title

    def clean_in_force_from(self) -> Any:
        """Not in the past: the day of signing is the earliest."""
        day = self.cleaned_data["in_force_from"]
        if day and day < today():
            raise ValidationError(
                gettext("This day has passed. Choose a later one, or leave it empty.")
            )
        return day

    def clean_legal_sources(self) -> Any:
        """Only law that has its number and is in force."""
        sources = self.cleaned_data["legal_sources"]
        if problem := cite_problem(sources):
            raise ValidationError(problem)
        return sources

    def record(self) -> None:
        """Write the edited draft."""
        instrument = self.instrument
        if instrument is None:
            raise ValidationError(gettext("There is no draft to edit."))
        self.instrument = edit(self.actor, instrument, self.told())

    def told(self) -> dict[str, Any]:
        """What was filled in, as `edit` takes it."""
        rows = {block: self.in_place(block) for block in self.blocks}
        recipients = [row["name"] for row in self.table_data("copy_recipients")]
        return {**self.cleaned_data, **rows, "copy_recipients": recipients}

    def in_place(self, block: str) -> list[dict[str, Any]]:
        """The rows of a block, each one that was given another place put there, in this order."""
        rows = self.table_data(block)
        where = [row.pop("ORDER", None) for row in rows]
        moved = [
            (to, row)
            for here, (to, row) in enumerate(zip(where, rows, strict=True), start=1)
            if to not in (None, here)
        ]
        staying = [row for row in rows if not any(row is other for _to, other in moved)]
        for to, row in sorted(moved, key=lambda one: one[0]):
            staying.insert(max(to - 1, 0), row)
        return staying

    def clean_kind(self) -> str:
        """Nobody decides on a text that is written only now."""
        kind: str = self.cleaned_data["kind"]
        changes = self.instrument and kind not in ("", self.instrument.kind)
        if changes and "outcome" in self.data and "save" not in self.data:
            raise ValidationError(gettext("Save the draft first, and read its clauses."))
        return kind

    def clean_in_force_until(self) -> Any:
        """Not in the past, and not before the first day."""
        last, first = self.cleaned_data["in_force_until"], self.cleaned_data.get("in_force_from")
        if last and last < (first or today()):
            raise ValidationError(
                gettext("This day lies before the first one. Choose a later one, or none.")
            )
        return last

    def check_complete(self) -> None:
        """No fault of form is passed on; a draft may be kept with them."""
        if self.instrument:
            check_form(self.instrument)

    @classmethod
    def from_record(
        cls, record: Mapping[str, Any], *, innovation: Innovation, actor: User, files: Any = None
    ) -> Self:
        """Filled from a plain record; what it leaves out stays as it was assembled."""
        unbound = cls(innovation=innovation, actor=actor)
        as_assembled = unbound.recorded() | unbound.recorded_rows()
        return super().from_record(
            as_assembled | dict(record), innovation=innovation, actor=actor, files=files
        )
