"""From a draft to a case, and from a returned case back to the stage that asked."""

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.models import User
from approvals.models import Outcome, Remark, Seat
from approvals.policies import current_versions
from approvals.refusals import NotAllowed
from innovations import proposals
from innovations.models import Draft

from .access import grant_initiators
from .announcements import announce
from .decisions import Act, decide
from .flows.institutionalisation import Institutionalisation
from .models import Case


@verb
def submit(actor: User, draft: Draft) -> Case:
    """Submit a draft: a first submission starts the journey, a revised one goes back to its stage.

    Submitting the same draft twice answers with the first case.
    """
    if draft.innovation_id is not None:
        return resubmit(actor, draft)
    innovation = proposals.submit_draft(actor, draft)
    if case := Case.objects.filter(code=innovation.code).first():
        return case
    case = Institutionalisation.start.run(
        case={
            "innovation": innovation,
            "code": innovation.code,
            "policy_versions": current_versions(),
        }
    )
    grant_initiators(actor, case)
    return case


def _tell_who_asked(case: Case) -> None:
    asked = User.objects.filter(
        sign_offs__outcome=Outcome.RETURN,
        sign_offs__seat__process=case,
        sign_offs__seat__stage=case.asked_by,
    ).distinct()
    announce(
        case,
        "resubmitted",
        list(asked),
        occurrence=f"revision:{case.pk}:{case.innovation.revision}",
        stage=case.stage,
    )


@verb
def resubmit(actor: User, draft: Draft) -> Case:
    """Hand the revised proposal back to the stage that asked for it."""
    assert draft.innovation is not None
    code = draft.innovation.code
    if draft.submitted_at is not None:
        return Case.objects.get(code=code)
    seat = Seat.objects.filter(case_code=code, stage="revision", state=Seat.State.OPEN).first()
    if seat is None:
        raise NotAllowed(_("This innovation does not wait for a revision."))
    innovation = proposals.resubmit_draft(actor, draft)
    for remark in Remark.objects.filter(sign_off__seat__case_code=code, resolved_at__isnull=True):
        remark.resolved_at = timezone.now()
        remark.save(update_fields=["resolved_at"])
    decide(actor, code, seat.pk, Act(Outcome.APPROVE.value))
    case = Case.objects.get(code=code)
    _tell_who_asked(case)
    case.innovation = innovation
    grant_initiators(actor, case)
    return case
