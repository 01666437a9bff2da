"""Acts that undo, each with its reason: taking an answer back, withdrawing, opening anew."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from ..access import visible_case
from ..desk import seat_of
from ..locking import brief_transaction
from ..reversals import reopen, take_back, withdraw


@login_required
def take_back_answer(request, code, seat):
    """The signer's page for having an answer back while the stage is open."""
    case = visible_case(request.user, code)
    found = seat_of(case, seat)
    words = {
        "title": _("Take your answer back"),
        "lead": _(
            "The seat is open again and you may answer anew. Your first answer stays on the "
            "record, with this reason."
        ),
        "hint": _("A sentence is enough. The others of the stage read it."),
        "button": _("Take it back"),
        "keep": _("Leave it as it is"),
        "back": reverse("act", args=[case.code, found.pk]),
        "about": found.case_title,
    }
    return _ask_for_reason(
        request,
        words,
        lambda reason: take_back(request.user, case.code, found.pk, reason),
        done=_("Your answer is taken back. You may answer anew."),
    )


@login_required
def withdraw_case(request, code):
    """The initiator's page for taking the innovation back, with a reason."""
    case = visible_case(request.user, code)
    words = {
        "title": _("Withdraw the innovation"),
        "lead": _(
            "It stops here: nobody decides on it any more, and reserved money becomes free. What "
            "was recorded so far stays on the record. You may submit it anew later."
        ),
        "hint": _("A sentence is enough. Those who worked on it read it."),
        "button": _("Withdraw the innovation"),
        "keep": _("Keep it going"),
        "back": reverse("case", args=[case.code]),
        "about": case.innovation.name,
        "ends": True,
    }
    return _ask_for_reason(request, words, lambda reason: withdraw(request.user, case.code, reason))


@login_required
def reopen_case(request, code):
    """The secretariat's page for opening an ended case anew."""
    case = visible_case(request.user, code)
    words = {
        "title": _("Open the case anew"),
        "lead": _(
            "It goes back to its initiator, who revises it. What is resubmitted goes to the "
            "stage at which the case had ended; nothing of the record is lost."
        ),
        "hint": _("A sentence is enough. The initiator reads it."),
        "button": _("Open the case anew"),
        "keep": _("Leave it as it is"),
        "back": reverse("case", args=[case.code]),
        "about": case.innovation.name,
    }
    return _ask_for_reason(
        request,
        words,
        lambda reason: reopen(request.user, case.code, reason),
        done=_("The case is open again. Its initiator has been told."),
    )


def _ask_for_reason(request, words, act, *, done=""):
    """A page that asks why and then acts; a refused act keeps what was typed."""
    errors, reason = [], request.POST.get("reason", "")
    if request.method == "POST":
        try:
            with brief_transaction():
                act(reason)
            if done:
                messages.success(request, done)
            return redirect(words["back"])
        except ValidationError as error:
            errors = error.messages
    context = {"words": words, "errors": errors, "reason": reason}
    return render(request, "workflow/reason.html", context, status=422 if errors else 200)
