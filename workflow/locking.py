"""One lock per case: it waits its turn, briefly, and never sleeps inside a request (VF1, VF2)."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from approvals.refusals import Busy, NotFound

from .models import Case

WAIT = "5s"
# PostgreSQL's lock_not_available and deadlock_detected.
WAITED = {"55P03", "40P01"}


def lock_case(code: str) -> Case:
    """The case, locked until the transaction ends; raises Busy after five seconds of waiting.

    On SQLite the transaction itself is the lock (BEGIN IMMEDIATE).
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{WAIT}'")
    with busy_instead_of_waiting():
        cases = Case.objects.select_for_update(of=("self",)).select_related("innovation")
        try:
            return cases.get(code=code)
        except Case.DoesNotExist as missing:
            raise NotFound(_("There is no such case, or you may not see it.")) from missing


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
