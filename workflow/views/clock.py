"""The page on which the clock of a case's stage is stopped, and started again."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from approvals.pauses import check_right, open_seats_of, running_pause

from ..access import visible_case
from ..calendar_forms import PauseForm
from ..clocks import pause, resume, waiting_stage
from ..inbox import stage_labels
from ..locking import brief_transaction


@login_required
def clock(request, code):
    """Stop the clock with a reason, or let it run again; what was typed is kept."""
    case = visible_case(request.user, code)
    standing = waiting_stage(case)
    check_right(request.user, standing)
    form, status = PauseForm(request.POST or None), 200
    if request.method == "POST":
        if "resume" in request.POST:
            return _resume(request, case)
        if form.is_valid() and _paused(request, case, form):
            return redirect("case", case.innovation.code)
        status = 422
    context = {
        "case": case,
        "stage_label": stage_labels().get(case.stage, case.stage),
        "seats": open_seats_of(standing),
        "pause": running_pause(standing.seats[0].task),
        "form": form,
    }
    return render(request, "workflow/clock.html", context, status=status)


def _paused(request, case, form):
    try:
        with brief_transaction():
            pause(request.user, case.code, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, _("The clock stands still. Everybody concerned sees why."))
    return True


def _resume(request, case):
    with brief_transaction():
        resume(request.user, case.code)
    messages.success(request, _("The clock runs again. The due dates moved by what had passed."))
    return redirect("case", case.innovation.code)
