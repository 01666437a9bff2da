"""Entries of the ledger without a story."""

import threading
from collections.abc import Callable

from django.db import connections, transaction

from accounts.acting import acting_as
from accounts.models import User
from audit.checkpoints import make_checkpoint
from audit.kinds import Kind
from audit.ledger import record
from audit.models import Checkpoint, Entry
from tests.accounts.factories import UserFactory, system_account


def enter(*chains: str) -> None:
    """One act in each of these chains, in one transaction."""
    with transaction.atomic(), acting_as(system_account()):
        for chain in chains:
            record(Kind.STAGE, {"n": Entry.objects.count()}, chain=chain)


def in_thread(work: Callable[[], object]) -> None:
    """Let another connection do something, and wait for it."""

    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def checkpoint_over_a_change_under_way() -> Checkpoint:
    """The one that was made after a later change had ended, and before the earlier one did."""
    system = system_account()
    make_checkpoint()
    with transaction.atomic(), acting_as(system):
        User.objects.filter(pk=system.pk).update(email="baru@example.test")
        in_thread(lambda: UserFactory())
        in_thread(make_checkpoint)
    return Checkpoint.objects.latest("number")
