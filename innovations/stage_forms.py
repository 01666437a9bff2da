"""What a stage asks of its official: one form, with tables of rows where it needs them."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet

from accounts.models import User

from .models import Innovation


class StageForm(forms.Form):
    """Base of every stage's form; web, `walkthrough` and tests fill the same one.

    `tables` maps a name to a formset class (prefix = that name). `record()` writes what was
    filled in, through the verbs, inside the caller's transaction; call it after `is_valid()`.
    """

    tables: ClassVar[dict[str, type[BaseFormSet]]] = {}
    template_name_stage: ClassVar[str] = "workflow/stages/plain.html"

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        innovation: Innovation,
        actor: User,
        **kwargs: Any,
    ) -> None:
        self.innovation = innovation
        self.actor = actor
        kwargs.setdefault("initial", self.recorded())
        super().__init__(data, files, **kwargs)
        rows = self.recorded_rows()
        self.rows = {
            name: table(data, files, prefix=name, initial=rows.get(name, []))
            for name, table in self.tables.items()
        }

    def recorded(self) -> dict[str, Any]:
        """What is recorded already, as initial values of the fields."""
        return {}

    def recorded_rows(self) -> dict[str, list[dict[str, Any]]]:
        """What is recorded already, as initial rows of the tables."""
        return {}

    def is_valid(self) -> bool:
        """True when the fields and every table are in order."""
        tables_valid = [table.is_valid() for table in self.rows.values()]
        return super().is_valid() and all(tables_valid)

    def table_data(self, name: str) -> list[dict[str, Any]]:
        """The filled, not deleted rows of a table, cleaned."""
        return [
            {key: value for key, value in form.cleaned_data.items() if key != "DELETE"}
            for form in self.rows[name].forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE") and form.has_changed()
            or (form.cleaned_data and not form.cleaned_data.get("DELETE") and form.initial)
        ]

    def record(self) -> None:
        """Write what was filled in; runs inside the caller's transaction."""
        raise NotImplementedError

    def sentences(self) -> list[str]:
        """Every error as one sentence that names its field (and its row, in a table)."""
        found = [
            f"{self.fields[name].label if name in self.fields else ''}: {text}".lstrip(": ")
            for name, texts in self.errors.items()
            for text in texts
        ]
        for table in self.rows.values():
            found += [str(text) for text in table.non_form_errors()]
            for number, form in enumerate(table.forms, start=1):
                found += [
                    f"{number}. {form.fields[name].label if name in form.fields else ''}: {text}"
                    for name, texts in form.errors.items()
                    for text in texts
                ]
        return found

    @classmethod
    def from_record(
        cls, record: Mapping[str, Any], *, innovation: Innovation, actor: User, files: Any = None
    ) -> "StageForm":
        """The same form filled from a plain record: {"field": value, "table": [{...}, ...]}."""
        data: dict[str, Any] = {}
        for name, value in record.items():
            if name not in cls.tables:
                data[name] = value
                continue
            if not isinstance(value, list):
                raise ValidationError({name: "must be a list of rows"})
            data |= {f"{name}-TOTAL_FORMS": len(value), f"{name}-INITIAL_FORMS": 0}
            for number, row in enumerate(value):
                data |= {f"{name}-{number}-{key}": cell for key, cell in row.items()}
        for name in cls.tables:
            data.setdefault(f"{name}-TOTAL_FORMS", 0)
            data.setdefault(f"{name}-INITIAL_FORMS", 0)
        return cls(data, files, innovation=innovation, actor=actor)
