"""The moment at which a right is judged: the database's clock, which all servers share."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection
from django.db.models import DateTimeField, Expression, Func, Value
from django.utils import timezone

_follows_application: ContextVar[bool] = ContextVar("follows_application", default=False)


_is_story: ContextVar[bool] = ContextVar("is_story", default=False)


@contextmanager
def telling_a_story() -> Iterator[None]:
    """Say that what is written now happened, as the demo tells it, long ago: nobody is late."""
    token = _is_story.set(True)
    try:
        with follow_application():
            yield
    finally:
        _is_story.reset(token)


def is_story() -> bool:
    """Whether the demo is being told."""
    return _is_story.get()


@contextmanager
def follow_application() -> Iterator[None]:
    """Take the moment from this process instead: for stories that are told with another date."""
    token = _follows_application.set(True)
    try:
        yield
    finally:
        _follows_application.reset(token)


def moment() -> Expression:
    """What time it is while a row is read, aware, by the database.

    SQLite lives in this process and has its clock.
    """
    if connection.vendor == "sqlite" or _follows_application.get():
        return Value(timezone.now(), output_field=DateTimeField())
    return Func(function="clock_timestamp", output_field=DateTimeField())


def day_of(moment: datetime.datetime) -> datetime.date:
    """The day of a moment in the regency (`TIME_ZONE`), whatever UTC says."""
    return timezone.localdate(moment, timezone.get_default_timezone())
