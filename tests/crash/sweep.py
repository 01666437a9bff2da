"""Kill an act before each of its steps: everything is there, or nothing is."""

from itertools import count

from django.core import mail
from django.core.management import call_command
from django.db import transaction
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from accounts.files.storage import reconcile_files, remove_orphans
from notifications.delivery import deliver_pending
from notifications.models import Delivery, Message
from tests.crash.killing import Act, run_and_kill
from tests.crash.state import differences, files, state

MOST_STEPS = 1_000


def kill_at_every_step(act: Act) -> int:
    """Kill the one transaction of `act` at its first step, its second, and so on until it is there.

    Every kill but the last must leave the database as it was, and no file that the sweep of
    orphans does not find. Returns how many there were.
    """
    before, kept = state(), files()
    _rehearse(act)
    for step in count(1):
        end = run_and_kill(act, step)
        assert end.killed, f"not killed at step {step}:\n{end.error}"
        changed = differences(before, state())
        if changed:
            return step
        remove_orphans(older_than=0)
        assert files() == kept, f"killed at step {step}"
    raise AssertionError("the act has no end")


def _rehearse(act: Act) -> None:
    """Do it once and take it back, so that no child has to load what the act needs."""
    with transaction.atomic():
        act()
        transaction.set_rollback(True)
    remove_orphans(older_than=0)


def kill_at_every_step_of_many(act: Act) -> tuple[int, int]:
    """The same for an act of several transactions that goes on where it was killed.

    Returns how many kills there were, and how many of them left a transaction behind.
    """
    before, step, commits = state(), 1, 0
    for kills in range(MOST_STEPS):
        end = run_and_kill(act, step)
        if not end.killed:
            assert end.error == ""
            return kills, commits
        remove_orphans(older_than=0)
        after = state()
        step, commits = (1, commits + 1) if after != before else (step + 1, commits)
        before = after
    raise AssertionError("the act has no end")


def catch_up() -> list[tuple[str, str]]:
    """Let the worker do what was left behind; the messages that exist now, each sent once.

    The jobs of documents are other tests' business.
    """
    mail.outbox.clear()
    deliver_pending()
    call_command("worker", batch=True, interval=0)
    assert not DBTaskResult.objects.exclude(status=TaskResultStatus.SUCCESSFUL).exists()
    assert not Message.objects.due().exists()
    assert not Delivery.objects.exclude(state=Delivery.State.SENT).exists()
    assert reconcile_files(older_than=0).is_clean
    return sorted(Message.objects.values_list("event", "recipient__username"))


def mailed() -> list[str]:
    """Who was written to, one entry for each mail."""
    return sorted(address for sent in mail.outbox for address in sent.to)
