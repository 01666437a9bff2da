"""What runs again and again beside the jobs: one list, each row at most once per interval."""

import datetime
import logging
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string

from .models import Heartbeat

logger = logging.getLogger(__name__)

LONG_AGO = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Periodic:
    """A function without arguments, by its dotted path, and how often it runs."""

    path: str
    every: datetime.timedelta


PERIODIC = [
    Periodic("notifications.delivery.deliver_pending", datetime.timedelta(seconds=30)),
    Periodic("notifications.jobs.requeue_orphans", datetime.timedelta(minutes=1)),
    Periodic("audit.anchoring.anchor_new", datetime.timedelta(minutes=1)),
    Periodic("workflow.timers.fire_due_timers", datetime.timedelta(minutes=1)),
    Periodic("workflow.reminders.remind", datetime.timedelta(hours=1)),
    Periodic("workflow.rerouting.look_after_seats", datetime.timedelta(hours=1)),
    Periodic("workflow.aftermath.look_after_instruments", datetime.timedelta(hours=1)),
    Periodic("audit.evidence_requests.remind_of_evidence", datetime.timedelta(days=1)),
    Periodic("workflow.expiry.warn_of_expiry", datetime.timedelta(days=1)),
    Periodic("legal_basis.jobs.enqueue_unfinished", datetime.timedelta(minutes=10)),
    Periodic("accounts.files.storage.remove_orphans", datetime.timedelta(days=1)),
    Periodic("audit.packing.remove_old_packs", datetime.timedelta(days=1)),
]


def run_due() -> None:
    """Run every function whose turn has come; one that fails is logged and keeps nobody waiting."""
    for periodic in PERIODIC:
        if not _claim(periodic):
            continue
        try:
            import_string(periodic.path)()
        except Exception:
            logger.exception("The periodic function %s failed", periodic.path)


def _claim(periodic: Periodic) -> bool:
    """Whether this process runs the function now: of two workers that ask, one is told so."""
    now = timezone.now()
    name = f"schedule:{periodic.path}"
    turn, _ = Heartbeat.objects.get_or_create(name=name, defaults={"at": LONG_AGO})
    # A row in the future is left by a clock that was set back.
    due = Q(at__lte=now - periodic.every) | Q(at__gt=now)
    if turn.at > now - periodic.every and turn.at <= now:
        return False
    return Heartbeat.objects.filter(due, pk=turn.pk).update(at=now) == 1
