"""Moments in addresses, and why there was a checkpoint at one."""

import datetime

from django import template
from django.utils.translation import gettext as _

from legal_basis.models import Instrument

from ..moment_forms import written as _written

register = template.Library()


@register.filter
def written(moment: datetime.datetime | str) -> str:
    """A moment as an address carries it, to the microsecond; nothing for none."""
    return _written(moment) if isinstance(moment, datetime.datetime) else ""


@register.filter
def occasion(signed: str) -> str:
    """The occasion of a checkpoint in words; its statement names it in one that never changes."""
    what, _space, which = signed.partition(" ")
    if what == "key":
        return _("a new key")
    if what == "pack":
        return _("an evidence pack")
    kinds = dict(Instrument.Kind.choices)
    return f"{kinds[what]} {which}" if what in kinds else signed
