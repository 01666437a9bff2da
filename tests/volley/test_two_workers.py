"""Two workers in processes of their own look at the same overdue work: it is told of once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.e2e

WORKERS, CASES = 2, 4


def test_two_workers_tell_of_overdue_work_once(transactional_db: Path):
    from django.conf import settings

    from accounts.acting import acting_as
    from accounts.models import User
    from accounts.offices import today
    from approvals.calendar import DAY
    from approvals.models import Seat
    from notifications.models import Delivery, Message
    from tests.volley.cases import new_case
    from tests.volley.server import database_url

    cases = [new_case("completeness") for _number in range(CASES)]
    with acting_as(User.objects.system()):
        for seat in Seat.objects.filter(process_id__in=[case.pk for case in cases]):
            seat.due = today() - 14 * DAY
            seat.save()

    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "PAYUNG_VAR": str(transactional_db),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    command = [sys.executable, "manage.py", "worker", "--batch"]
    workers = [
        subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR) for _ in range(WORKERS)
    ]
    assert [worker.wait(300) for worker in workers] == [0] * WORKERS

    seats = Seat.objects.filter(process_id__in=[case.pk for case in cases], due__lt=today())
    assert seats.count() == 2 * CASES
    for event in ("overdue", "escalated", "was_escalated"):
        messages = Message.objects.filter(event=event)
        assert messages.count() == 2 * CASES, event
        mails = Delivery.objects.filter(message__in=messages, channel="email")
        assert set(mails.values_list("state", "attempts")) == {("sent", 1)}
        assert mails.count() == 2 * CASES
