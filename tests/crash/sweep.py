"""Kill an act before each of its steps: everything is there, or nothing is."""

from collections.abc import Iterator
from itertools import count

from django.core import mail
from django.core.management import call_command
from django.db import transaction
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from accounts.files.storage import reconcile_files, remove_orphans
from notifications.delivery import deliver_pending
from notifications.models import Delivery, Message
from tests.crash.killing import Act, run_and_kill, step_before_commit
from tests.crash.state import differences, files, state
from tests.house import tiers

MOST_KILLS = 1_000
STRIDE = 8


def steps_of(act: Act) -> Iterator[int]:
    """Where to kill: by night at each step, by day at some before the COMMIT and each from there.

    The child that looks for the COMMIT is killed before it too.
    """
    commit = 1 if tiers.NIGHT else step_before_commit(act)
    yield from range(1, commit, STRIDE)
    yield from count(max(commit, 1))


def kill_at_every_step(act: Act) -> int:
    """Kill the one transaction of `act` at its first step, its second, and so on until it is there.

    Every kill but the last must leave the database as it was, and no file that the sweep of
    orphans does not find. Returns how many steps there were.
    """
    before, kept = state(), files()
    _rehearse(act)
    for step in steps_of(act):
        end = run_and_kill(act, step)
        assert end.killed, f"not killed at step {step}:\n{end.said}"
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

    Returns how many steps there were, and how many kills left a transaction behind.
    """
    before, steps, passed, commits = state(), steps_of(act), 0, 0
    for _ in range(MOST_KILLS):
        step = next(steps)
        end = run_and_kill(act, step)
        after = state()
        if not end.killed:
            assert (end.said, differences(before, after)) == ("", [])
            return passed + step - 1, commits
        remove_orphans(older_than=0)
        if after != before:
            steps, passed, commits = steps_of(act), passed + step, commits + 1
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
