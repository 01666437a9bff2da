"""Which workers live, and the jobs that a dead one held."""

import datetime
import logging

from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from .models import Heartbeat

logger = logging.getLogger(__name__)

WORKER = "worker:"
# A worker that has not been seen for so long is dead: /healthz and the jobs it held rely on it.
SILENCE = datetime.timedelta(seconds=120)
FORGOTTEN = datetime.timedelta(days=1)
# A job that has taken down so many workers is not tried again.
MAX_STARTS = 5


class WorkerLost(RuntimeError):
    """The workers that ran a job ended without finishing it."""


def beat(worker_id: str) -> None:
    """Note that this worker lives."""
    Heartbeat.objects.update_or_create(name=f"{WORKER}{worker_id}", defaults={"at": timezone.now()})


def stop_beating(worker_id: str) -> None:
    """Forget a worker that ends in order."""
    Heartbeat.objects.filter(name=f"{WORKER}{worker_id}").delete()


def last_beat() -> datetime.datetime | None:
    """When any worker was last seen alive."""
    row = Heartbeat.objects.filter(name__startswith=WORKER).order_by("-at").first()
    return row.at if row else None


def requeue_orphans() -> int:
    """Give back the jobs of workers that died, for jobs are repeatable (VF4); returns how many."""
    silent_since = timezone.now() - SILENCE
    living = set(
        Heartbeat.objects.filter(name__startswith=WORKER, at__gte=silent_since).values_list(
            "name", flat=True
        )
    )
    Heartbeat.objects.filter(name__startswith=WORKER, at__lt=timezone.now() - FORGOTTEN).delete()
    running = DBTaskResult.objects.filter(
        status=TaskResultStatus.RUNNING, started_at__lt=silent_since
    )
    orphans = [job for job in running if f"{WORKER}{job.worker_ids[-1]}" not in living]
    return sum(_give_back(job) for job in orphans)


def _give_back(job: DBTaskResult) -> bool:
    if len(job.worker_ids) >= MAX_STARTS:
        job.set_failed(WorkerLost(f"{len(job.worker_ids)} workers ended while running it"))
        logger.error("Job %s (%s) is given up: its workers ended", job.pk, job.task_path)
        return False
    held = DBTaskResult.objects.filter(
        pk=job.pk, status=TaskResultStatus.RUNNING, started_at=job.started_at
    )
    given_back = held.update(status=TaskResultStatus.READY) == 1
    if given_back:
        logger.warning("Job %s (%s) lost its worker and is queued again", job.pk, job.task_path)
    return given_back
