"""Fields that the forms of planning share."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.texts import MoneyField

from .amounts import figure

FIRST_YEAR, LAST_YEAR = 1900, 2999
NOTHING_CHOSEN = ("", _("Choose …"))


class ChosenField(forms.ChoiceField):
    """One of some rows, named by a code that people and files can write; cleans to the row."""

    default_error_messages = {
        "invalid_choice": _("“%(value)s” is not in the list. Choose an entry of the list."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=[NOTHING_CHOSEN], **kwargs)
        self.offered: Mapping[str, Model] = {}

    def offer(self, rows: Mapping[str, Model]) -> None:
        """Let the field offer these rows by their codes."""
        self.offered = rows
        self.choices = [NOTHING_CHOSEN, *((code, str(row)) for code, row in rows.items())]

    def clean(self, value: Any) -> Any:
        """The chosen row, or None."""
        return self.offered.get(super().clean(value))


def by_code(rows: Iterable[Model], attribute: str = "code") -> dict[str, Model]:
    """Rows for `ChosenField.offer`, by their codes."""
    return {str(getattr(row, attribute)): row for row in rows}


class FigureField(MoneyField):
    """A figure of an indicator, zero or above: 12,5 · 12.5 · 1.250."""

    MENDS = {
        "not_an_amount": _("This is not a number. Type digits, for example 12,5 or 1.250."),
        "negative": _("The number is negative. Type it without the minus sign."),
        "too_many_digits": _("The number has too many digits. Check the number of zeros."),
    }

    def to_python(self, value: Any) -> Decimal | None:
        """The figure with two places, or None when left empty."""
        try:
            return super().to_python(value)
        except ValidationError as error:
            raise ValidationError(
                self.MENDS.get(error.code or "", error.message), code=error.code
            ) from None

    def prepare_value(self, value: Any) -> Any:
        """A recorded figure as people write it; anything else as it was typed."""
        return figure(value) if isinstance(value, Decimal) else value


class WholeField(forms.IntegerField):
    """A whole number between two bounds."""

    default_error_messages = {"invalid": _("This is not a whole number. Type digits only.")}


class YearField(WholeField):
    """A year of four digits."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.update({"min": FIRST_YEAR, "max": LAST_YEAR})

    def validate(self, value: int | None) -> None:
        """Refuse what has not four digits."""
        super().validate(value)
        if value is not None and not FIRST_YEAR <= value <= LAST_YEAR:
            raise ValidationError(
                gettext("This is not a year. Type four digits, for example 2027."), code="no_year"
            )
