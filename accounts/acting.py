"""Who acts: every write to a governed row carries its actor, or fails."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from django.db import models, transaction
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords

from .signals import act_done

if TYPE_CHECKING:
    from .models import User

P = ParamSpec("P")
R = TypeVar("R")

_actor: ContextVar["User | None"] = ContextVar("actor", default=None)
# What the act under way has done so far, for whoever listens to whole acts.
_deeds: ContextVar[list[Any] | None] = ContextVar("deeds", default=None)


class NoActor(RuntimeError):
    """A governed row was about to be written by nobody."""


class NoTransaction(RuntimeError):
    """A verb was called outside the caller's transaction."""


@contextmanager
def acting_as(user: "User") -> Iterator[None]:
    """Let every governed write inside the block carry `user` as its actor."""
    token = _actor.set(user)
    try:
        yield
    finally:
        _actor.reset(token)


def current_actor() -> "User | None":
    """The person (or the system account) in whose name rows are written now."""
    return _actor.get()


@contextmanager
def one_act() -> Iterator[None]:
    """Gather the deeds inside, and tell listeners of all of them when the outermost block ends.

    An inner block that fails forgets its own.
    """
    outer = _deeds.get()
    if outer is None:
        yield from _whole_act()
        return
    mark = len(outer)
    try:
        yield
    except BaseException:
        del outer[mark:]
        raise


def _whole_act() -> Iterator[None]:
    deeds: list[Any] = []
    token = _deeds.set(deeds)
    try:
        yield
        if deeds:
            act_done.send(sender=None, deeds=deeds)
    finally:
        _deeds.reset(token)


def note_deed(deed: Any) -> None:
    """Keep what was done until the act under way ends; outside of one, tell of it at once."""
    deeds = _deeds.get()
    if deeds is None:
        act_done.send(sender=None, deeds=[deed])
    else:
        deeds.append(deed)


def _history_user(instance: Any, **_: Any) -> "User":
    actor = _actor.get()
    if actor is None:
        raise NoActor(f"{instance._meta.label} was written without an actor; use acting_as(user)")
    return actor


class _Versions(HistoryManager):
    """The manager of a model's versions; the library makes its class anew at each access."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: type, class_name: str | None = None) -> Any:
        """The manager with the methods of the query set, made once."""
        return super().from_queryset(queryset_class, class_name)


class _ActorHistory(HistoricalRecords):
    """Asks for the actor before the row is written: outside a transaction nothing is undone."""

    def finalize(self, sender: type[models.Model], **kwargs: Any) -> None:
        super().finalize(sender, **kwargs)
        if sender is self.cls:
            models.signals.pre_save.connect(_history_user, sender=sender, weak=False)


def recorded(**options: Any) -> HistoricalRecords:
    """The history of a governed model: one row per version, always with its actor.

    Historical rows never lose their actor: people are deactivated, not deleted.
    """
    return _ActorHistory(
        get_user=_history_user, history_manager=_Versions, use_base_model_db=False, **options
    )


def verb(function: Callable[Concatenate["User", P], R]) -> Callable[Concatenate["User", P], R]:
    """Mark an act of the domain: `actor` comes first, and the caller owns the transaction."""

    @wraps(function)
    def act(actor: "User", /, *args: P.args, **kwargs: P.kwargs) -> R:
        if not transaction.get_connection().in_atomic_block:
            raise NoTransaction(f"{function.__qualname__} needs the caller's transaction")
        with acting_as(actor), one_act():
            return function(actor, *args, **kwargs)

    return act
