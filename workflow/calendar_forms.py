"""The form by which an administrator enters a decree on the calendar, and the one of a pause."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.db.models import Model
from django.forms.formsets import formset_factory
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from accounts.texts import DayField, PlainCharField, PlainTextField
from approvals.decree_faults import DAYS, WEEKS, Fault, faults_of
from approvals.decrees import whole_calendar
from approvals.models import ClockPause, WorkingWeek
from approvals.new_decree import NewDays, NewDecree, NewWeek
from planning.fields import ChosenField, by_code
from planning.tables import RowForm, Rows

FREE, WORKING = "free", "working"
MOST_DAYS, MOST_WEEKS = 40, 100


class UnitOrEverybodyField(ChosenField):
    """A unit; everybody where none is chosen."""

    def offer(self, rows: Mapping[str, Model]) -> None:
        """Let the field offer these units."""
        super().offer(rows)
        self.choices = [("", _("Everybody")), *((code, str(row)) for code, row in rows.items())]


class DayRowForm(RowForm):
    """A day, or some in a row, that the decree declares free or working."""

    first = DayField(label=_("First day"))
    last = DayField(
        label=_("Last day"), required=False, help_text=_("Leave it empty for a single day.")
    )
    becomes = forms.ChoiceField(
        label=_("It becomes"),
        choices=[(FREE, _("a free day")), (WORKING, _("a working day"))],
        initial=FREE,
        widget=forms.Select(attrs={"data-usual": FREE}),
    )
    name = PlainCharField(
        label=_("Name of the day"), max_length=120, help_text=_("For example: Cuti Bersama Natal.")
    )
    unit = UnitOrEverybodyField(label=_("For whom"), required=False)

    @property
    def days(self) -> NewDays:
        """The row as the calendar takes it, once it is valid."""
        cells = self.cleaned_data
        return NewDays(
            cells["first"],
            cells["last"] or cells["first"],
            cells["becomes"] == WORKING,
            cells["name"],
            cells["unit"],
        )


class WeekRowForm(RowForm):
    """The working week that the decree gives to a unit."""

    unit = ChosenField(label=_("Unit"), help_text=_("It holds for the units below it as well."))
    valid_from = DayField(label=_("From"))
    days = forms.ChoiceField(
        label=_("Working week"), choices=WorkingWeek.Days.choices, initial=WorkingWeek.Days.SIX
    )

    @property
    def week(self) -> NewWeek:
        """The row as the calendar takes it, once it is valid."""
        cells = self.cleaned_data
        return NewWeek(cells["unit"], cells["valid_from"], cells["days"])


class UnitRows(Rows):
    """A table whose rows may name a unit; the units are read once for the whole form."""

    units: Mapping[str, Model] = {}

    @cached_property
    def offers(self) -> Mapping[str, Mapping[str, Model]]:
        """All units."""
        return {"unit": self.units}

    def kept(self) -> list[RowForm]:
        """The rows that were filled in and not removed."""
        return [
            cast(RowForm, row)
            for row in self.forms
            if row.has_changed() and not row.cleaned_data.get("DELETE")
        ]


class DayRows(UnitRows):
    """The days that a decree changes."""

    title = _("Days")
    hint = _("Free days and working days, each with the name that people will read.")
    add_label = _("Add a day")


class WeekRows(UnitRows):
    """The working weeks that a decree changes."""

    title = _("Working weeks")
    hint = _("Only where a unit works on other days than the unit above it, or does so no longer.")
    add_label = _("Add a working week")


def _table(row: type[RowForm], rows: type[UnitRows], *, extra: int, most: int) -> Any:
    return formset_factory(
        row,
        formset=rows,
        extra=extra,
        max_num=most,
        absolute_max=most + 10,
        validate_max=True,
        can_delete=True,
    )


class DecreeForm(forms.Form):
    """A decree with its tables; a fault is told at the field that mends it."""

    tables = {
        DAYS: _table(DayRowForm, DayRows, extra=3, most=MOST_DAYS),
        WEEKS: _table(WeekRowForm, WeekRows, extra=1, most=MOST_WEEKS),
    }

    number = PlainCharField(
        label=_("Number of the decree"),
        max_length=80,
        help_text=_("As it stands in the decree, for example 1497 Tahun 2025."),
    )
    date = DayField(label=_("Date of the decree"))
    title = PlainCharField(
        label=_("What the decree is about"),
        max_length=200,
        help_text=_("In a few words: they explain every due date that moves."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        units = by_code(Unit.objects.all())
        self.rows: dict[str, UnitRows] = {
            name: table(data, prefix=name) for name, table in self.tables.items()
        }
        for table in self.rows.values():
            table.units = units

    def is_valid(self) -> bool:
        """True when the fields, the tables, and the decree as a whole are in order."""
        tables_valid = [table.is_valid() for table in self.rows.values()]
        if not super().is_valid() or not all(tables_valid):
            return False
        faults = faults_of(self.decree(), whole_calendar())
        for fault in faults:
            self._tell(fault)
        return not faults

    def decree(self) -> NewDecree:
        """What was filled in, once fields and tables are valid."""
        return NewDecree(
            self.cleaned_data["number"],
            self.cleaned_data["date"],
            self.cleaned_data["title"],
            [cast(DayRowForm, row).days for row in self.rows[DAYS].kept()],
            [cast(WeekRowForm, row).week for row in self.rows[WEEKS].kept()],
        )

    def _tell(self, fault: Fault) -> None:
        form = self.rows[fault.table].kept()[fault.row] if fault.table else self
        form.add_error(fault.field or None, fault.sentence)


class PauseForm(forms.Form):
    """Why a clock shall stand still."""

    kind = forms.ChoiceField(
        label=_("What does it wait for?"),
        choices=[
            (ClockPause.Kind.INITIATOR, _("For the initiator")),
            (ClockPause.Kind.MINISTRY, _("For the ministry")),
            (ClockPause.Kind.OTHER, _("For something else")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the reasons.")},
    )
    note = PlainTextField(
        label=_("In a sentence"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody who works on this case reads it."),
    )
