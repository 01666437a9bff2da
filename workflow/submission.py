"""From a draft to a case, and from a returned case back to the stage that asked."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.acting import verb
from accounts.models import User
from accounts.texts import clean_text
from approvals.calendar import hold_calendar
from approvals.models import Outcome, Seat
from approvals.policy_versions import current_versions
from approvals.refusals import Refused
from innovations import proposals
from innovations.models import Draft

from .access import grant_initiators
from .announcements import announce
from .decisions import NOTE_LENGTH, Act, decide
from .flows.institutionalisation import Institutionalisation
from .models import Case
from .remarks import open_remarks


@verb
def submit(actor: User, draft: Draft, *, note: str = "") -> Case:
    """Submit a draft: a first submission starts the journey, a revised one goes back to its stage.

    Submitting the same draft twice answers with the first case. `note` says why a revised one
    comes back with remarks unanswered.
    """
    if draft.innovation_id is not None:
        return resubmit(actor, draft, note=note)
    innovation = proposals.submit_draft(actor, draft)
    if case := Case.objects.filter(code=innovation.code).first():
        return case
    hold_calendar()
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
def resubmit(actor: User, draft: Draft, *, note: str = "") -> Case:
    """Hand the revised proposal back to the stage that asked for it.

    Raises ValidationError where remarks are unanswered and no note says why: whoever asked would
    only return it again.
    """
    assert draft.innovation is not None
    code = draft.innovation.code
    if draft.submitted_at is not None:
        return Case.objects.get(code=code)
    seat = Seat.objects.filter(case_code=code, stage="revision", state=Seat.State.OPEN).first()
    if seat is None:
        raise Refused(_("This innovation does not wait for a revision."))
    said = clean_text(note, max_length=NOTE_LENGTH, field=_("Note"))
    _check_answered(Case.objects.get(pk=seat.process_id), said)
    innovation = proposals.resubmit_draft(actor, draft)
    decide(actor, code, seat.pk, Act(Outcome.APPROVE.value, note=said))
    case = Case.objects.get(code=code)
    _tell_who_asked(case)
    case.innovation = innovation
    grant_initiators(actor, case)
    return case


def _check_answered(case: Case, note: str) -> None:
    left = open_remarks(case).count()
    if left and not note:
        sentence = ngettext(
            "Remarks: %(count)s is not answered yet. Answer it, or say in the note why not.",
            "Remarks: %(count)s are not answered yet. Answer them, or say in the note why not.",
            left,
        )
        raise ValidationError({"note": sentence % {"count": left}}, code="unanswered")
