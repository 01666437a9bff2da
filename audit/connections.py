"""The database knows who writes: its triggers ask each connection for the actor."""

import hashlib
import time
from collections.abc import Callable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.pq import TransactionStatus

from accounts.acting import current_actor

# Statements that change no row.
READS = ("SELECT", "SAVEPO", "RELEAS", "ROLLBA", "SHOW", "SET")


def introduce(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Give a new connection the means to name the actor; foreign ones lack it and are refused."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("payung_actor", 0, _actor)
        connection.connection.create_function("payung_micros", 0, now_in_micros)
        connection.connection.create_function("payung_digest", 1, _digest, deterministic=True)
    elif not any(isinstance(one, _Introduction) for one in connection.execute_wrappers):
        connection.execute_wrappers.append(_Introduction(connection))


def _actor() -> int | None:
    actor = current_actor()
    return actor.pk if actor is not None else None


def now_in_micros() -> int:
    """Microseconds since 1970, by the clock of this machine."""
    return time.time_ns() // 1000


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class _Introduction:
    """Tells PostgreSQL the actor before a statement that may write, once per actor and savepoint.

    What is set inside a savepoint is undone with it, and what is set in a transaction ends with it.
    """

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self.told: tuple[int | None, list[Any]] | None = None
        # Outside a transaction the name stays with the session until another is told.
        self.lasting = False

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        if self.connection.connection.info.transaction_status == TransactionStatus.IDLE:
            self.told = None
        if not str(sql).lstrip("( \n")[:6].upper().startswith(READS):
            self._tell(_actor())
        return execute(sql, params, many, context)

    def _tell(self, actor: int | None) -> None:
        here = list(self.connection.savepoint_ids)
        if self.told is not None:
            said, where = self.told
            if said == actor and here[: len(where)] == where:
                return
        elif actor is None and not self.lasting:
            return
        self.lasting = self.lasting or not self.connection.in_atomic_block
        with self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('payung.actor', %s, %s)",
                [str(actor or ""), self.connection.in_atomic_block],
            )
        self.told = (actor, here)
