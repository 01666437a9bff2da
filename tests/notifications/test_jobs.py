import datetime

import pytest
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from notifications.delivery import deliver_messages
from notifications.jobs import (
    FORGOTTEN,
    MAX_STARTS,
    SILENCE,
    beat,
    last_beat,
    requeue_orphans,
    stop_beating,
)
from notifications.models import Heartbeat

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

MINUTE = datetime.timedelta(minutes=1)


def running_job(*workers, since=SILENCE + MINUTE):
    job = DBTaskResult.objects.get(pk=deliver_messages.enqueue([]).id)
    job.status, job.worker_ids = TaskResultStatus.RUNNING, list(workers)
    job.started_at = timezone.now() - since
    job.save()
    return job


def status_of(job):
    job.refresh_from_db()
    return job.status


def test_job_of_a_dead_worker_is_queued_again(caplog):
    job = running_job("dead")
    assert requeue_orphans() == 1
    assert status_of(job) == TaskResultStatus.READY
    assert "lost its worker" in caplog.text


def test_job_of_a_living_worker_stays_with_it():
    beat("alive")
    job = running_job("dead", "alive")
    assert requeue_orphans() == 0
    assert status_of(job) == TaskResultStatus.RUNNING


def test_job_that_has_just_begun_is_left_alone():
    job = running_job("young", since=MINUTE)
    assert requeue_orphans() == 0
    assert status_of(job) == TaskResultStatus.RUNNING


def test_job_that_ends_every_worker_is_given_up(caplog):
    job = running_job(*(f"dead{number}" for number in range(MAX_STARTS)))
    assert requeue_orphans() == 0
    assert status_of(job) == TaskResultStatus.FAILED
    assert job.exception_class_path.endswith("WorkerLost")
    assert "is given up" in caplog.text


def test_beat_keeps_one_row_per_worker():
    beat("one")
    beat("one")
    beat("two")
    assert Heartbeat.objects.count() == 2


def test_last_beat_is_the_newest_of_any_worker_that_has_not_ended():
    assert last_beat() is None
    beat("one")
    before = last_beat()
    beat("two")
    assert last_beat() > before
    stop_beating("two")
    assert last_beat() == before


def test_workers_of_former_days_are_forgotten():
    Heartbeat.objects.create(name="worker:old", at=timezone.now() - FORGOTTEN - MINUTE)
    Heartbeat.objects.create(name="schedule:x", at=timezone.now() - FORGOTTEN - MINUTE)
    requeue_orphans()
    assert [row.name for row in Heartbeat.objects.all()] == ["schedule:x"]
