"""Start-up checks: every model of ours is recorded, or is on a short list with the reason."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core import checks
from django.core.exceptions import FieldDoesNotExist
from django.db import connections, models

from . import triggers
from .migrating import has_journal
from .registry import GOVERNED, OF_THE_HOUSE, Governed, parent_of
from .tables import our_models

# Without a history, and why. Each name must exist and must have none: the list stays exact.
UNRECORDED = {
    "accounts.User_groups": "recorded with the person",
    "accounts.User_user_permissions": "rights come from offices; these are unused",
    "approvals.DueChange": "is a record itself: written once, never changed",
    "approvals.DueNotice": "is a record itself: written once, never changed",
    "approvals.Refusal": "is a record itself: written once, never changed",
    "audit.Checkpoint": "is signed, and proves itself",
    "audit.Entry": "is the ledger: chained, written once",
    "audit.Erasure": "is a record itself: written once, never changed",
    "audit.JournalRow": "is written by the database: written once, never changed",
    "audit.Receipt": "is what an anchor answered: written once, never changed",
    "audit.SavedSearch": "questions that a person keeps; a convenience",
    "approvals.SectionText": "stands under its own hash: written once, never changed",
    "innovations.Draft": "saves itself while somebody types; the submitted version is recorded",
    "innovations.DraftFile": "part of a draft",
    "notifications.Delivery": "how far a message has come; says nothing about a case",
    "notifications.Heartbeat": "a clock",
    "notifications.Message": "a copy of what the case records, in one person's list",
    "workflow.CaseGroupObjectPermission": "follows from who takes part, which is recorded",
    "workflow.CaseUserObjectPermission": "follows from who takes part, which is recorded",
    "workflow.ContentSeal": "hashes that are worked out anew at any time",
    "workflow.LastLook": "what a person saw last; a convenience",
    "workflow.SavedView": "filters that a person keeps; a convenience",
}


def is_recorded(model: type[models.Model]) -> bool:
    """Whether every saved version of this model is kept."""
    return hasattr(model._meta, "simple_history_manager_attribute")


@checks.register("audit")
def check_history(**_: Any) -> list[checks.CheckMessage]:
    """Errors for models without history or reason, and for gaps in the tables."""
    return [*_unrecorded(), *_stale(), *_unplaced(), *_wrong_names()]


@checks.register("watch", deploy=True)
def check_triggers(databases: Iterable[str] | None = None, **_: Any) -> list[checks.CheckMessage]:
    """Errors for triggers that are not there: asked before anything is served or any job runs.

    SQLite drops them silently when a migration rebuilds a table; `migrate` makes them anew.
    """
    return [
        checks.Error(
            f"{len(faults)} triggers of the journal are missing or changed, such as {faults[0]}.",
            hint="Run `manage.py migrate`, which makes them anew, then `manage.py verify_audit`.",
            id="audit.E010",
        )
        for alias in databases or ()
        # Before the first migration there is nothing to watch.
        if has_journal(connections[alias]) and (faults := triggers.faults(connections[alias]))
    ]


def _unrecorded() -> Iterator[checks.CheckMessage]:
    for model in our_models():
        if not is_recorded(model) and model._meta.label not in UNRECORDED:
            yield checks.Error(
                f"{model._meta.label} has no history.",
                hint="Add `history = recorded()`, or name it with a reason in audit/checks.py.",
                id="audit.E001",
            )


def _stale() -> Iterator[checks.CheckMessage]:
    without = {model._meta.label for model in our_models() if not is_recorded(model)}
    for label in sorted(UNRECORDED.keys() - without):
        yield checks.Error(
            f"{label} is excused from having a history, but has one or does not exist.",
            id="audit.E002",
        )


def _unplaced() -> Iterator[checks.CheckMessage]:
    recorded = {model._meta.label for model in our_models() if is_recorded(model)}
    placed = {governed.label for governed in GOVERNED} | OF_THE_HOUSE
    for label in sorted(recorded ^ placed):
        yield checks.Error(
            f"{label} is recorded or listed in audit/registry.py, but not both.", id="audit.E003"
        )


def _wrong_names() -> Iterator[checks.CheckMessage]:
    for governed in GOVERNED:
        try:
            _resolve(governed)
        except (FieldDoesNotExist, LookupError) as error:
            yield checks.Error(f"audit/registry.py, {governed.label}: {error}", id="audit.E004")


def _resolve(governed: Governed) -> None:
    for name in (*governed.titles, *governed.hidden):
        governed.model._meta.get_field(name)
    if governed.up:
        parent_of(governed)
