"""What exactly somebody signed, as it was kept, and what differs now."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils.translation import gettext as _

from approvals.models import SignOff
from approvals.refusals import NotFound

from ..content import sections_of
from ..desk import answers_at
from ..opening import opened_case
from ..signed_content import signed_sections
from ..stages import stage_labels


@login_required
def signature(request, code, pk):
    """One answer: who, in which capacity, by which letter, when, on which content."""
    case = opened_case(request.user, code)
    answers = SignOff.objects.filter(seat__process=case.pk).select_related(
        "person", "seat__task", "lapse"
    )
    sign_off = answers.filter(pk=pk).first()
    if sign_off is None:
        raise NotFound(_("There is no such answer on this innovation."))
    now = sections_of(case.innovation, sign_off.section_hashes, case_code=case.code)
    sections = signed_sections(sign_off, now)
    choice = answers_at(sign_off.seat).get(sign_off.outcome)
    context = {
        "case": case,
        "sign_off": sign_off,
        "stage_label": stage_labels().get(sign_off.seat.stage, sign_off.seat.stage),
        "answer": choice.button if choice else sign_off.get_outcome_display(),
        "lapse": getattr(sign_off, "lapse", None),
        "sections": sections,
        "changed": [section for section in sections if section.changed],
        "intact": all(section.intact for section in sections),
        "mine": sign_off.person_id == request.user.pk,
    }
    return render(request, "workflow/signature.html", context)
