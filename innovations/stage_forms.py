"""What a stage asks of its official: one form, with tables of rows where it needs them."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.texts import sentences_of

from .models import Innovation


class StageForm(forms.Form):
    """Base of every stage's form; web, `walkthrough` and tests fill the same one.

    `tables` maps a name to a formset class (prefix = that name). `record()` writes what was
    filled in, through the verbs, inside the caller's transaction; call it after `is_valid()`.
    """

    tables: ClassVar[dict[str, type[BaseFormSet]]] = {}
    template_name_stage: ClassVar[str] = "workflow/stages/plain.html"
    # What the signer answers; set it before `is_valid()` where it is not an approval.
    outcome: str = "approve"

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
        # A bound table takes every filled row as new, so that a repeated row is not skipped.
        recorded = {} if self.is_bound else self.recorded_rows()
        self.rows = {
            name: table(data, files, prefix=name, initial=recorded.get(name, []))
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
        table = self.rows[name]
        kept = [row for row in table.forms if row not in table.deleted_forms]
        return [
            {key: value for key, value in row.cleaned_data.items() if key != "DELETE"}
            for row in kept
            if row.cleaned_data
        ]

    def record(self) -> None:
        """Write what was filled in; runs inside the caller's transaction."""
        raise NotImplementedError

    def check_complete(self) -> None:
        """Raise ValidationError for what may be kept as it is, but not passed on with a decision.

        Called after `record()`, in the same transaction.
        """

    def sentences(self) -> list[str]:
        """Every error as one sentence that names its field (and its row, in a table)."""
        found = list(sentences_of(self))
        for table in self.rows.values():
            found += [str(text) for text in table.non_form_errors()]
            for number, row in enumerate(table.forms, start=1):
                found += [
                    _("Row %(number)s, %(error)s") % {"number": number, "error": sentence}
                    for sentence in sentences_of(row)
                ]
        return found

    @classmethod
    def from_record(
        cls, record: Mapping[str, Any], *, innovation: Innovation, actor: User, files: Any = None
    ) -> Self:
        """The same form filled from a plain record: {"field": value, "table": [{...}, ...]}.

        Raises ValidationError where a table is no list of rows or a field is not known.
        """
        data: dict[str, Any] = {}
        for name in cls.tables:
            data |= _table_as_posted(name, record.get(name, []))
        data |= {name: value for name, value in record.items() if name not in cls.tables}
        form = cls(data, files, innovation=innovation, actor=actor)
        if unknown := sorted(set(record) - set(form.fields) - set(cls.tables)):
            raise ValidationError(
                _("%(names)s: not known here. Known are: %(known)s.")
                % {
                    "names": ", ".join(unknown),
                    "known": ", ".join([*form.fields, *cls.tables]),
                }
            )
        return form


def _table_as_posted(name: str, rows: Any) -> dict[str, Any]:
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise ValidationError(_("%s: must be a list of rows.") % name)
    data: dict[str, Any] = {f"{name}-TOTAL_FORMS": len(rows), f"{name}-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        data |= {f"{name}-{number}-{key}": cell for key, cell in row.items()}
    return data
