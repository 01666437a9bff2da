import datetime
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core import mail
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from notifications.delivery import deliver_messages
from notifications.jobs import SILENCE, last_beat
from notifications.models import Heartbeat, Message
from tests.notifications.factories import MessageFactory
from tests.volley.server import database_url

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60


class House:
    """Workers in processes of their own, on the database under test."""

    def __init__(self, folder: Path) -> None:
        self.letters = folder / "mail"
        self.environment = os.environ | {
            "DATABASE_URL": database_url(),
            "PAYUNG_VAR": str(folder),
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        }
        self.workers: list[subprocess.Popen[bytes]] = []

    def worker(self) -> subprocess.Popen[bytes]:
        started = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "worker", "--interval", "0.1"],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.workers.append(started)
        return started

    def mails(self) -> int:
        written = self.letters.iterdir() if self.letters.exists() else []
        return sum(path.read_text().count("Message-ID:") for path in written)

    def end(self) -> None:
        for worker in self.workers:
            worker.kill()
            worker.wait()


@pytest.fixture
def house(tmp_path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.end()


def eventually(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert true()


def jobs_are_done() -> bool:
    return not DBTaskResult.objects.exclude(status=TaskResultStatus.SUCCESSFUL).exists()


def test_worker_killed_and_started_again_leaves_nobody_untold(house):
    told = MessageFactory()
    deliver_messages.enqueue([told.key])
    first = house.worker()
    eventually(lambda: house.mails() == 1 and jobs_are_done())
    first.kill()
    first.wait()
    # What a crash leaves: a message without its job, and a job that the dead worker held.
    MessageFactory()
    held = MessageFactory()
    DBTaskResult.objects.filter(pk=deliver_messages.enqueue([held.key]).id).update(
        status=TaskResultStatus.RUNNING,
        worker_ids=["dead"],
        started_at=timezone.now() - SILENCE - datetime.timedelta(seconds=1),
    )
    Heartbeat.objects.filter(name__startswith="schedule:").delete()
    for _ in range(2):
        house.worker()
    eventually(lambda: house.mails() == 3 and jobs_are_done())
    assert house.mails() == 3
    assert Message.objects.filter(delivered_at=None).count() == 0
    assert mail.outbox == []


def test_worker_told_to_stop_ends_in_order(house):
    worker = house.worker()
    eventually(lambda: last_beat() is not None)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=PATIENCE) == 0
    assert last_beat() is None
