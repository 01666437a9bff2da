"""Answering a remark on a returned innovation, from its case page."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from approvals.refusals import NotFound

from ..content import section_titles
from ..locking import brief_transaction
from ..opening import opened_case
from ..remarks import remarks_of, resolve_remark, unresolve_remark


@login_required
def remark(request, code, pk):
    """One remark with its answer: any of the initiators marks it as resolved, or opens it again."""
    case = opened_case(request.user, code)
    found = remarks_of(case).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such remark on this innovation."))
    errors, answer = [], request.POST.get("answer", found.answer)
    if request.method == "POST":
        try:
            with brief_transaction():
                if "open" in request.POST:
                    unresolve_remark(request.user, case.code, pk)
                else:
                    resolve_remark(request.user, case.code, pk, answer)
            return redirect("case", case.innovation.code)
        except ValidationError as error:
            errors = error.messages
    context = {
        "case": case,
        "remark": found,
        "section_title": section_titles().get(found.section, ""),
        "answer": answer,
        "errors": errors,
    }
    return render(request, "workflow/remark.html", context, status=422 if errors else 200)
