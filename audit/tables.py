"""Which tables the database itself watches over, and how."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.db import models

OUR_APPS = (
    "accounts",
    "innovations",
    "planning",
    "approvals",
    "legal_basis",
    "workflow",
    "notifications",
    "audit",
)

# Rows that say nothing about a case, or are worked out anew at any time; each with its reason.
UNWATCHED = {
    "audit.SavedSearch": "questions that a person keeps; a convenience",
    "innovations.Draft": "saves itself while somebody types; what is submitted is watched",
    "innovations.DraftFile": "part of a draft",
    "notifications.Delivery": "how far a message has come",
    "notifications.Heartbeat": "a clock",
    "notifications.Message": "a copy of what the case records, in one person's list",
    "workflow.ContentSeal": "hashes that are worked out anew at any time",
    "workflow.LastLook": "what a person saw last; a convenience",
    "workflow.SavedView": "filters that a person keeps; a convenience",
}
# Where a case stands is viewflow's to keep, and who belongs to which group Django's.
OF_LIBRARIES = ("viewflow.Process", "viewflow.Task", "auth.Group", "auth.Group_permissions")
# Written once: the triggers refuse to change or remove them.
WRITTEN_ONCE = {
    "approvals.DueChange",
    "approvals.DueNotice",
    "approvals.Refusal",
    "approvals.SectionText",
    "audit.Erasure",
}
# Proof by their own hashes and signatures: no journal of the journal.
SELF_PROVING = {"audit.Checkpoint", "audit.Entry", "audit.JournalRow", "audit.Receipt"}
# What no journal keeps.
SECRET = {"accounts_user": ("password", "last_login")}


@dataclass(frozen=True)
class Watched:
    """A table under watch.

    journalled: changes write a row of the journal. kept: the journal keeps the content as well as
    its hash. guarded: nothing is changed or removed.
    """

    table: str
    key: str
    journalled: bool = True
    kept: bool = True
    guarded: bool = False
    secret: tuple[str, ...] = ()


@cache
def watched() -> tuple[Watched, ...]:
    """Every table under watch: live rows, their histories, and what proves them."""
    return tuple(sorted(_watched(), key=lambda one: one.table))


def our_models() -> list[type[models.Model]]:
    """Every concrete model of our apps that is not itself a history table."""
    return [model for model in _all_models() if not _is_history(model)]


def _watched() -> Iterator[Watched]:
    for model in [*_all_models(), *map(apps.get_model, OF_LIBRARIES)]:
        label, table, key = model._meta.label, model._meta.db_table, model._meta.pk.column
        if label in SELF_PROVING:
            yield Watched(table, key, journalled=False, guarded=True)
        elif _is_history(model) or label in WRITTEN_ONCE:
            yield Watched(table, key, kept=False, guarded=True)
        elif label not in UNWATCHED:
            yield Watched(table, key, secret=SECRET.get(table, ()))


def _all_models() -> list[type[models.Model]]:
    return [
        model
        for app in OUR_APPS
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if not model._meta.proxy
    ]


def _is_history(model: type[models.Model]) -> bool:
    """Versions of rows, and of the groups that people were in (simple-history's own tables)."""
    return hasattr(model, "history_object") or model.__name__.startswith("Historical")
