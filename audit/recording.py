"""Listening: what happens on the floors below becomes entries of the ledger, in its transaction."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import m2m_changed, post_delete, post_save
from simple_history.signals import post_create_historical_record

from accounts.acting import NoActor, acting_as, current_actor, note_deed
from accounts.authority import authorities_of
from accounts.models import User
from accounts.offices import today
from accounts.rights import may_appoint
from accounts.signals import act_done
from approvals.models import Refusal
from innovations.signals import innovation_act
from legal_basis.signals import instrument_issued
from workflow.models import CaseUserObjectPermission

from .deeds import Written, entered
from .kinds import Kind
from .ledger import append, record

SUBMISSIONS = {"submitted", "resubmitted"}


def listen() -> None:
    """Connect every listener; `checks.py` refuses to start without them."""
    for signal, receiver in LISTENERS.items():
        signal.connect(receiver, dispatch_uid=f"audit.{receiver.__name__}")
    m2m_changed.connect(_groups_changed, User.groups.through, dispatch_uid="audit.groups")
    post_save.connect(_refused, Refusal, dispatch_uid="audit.refused")
    post_save.connect(_granted, CaseUserObjectPermission, dispatch_uid="audit.granted")
    post_delete.connect(_withdrawn, CaseUserObjectPermission, dispatch_uid="audit.withdrawn")


def _act_done(deeds: list[Any], **_: Any) -> None:
    append(entered(deeds))


def _row_written(instance: Any, history_instance: Any, **_: Any) -> None:
    note_deed(Written(instance, history_instance))


def _innovation_act(act: str, innovation: Any, actor: User, details: Any, **_: Any) -> None:
    if act in SUBMISSIONS:
        record(
            Kind.SUBMISSION,
            {"act": act, "innovation": innovation.pk} | details,
            chain=innovation.code,
            actor=actor,
        )


def _issued(instrument: Any, actor: User, **_: Any) -> None:
    record(
        Kind.ISSUE,
        {
            "instrument": instrument.pk,
            "number": instrument.number,
            "sha256": instrument.document.sha256,
        },
        chain=instrument.subject_code,
        actor=actor,
    )


def _groups_changed(action: str, instance: Any, pk_set: set[int] | None, **_: Any) -> None:
    if current_actor() is None:
        raise NoActor("Groups were about to be changed without an actor; use acting_as(user)")
    if action.startswith("post_"):
        verb, groups = action.removeprefix("post_"), sorted(pk_set or ())
        record(Kind.PERMISSION, {"groups": groups, "change": verb, "row": instance.pk})


def _granted(instance: Any, created: bool, **_: Any) -> None:
    if created:
        _permission(instance, "granted")


def _withdrawn(instance: Any, **_: Any) -> None:
    _permission(instance, "withdrawn")


def _permission(row: CaseUserObjectPermission, change: str) -> None:
    content = {"person": row.user_id, "permission": row.permission_id, "change": change}
    record(Kind.PERMISSION, content, chain=row.content_object.code)


def _refused(instance: Refusal, created: bool, **_: Any) -> None:
    if created:
        content = {"case": instance.case_code, "path": instance.path, "refusal": instance.pk}
        record(Kind.REFUSAL, content, actor=instance.person)


def _logged_in(user: User, **_: Any) -> None:
    if is_privileged(user):
        with acting_as(user):
            record(Kind.LOGIN, {"person": user.pk}, actor=user)


def is_privileged(user: User) -> bool:
    """Who sees more than others: administrators, and offices that read every case."""
    return (
        user.is_superuser
        or may_appoint(user)
        or any(right.office.sees_all_cases for right in authorities_of(user, today()))
    )


LISTENERS = {
    act_done: _act_done,
    post_create_historical_record: _row_written,
    innovation_act: _innovation_act,
    instrument_issued: _issued,
    user_logged_in: _logged_in,
}
