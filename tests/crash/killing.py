"""A child process that kills itself at the n-th thing it says to the database."""

import os
import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from django.db import connection, connections

Act = Callable[[], object]


# No step has this number: the child is killed before its first COMMIT, and tells which step it is.
BEFORE_COMMIT = 0


@dataclass
class Countdown:
    """Counts statements, and the moments before and after each COMMIT; kills at the last."""

    last: int
    mouth: int
    taken: int = 0

    def tick(self) -> None:
        """One more step; the last one is not survived."""
        self.taken += 1
        if self.taken == self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    def before_commit(self) -> None:
        """The step before a COMMIT, where a child that looks for it ends."""
        if self.last == BEFORE_COMMIT:
            os.write(self.mouth, str(self.taken + 1).encode())
            os.kill(os.getpid(), signal.SIGKILL)
        self.tick()

    def before_statement(self, execute: Any, *statement: Any) -> Any:
        """A wrapper of Django's for every statement, those of transactions included."""
        self.tick()
        return execute(*statement)


@dataclass(frozen=True)
class End:
    """How a child ended, killed at its step or having done all it had to do, and what it said."""

    killed: bool
    said: str = ""


def run_and_kill(act: Act, step: int) -> End:
    """Run `act` in a child with a connection of its own, killed before its n-th step."""
    # The child must not inherit a socket or a lock that this process believes to hold.
    connections.close_all()
    ear, mouth = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ear)
        _die_trying(act, step, mouth)
    os.close(mouth)
    with os.fdopen(ear, "rb") as said:
        words = said.read().decode()
    _pid, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    return End(killed, words)


def step_before_commit(act: Act) -> int:
    """The number of the step before the first COMMIT of `act`; 0 where it commits nothing."""
    end = run_and_kill(act, BEFORE_COMMIT)
    assert end.killed or end.said == "", end.said
    return int(end.said or 0)


def _die_trying(act: Act, step: int, mouth: int) -> NoReturn:
    """Never returns into the test: no fixture, report or exit handler of it may run twice."""
    try:
        countdown = Countdown(step, mouth)
        connection.ensure_connection()
        _count_commits(countdown)
        with connection.execute_wrapper(countdown.before_statement):
            act()
    except BaseException:
        os.write(mouth, traceback.format_exc().encode()[-60_000:])
    finally:
        os._exit(0)


def _count_commits(countdown: Countdown) -> None:
    commit = connection._commit

    def counted() -> None:
        countdown.before_commit()
        commit()
        countdown.tick()

    connection._commit = counted  # type: ignore[method-assign]
