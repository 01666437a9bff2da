"""Who may see a case by name; the only caller of guardian's `assign_perm`."""

from collections.abc import Collection

from django.utils.translation import gettext as _
from guardian.shortcuts import assign_perm, remove_perm

from accounts.acting import verb
from accounts.authority import Authority
from accounts.models import User
from approvals.refusals import NotFound
from innovations.models import Innovation

from .models import Case, CaseQuerySet

FOLLOW = "workflow.follow_case"


@verb
def grant_initiators(actor: User, case: Case) -> None:
    """Let initiator, caretaker and present co-initiators follow their case, others no longer."""
    for participant in case.innovation.participants.select_related("user"):
        change = assign_perm if participant.left_at is None else remove_perm
        change(FOLLOW, participant.user, case)
    for person in {case.innovation.initiator, case.innovation.proposer}:
        assign_perm(FOLLOW, person, case)


def visible_case(user: User, code: str, rights: Collection[Authority] | None = None) -> Case:
    """The case with this code if the person may see it; NotFound otherwise, existing or not.

    `rights` are the person's of today, where they were looked up already.
    """
    case = _readable(user, rights).filter(code=code).first()
    if case is None:
        raise _not_found()
    return case


def visible_cases(user: User, code: str) -> list[Case]:
    """The case with this code and the others of its innovation that the person may see.

    Raises NotFound where the case itself is not visible, existing or not.
    """
    same = Innovation.objects.filter(cases__code=code).values("pk")
    cases = list(_readable(user).filter(innovation__in=same))
    if not any(case.code == code for case in cases):
        raise _not_found()
    return cases


def _readable(user: User, rights: Collection[Authority] | None = None) -> CaseQuerySet:
    cases = Case.objects
    visible = cases.visible_to(user) if rights is None else cases.readable_by(user, rights)
    return visible.select_related("innovation", "innovation__owning_unit", "innovation__initiator")


def _not_found() -> NotFound:
    return NotFound(_("There is no such case, or you may not see it."))
