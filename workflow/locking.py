"""One lock per case: it waits its turn, briefly, and never sleeps inside a request (VF1, VF2)."""

from django.db import OperationalError, connection
from django.utils.translation import gettext as _

from approvals.refusals import Busy, NotFound

from .models import Case

WAIT = "5s"


def lock_case(code: str) -> Case:
    """The case, locked until the transaction ends; raises Busy after five seconds of waiting.

    On SQLite the transaction itself is the lock (BEGIN IMMEDIATE).
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{WAIT}'")
    try:
        return (
            Case.objects.select_for_update(of=("self",)).select_related("innovation").get(code=code)
        )
    except Case.DoesNotExist as missing:
        raise NotFound(_("There is no such case, or you may not see it.")) from missing
    except OperationalError as waited:
        raise Busy(
            _("Someone is acting on this case at this moment. Try again in a few seconds.")
        ) from waited
