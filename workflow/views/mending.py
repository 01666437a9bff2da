"""What the secretariat and the legal section do where a stage lacks somebody or a basis."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from ..access import visible_case
from ..desk import seat_of
from ..locking import brief_transaction
from ..mending_forms import OverrideForm, ReplacementForm
from ..overrides import record_override
from ..rerouting import name_replacement
from ..stages import stage_labels


@login_required
def replacement(request, code, seat):
    """The secretariat asks another office where nobody may sign for a seat."""
    case = visible_case(request.user, code)
    found = seat_of(case, seat)
    form = ReplacementForm(request.POST or None)
    words = {
        "title": _("Ask another office"),
        "lead": _(
            "Nobody may sign for %(holder)s at the stage “%(stage)s”. The office that you name "
            "is asked in its place, from today; the earlier one stays on the record."
        )
        % {"holder": found.holder_label, "stage": stage_labels().get(found.stage, found.stage)},
        "button": _("Ask this office"),
        "done": _("The office is asked; whoever speaks for it has been told."),
    }
    return _filled_in(
        request,
        case,
        form,
        words,
        lambda data: name_replacement(
            request.user, case.code, found.pk, data["office"], reason=data["reason"]
        ),
    )


@login_required
def override(request, code, seat):
    """The legal section records the letter by which a mandate may be the last word."""
    case = visible_case(request.user, code)
    found = seat_of(case, seat)
    form = OverrideForm(request.POST or None)
    words = {
        "title": _("Record the letter"),
        "lead": _(
            "Whoever acts for %(holder)s does so by mandate, and may be the last to sign what "
            "binds organisation, personnel or budget only by a letter (UU 30/2014, art. 14)."
        )
        % {"holder": found.holder_label},
        "button": _("Record the letter"),
        "done": _("The letter is recorded. Whoever it concerns may sign now."),
    }
    return _filled_in(
        request,
        case,
        form,
        words,
        lambda data: record_override(request.user, case.code, found.pk, **data),
    )


def _filled_in(request, case, form, words, act):
    """A page with one form; what the act refuses is told beside what was typed."""
    errors = []
    if request.method == "POST" and form.is_valid():
        try:
            with brief_transaction():
                act(form.cleaned_data)
            messages.success(request, words["done"])
            return redirect("case", case.innovation.code)
        except ValidationError as error:
            errors = error.messages
    context = {"case": case, "form": form, "words": words, "errors": errors}
    status = 422 if errors or form.errors else 200
    return render(request, "workflow/mending.html", context, status=status)
