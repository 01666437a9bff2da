"""One lock per case: it waits its turn, briefly, and never sleeps inside a request (VF1, VF2)."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from approvals.calendar import LOCK
from approvals.refusals import Busy, NotFound

from .models import Case

# PostgreSQL's lock_not_available and deadlock_detected.
WAITED = {"55P03", "40P01"}


def lock_case(code: str) -> Case:
    """The case, locked until the transaction ends; raises Busy after five seconds of waiting.

    The calendar is held along with it, so that whatever the act dates is dated by the calendar in
    force. On SQLite the transaction itself is the lock (BEGIN IMMEDIATE); PostgreSQL is told how
    long to wait when it is connected.
    """
    with busy_instead_of_waiting():
        if connection.vendor == "postgresql":
            _hold_calendar()
        cases = Case.objects.select_for_update(of=("self",)).select_related("innovation")
        try:
            return cases.get(code=code)
        except Case.DoesNotExist as missing:
            raise NotFound(_("There is no such case, or you may not see it.")) from missing


def _hold_calendar() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [LOCK])


@contextmanager
def brief_transaction() -> Iterator[None]:
    """A transaction that ends in Busy, with nothing changed, when it waited too long for others."""
    with busy_instead_of_waiting(), transaction.atomic():
        yield


@contextmanager
def busy_instead_of_waiting() -> Iterator[None]:
    """Raise Busy where the database gave up waiting for a lock."""
    try:
        yield
    except OperationalError as error:
        if not gave_up_waiting(error):
            raise
        raise busy() from error


def busy() -> Busy:
    """The refusal of an act that came while somebody else was acting."""
    return Busy(_("Someone is acting on this case at this moment. Try again in a few seconds."))


def gave_up_waiting(error: OperationalError) -> bool:
    """Whether the database refused because others held a lock for too long."""
    if connection.vendor == "sqlite":
        return "locked" in str(error)
    return getattr(error.__cause__, "sqlstate", None) in WAITED
