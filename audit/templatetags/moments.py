"""Moments in addresses."""

import datetime

from django import template

from ..moment_forms import written as _written

register = template.Library()


@register.filter
def written(moment: datetime.datetime | str) -> str:
    """A moment as an address carries it, to the microsecond; nothing for none."""
    return _written(moment) if isinstance(moment, datetime.datetime) else ""
