"""Administrators of policies, and what their browsers send."""

from typing import Any

from django.db import transaction
from django.http import QueryDict

from approvals.models import SignOffPolicy
from approvals.policy_checks import Dials
from approvals.policy_versions import dials_of, version_in_use
from tests.regency import person
from workflow.policy_changes import approve_version, propose_version
from workflow.policy_entries import Entries, entries_of, posted_of

FIRST, SECOND = "admin2", "admin"
REASON = "Sekretaris Daerah sudah memaraf pada tahap sebelumnya."


def in_use(stage: str) -> Dials:
    """The dials of the version in use."""
    policy = version_in_use(stage)
    assert policy is not None
    return dials_of(policy)


def proposed(stage: str, dials: Dials, reason: str = REASON) -> SignOffPolicy:
    """A version that waits for a second administrator."""
    with transaction.atomic():
        return propose_version(person(FIRST), stage, dials, reason=reason)


def adopted(stage: str, dials: Dials) -> SignOffPolicy:
    """A version that two administrators have put into use."""
    policy = proposed(stage, dials)
    with transaction.atomic():
        return approve_version(person(SECOND), policy)


def sent(entries: Entries, **more: str) -> dict[str, Any]:
    """What the editor sends of these entries."""
    found: dict[str, Any] = {}
    for name, value in [*posted_of(entries), *more.items()]:
        found.setdefault(name, []).append(value)
    return found


def posted(entries: Entries) -> QueryDict:
    """The same as a view receives it."""
    found = QueryDict(mutable=True)
    for name, values in sent(entries).items():
        found.setlist(name, values)
    return found


def slower(stage: str) -> Entries:
    """An editor in which the version in use has got some more days, with a reason."""
    entries = typed(stage)
    entries.working_days = str(in_use(stage).working_days + 5)
    return entries


def typed(stage: str, reason: str = REASON) -> Entries:
    """The version in use as it stands in the editor, with a reason."""
    entries = entries_of(in_use(stage))
    entries.reason = reason
    return entries
