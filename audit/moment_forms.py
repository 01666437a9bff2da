"""Asking for a moment: a day, a minute, or the very moment of an act."""

import datetime
import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Office

DAY = re.compile(r"\d{4}-\d\d-\d\d")
MINUTE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
LAST_OF_DAY = datetime.timedelta(days=1, microseconds=-1)
LAST_OF_MINUTE = datetime.timedelta(minutes=1, microseconds=-1)
EARLIEST = datetime.date(1970, 1, 2)


def written(moment: datetime.datetime) -> str:
    """A moment as addresses carry it."""
    return moment.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")


class MomentField(forms.Field):
    """A moment of the regency's clock; a day or a minute means its end."""

    widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    default_error_messages = {
        "invalid": _("Write day and time like 2026-11-23T10:30, or the day alone: 2026-11-23."),
        "future": _("This moment has not come yet. Choose one up to now."),
    }

    def to_python(self, value: Any) -> datetime.datetime | None:
        """The moment, aware. Raises ValidationError for anything else, and for the future."""
        text = str(value or "").strip()
        if not text:
            return None
        try:
            moment = _moment(text)
        except (ValueError, OverflowError):
            raise forms.ValidationError(self.error_messages["invalid"]) from None
        begins = moment.replace(second=0, microsecond=0)
        if DAY.fullmatch(text):
            begins = moment - LAST_OF_DAY
        if begins > timezone.now():
            raise forms.ValidationError(self.error_messages["future"])
        return moment

    def prepare_value(self, value: Any) -> Any:
        """The minute on the clock of the regency; what cannot be read stays as it was typed."""
        try:
            moment = _moment(value) if isinstance(value, str) and value else value
        except (ValueError, OverflowError):
            return value
        return timezone.localtime(moment) if isinstance(moment, datetime.datetime) else moment


def _moment(text: str) -> datetime.datetime:
    moment = datetime.datetime.fromisoformat(text)
    if moment.date() < EARLIEST:
        raise ValueError(text)
    if DAY.fullmatch(text):
        moment += LAST_OF_DAY
    elif MINUTE.fullmatch(text):
        moment += LAST_OF_MINUTE
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


class MomentForm(forms.Form):
    """Which moment, and through whose eyes."""

    at = MomentField(label=_("Day and time"))
    office = forms.ModelChoiceField(
        Office.objects.order_by("title"),
        label=_("As seen by"),
        required=False,
        empty_label=_("everything that was recorded"),
    )

    def __init__(self, *args: Any, may_look_as: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_look_as:
            del self.fields["office"]


class PairForm(forms.Form):
    """Which two moments to compare."""

    a = MomentField(label=_("Earlier moment"))
    b = MomentField(label=_("Later moment"))
