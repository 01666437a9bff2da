"""The worker: jobs in the main thread, the schedule and the sign of life beside it."""

import logging
import threading
import time
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, OperationalError, close_old_connections, connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker as JobLoop
from django_tasks_db.models import DBTaskResult

from notifications.jobs import beat, stop_beating
from notifications.schedule import run_due

logger = logging.getLogger(__name__)

QUEUES = ["default", "documents"]
SECONDS_BETWEEN_BEATS = 10
SECONDS_BETWEEN_LOOKS = 10
# A job that runs longer hangs: the worker no longer counts as alive.
LONGEST_JOB = 300
RECONNECT_AFTER = 2


class Worker(JobLoop):
    """The job loop of django-tasks that outlives its database and knows when it hangs."""

    busy_since: float | None = None

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """End after the job at hand; told twice, end at once."""
        if not self.running:
            super().shutdown(signum, frame)
        # Not by an exception: it could hit the loop between claiming a job and running it.
        self.running = False

    def run_task(self, db_task_result: DBTaskResult) -> None:
        """Run one job."""
        self.busy_since = time.monotonic()
        try:
            super().run_task(db_task_result)
        finally:
            self.busy_since = None

    def hangs(self) -> bool:
        """Whether the job at hand has been running for too long."""
        since = self.busy_since
        return since is not None and time.monotonic() - since > LONGEST_JOB

    def run_until_stopped(self) -> None:
        """Run jobs; when the database goes away, wait for it."""
        finished = False
        while self.running and not finished:
            try:
                self.run()
                finished = True
            except OperationalError:
                logger.exception("The database does not answer; trying again")
                connections.close_all()
                time.sleep(RECONNECT_AFTER)


class Every(threading.Thread):
    """Call a function now and then every few seconds, until stopped; an error is logged."""

    def __init__(self, seconds: float, function: Callable[[], None]) -> None:
        super().__init__(name=function.__name__, daemon=True)
        self.seconds, self.function = seconds, function
        self.stopped = threading.Event()

    def run(self) -> None:
        """Loop until `stop`."""
        while not self.stopped.is_set():
            close_old_connections()
            try:
                self.function()
            except Exception:
                logger.exception("%s failed", self.name)
            connections.close_all()
            self.stopped.wait(self.seconds)

    def stop(self) -> None:
        """End after the call that is running, if one is."""
        self.stopped.set()
        self.join(timeout=10)


class Command(BaseCommand):
    """Run jobs, deliver messages and keep the schedule until told to stop."""

    help = "Runs jobs, delivers messages and keeps the schedule. Several may run at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--batch` does what is waiting and ends."""
        parser.add_argument("--batch", action="store_true", help="do what is waiting, then end")
        parser.add_argument(
            "--interval", type=float, default=1, help="seconds between two looks for jobs"
        )

    def handle(self, *, batch: bool, interval: float, **options: Any) -> None:
        """Run until SIGTERM or SIGINT, or until nothing waits."""
        # No job runs over tables that nobody watches.
        self.check(tags=["watch"], include_deployment_checks=True, databases=["default"])
        worker = Worker(
            queue_names=QUEUES,
            interval=interval,
            batch=batch,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )
        if batch:
            run_due()
            worker.run()
        else:
            _serve(worker)


def _serve(worker: Worker) -> None:
    def pulse() -> None:
        if not worker.hangs():
            beat(worker.worker_id)

    threads = [Every(SECONDS_BETWEEN_BEATS, pulse), Every(SECONDS_BETWEEN_LOOKS, run_due)]
    worker.configure_signals()
    for thread in threads:
        thread.start()
    try:
        worker.run_until_stopped()
    finally:
        for thread in threads:
            thread.stop()
        # Without a database the sign of life grows stale by itself.
        with suppress(DatabaseError):
            stop_beating(worker.worker_id)
