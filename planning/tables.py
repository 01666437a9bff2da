"""The tables inside the forms of planning: one row form and one formset for each."""

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.texts import MoneyField, PlainCharField, PlainTextField

from .fields import ChosenField, FigureField, WholeField, YearField, by_code
from .models import FundingSource, Pillar, SubActivity, TechnologyLine
from .rules import (
    TARGET_YEARS,
    check_indicators,
    check_money,
    check_pillars,
    check_staff,
    check_technology,
    year_faults,
)

Offers = Mapping[str, Mapping[str, Model]]


class RowForm(forms.Form):
    """A row of a table; its choices are read once for the whole table."""

    def __init__(self, *args: Any, offers: Offers, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in offers.items():
            cast(ChosenField, self.fields[name]).offer(rows)


class Rows(BaseFormSet):
    """A table in which a row left empty is no row, and what is sent stands alone.

    Django compares a sent row with the recorded one and drops an unchanged row as untouched;
    here the sent rows are the whole table.
    """

    title: ClassVar[Any] = ""
    hint: ClassVar[Any] = ""
    add_label: ClassVar[Any] = _("Add a row")
    can_add: ClassVar[bool] = True

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        if data is not None:
            kwargs["initial"] = None
        super().__init__(data, files, **kwargs)

    def initial_form_count(self) -> int:
        """No sent row is taken for a recorded one."""
        return 0 if self.is_bound else super().initial_form_count()

    @cached_property
    def offers(self) -> Offers:
        """What the choices of a row offer, by the name of the field."""
        return {}

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """Give each row the choices of the table."""
        return {**super().get_form_kwargs(index), "offers": self.offers}

    def filled(self) -> list[Any]:
        """The rows that were filled in and not removed, cleaned."""
        return [
            {name: value for name, value in form.cleaned_data.items() if name != "DELETE"}
            for form in self.forms
            if form.has_changed() and not form.cleaned_data.get("DELETE")
        ]

    def clean(self) -> None:
        """Ask the rule of the table, once every row is in order by itself."""
        if not any(self.errors):
            self.check_rows(self.filled())

    def check_rows(self, rows: list[Any]) -> None:
        """What must hold for all rows together."""


class PillarRowForm(RowForm):
    """A pillar with its share, and the proof of it."""

    pillar = ChosenField(label=_("Priority pillar"))
    weight = WholeField(
        label=_("Weight (%)"),
        min_value=1,
        max_value=100,
        help_text=_("All weights together make 100."),
    )
    is_lead = forms.BooleanField(label=_("Lead pillar"), required=False)
    proof = PlainTextField(
        label=_("Proof"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Which document, figure or act shows that it serves this pillar?"),
    )


class PillarRows(Rows):
    """The pillars that an innovation serves."""

    title = _("Priority pillars")
    hint = _("One pillar leads. The weights add up to 100 %.")
    add_label = _("Add a pillar")

    def check_rows(self, rows: list[Any]) -> None:
        """The rule of the table."""
        check_pillars(rows)

    @cached_property
    def offers(self) -> Offers:
        """All pillars."""
        return {"pillar": by_code(Pillar.objects.all())}


class IndicatorRowForm(RowForm):
    """An indicator with its baseline and a target for each year of the plan."""

    name = PlainCharField(label=_("Indicator"), max_length=200)
    measure = PlainCharField(
        label=_("Unit of measure"), max_length=60, help_text=_("For example: %, people, days.")
    )
    baseline = FigureField(label=_("Baseline"))
    baseline_year = YearField(label=_("Baseline year"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for year in TARGET_YEARS:
            label = gettext("Target %s") % year
            self.fields[f"target_{year}"] = FigureField(label=label, required=False)

    def clean(self) -> dict[str, Any]:
        """Gather the targets under their years."""
        typed = {year: self.cleaned_data.pop(f"target_{year}", None) for year in TARGET_YEARS}
        self.cleaned_data["targets"] = {
            year: value for year, value in typed.items() if value is not None
        }
        return self.cleaned_data


class IndicatorRows(Rows):
    """The indicators by which success is measured."""

    title = _("Indicators and targets")
    hint = _("Where does it stand today, and what shall it reach by the end of each year?")
    add_label = _("Add an indicator")

    def check_rows(self, rows: list[Any]) -> None:
        """The rule of the table."""
        check_indicators(rows)


class MoneyRowForm(RowForm):
    """Money of one fiscal year."""

    fiscal_year = YearField(label=_("Fiscal year"))
    sub_activity = ChosenField(label=_("Sub-activity"))
    source = ChosenField(label=_("Funding source"))
    amount = MoneyField(label=_("Amount (Rp)"))

    def clean_fiscal_year(self) -> int:
        """A year that the action plan and the regent's term allow."""
        year: int = self.cleaned_data["fiscal_year"]
        if faults := year_faults(year):
            raise ValidationError(faults)
        return year

    def clean(self) -> dict[str, Any]:
        """Take the sub-activity from the nomenclature of the fiscal year."""
        year, chosen = (self.cleaned_data.get(name) for name in ("fiscal_year", "sub_activity"))
        if year and chosen:
            found = SubActivity.objects.in_force(year).filter(code=chosen.code).first()
            self.cleaned_data["sub_activity"] = found or chosen
        return self.cleaned_data


class MoneyRows(Rows):
    """The money promised."""

    title = _("Money")
    hint = _("One row for each fiscal year, sub-activity and source.")
    add_label = _("Add a money line")

    def check_rows(self, rows: list[Any]) -> None:
        """The rule of the table."""
        check_money(rows)

    @cached_property
    def offers(self) -> Offers:
        """The codes of all nomenclatures, the newest name of each; and all sources."""
        newest_last = SubActivity.objects.order_by("version__valid_from_fy")
        codes = by_code(newest_last)
        return {
            "sub_activity": {code: codes[code] for code in sorted(codes)},
            "source": by_code(FundingSource.objects.all()),
        }


class StaffRowForm(RowForm):
    """People in one role."""

    role = PlainCharField(label=_("Role"), max_length=120)
    headcount = WholeField(label=_("Number of people"), min_value=1, max_value=9999)
    person_months = FigureField(
        label=_("Person-months"), help_text=_("Time of all of them together, in a year.")
    )

    def clean_person_months(self) -> Any:
        """Above zero, to a tenth."""
        months = self.cleaned_data["person_months"]
        if not 0 < months <= 99999:
            raise ValidationError(gettext("Type the months of work, for example 1,5 or 12."))
        return round(months, 1)


class StaffRows(Rows):
    """The people promised."""

    title = _("Staff")
    hint = _("Who works on it? Roles, not names: people are transferred.")
    add_label = _("Add a role")

    def check_rows(self, rows: list[Any]) -> None:
        """The rule of the table."""
        check_staff(rows)


class TechnologyRowForm(RowForm):
    """One piece of technology."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("Choose …")), *TechnologyLine.Kind.choices]
    )
    description = PlainCharField(label=_("Description"), max_length=250)


class TechnologyRows(Rows):
    """The technology promised."""

    title = _("Technology")
    hint = _("What must keep running or be bought?")
    add_label = _("Add technology")

    def check_rows(self, rows: list[Any]) -> None:
        """The rule of the table."""
        check_technology(rows)


class AchievementRowForm(RowForm):
    """What one indicator reached."""

    indicator = ChosenField(label=_("Indicator"))
    year = YearField(label=_("Year"))
    value = FigureField(label=_("Achieved"))
    note = PlainCharField(label=_("Note"), max_length=250, required=False)


class AchievementRows(Rows):
    """What the indicators reached; the form that holds the table says which ones it offers."""

    title = _("Achievements")
    hint = _("One row for each indicator; report zero as zero.")
    can_add = False

    @cached_property
    def offers(self) -> Offers:
        """Nothing until the form sets it."""
        return {"indicator": {}}


def _table(form: type[RowForm], rows: type[Rows], *, extra: int, limit: int) -> type[BaseFormSet]:
    return formset_factory(
        form,
        formset=rows,
        extra=extra,
        max_num=limit,
        absolute_max=limit + 10,
        validate_max=True,
        can_delete=rows.can_add,
    )


PillarTable = _table(PillarRowForm, PillarRows, extra=4, limit=4)
IndicatorTable = _table(IndicatorRowForm, IndicatorRows, extra=1, limit=20)
MoneyTable = _table(MoneyRowForm, MoneyRows, extra=1, limit=40)
StaffTable = _table(StaffRowForm, StaffRows, extra=1, limit=30)
TechnologyTable = _table(TechnologyRowForm, TechnologyRows, extra=1, limit=30)
AchievementTable = _table(AchievementRowForm, AchievementRows, extra=0, limit=20)
