"""Since when the feeds say what they say: answers to conditional requests."""

import datetime
import hashlib
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from accounts.offices import today

from .models import Instrument, LegalRelation, Publication, RegisterEntry

# What the feeds are made of: every change of one of these writes a row of its history.
SOURCES = (Instrument, Publication, LegalRelation, RegisterEntry)


def etag_of(request: HttpRequest, **_: Any) -> str:
    """Changes with every change of what the feeds tell, and at midnight: force ends by itself."""
    parts = [str(today()), settings.PUBLIC_URL, *settings.JDIH_KINDS, request.get_full_path()]
    parts += [str(row[0]) if row else "" for row in _newest()]
    return f'"{hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]}"'


def last_modified(_request: HttpRequest, **_: Any) -> datetime.datetime:
    """The newest change, or the last midnight."""
    zone = timezone.get_default_timezone()
    start_of_day = datetime.datetime.combine(today(), datetime.time(), tzinfo=zone)
    return max([start_of_day, *(row[1] for row in _newest() if row)])


def _newest() -> list[Any]:
    return [
        model.history.order_by("-history_id").values_list("history_id", "history_date").first()
        for model in SOURCES
    ]
