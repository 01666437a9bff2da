"""`/healthz`: whether the house is able to work, for those who watch over it."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .jobs import SILENCE, last_beat


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when database, worker and storage are well; 503 with what is wrong."""
    found = {name: _result(check) for name, check in CHECKS.items()}
    well = all(result == "ok" for result in found.values())
    return JsonResponse(
        {"status": "ok" if well else "failing", "checks": found}, status=200 if well else 503
    )


def _result(check: Callable[[], str]) -> str:
    try:
        return check()
    except DatabaseError:
        return "the database does not answer"


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _worker() -> str:
    seen = last_beat()
    if seen is None:
        return "no worker has been seen"
    age = timezone.now() - seen
    if age < SILENCE:
        return "ok"
    return f"the last worker was seen {int(age.total_seconds())} seconds ago"


def _storage() -> str:
    try:
        Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=settings.MEDIA_ROOT, prefix=".healthz-") as probe:
            probe.write(b"ok")
            probe.flush()
    except OSError as error:
        return f"the storage is not writable ({error.strerror})"
    return "ok"


def _anchoring() -> str:
    """A neighbour's: named by its path, as in the schedule."""
    return str(import_string("audit.lateness.health")())


CHECKS = {
    "database": _database,
    "worker": _worker,
    "storage": _storage,
    "anchoring": _anchoring,
}
