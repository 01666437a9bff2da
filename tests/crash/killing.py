"""A child process that kills itself at the n-th thing it says to the database."""

import os
import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from django.db import connection, connections

Act = Callable[[], object]


@dataclass
class Countdown:
    """Counts statements, and the moments before and after each COMMIT; kills at the last."""

    left: int

    def tick(self) -> None:
        """One more step; the last one is not survived."""
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def before_statement(self, execute: Any, *statement: Any) -> Any:
        """A wrapper of Django's for every statement, those of transactions included."""
        self.tick()
        return execute(*statement)


@dataclass(frozen=True)
class End:
    """How a child ended: killed at its step, or having done all it had to do."""

    killed: bool
    error: str = ""


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
        error = said.read().decode()
    _pid, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    return End(killed, error)


def _die_trying(act: Act, step: int, mouth: int) -> NoReturn:
    """Never returns into the test: no fixture, report or exit handler of it may run twice."""
    try:
        countdown = Countdown(step)
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
        countdown.tick()
        commit()
        countdown.tick()

    connection._commit = counted  # type: ignore[method-assign]
