"""The page on which an administrator lets somebody leave: what rests on them goes to others."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.leaving import check_may_leave, reopen_account
from accounts.models import User
from accounts.rights import check_may_appoint
from accounts.views.submitting import kept, typed

from ..leaving import duties_of, leave
from ..leaving_form import LeavingForm
from ..locking import brief_transaction, busy_instead_of_waiting


@login_required
def person_leave(request, pk):
    """Everything that rests on a person, with a field for who takes it over."""
    person = _person(request, pk)
    refusal = ""
    try:
        check_may_leave(request.user, person)
    except ValidationError as error:
        refusal = " ".join(error.messages)
    form = LeavingForm(*typed(request), duties=duties_of(person))
    with busy_instead_of_waiting():
        done = request.method == "POST" and kept(
            form, lambda form: leave(request.user, person, form.handover)
        )
    if done:
        sentence = _("%(person)s has left; everything is handed over.")
        messages.success(request, sentence % {"person": person})
        return redirect("person_edit", pk)
    context = {"person": person, "form": form, "refusal": refusal, "administers": True}
    status = 422 if form.is_bound else 200
    return render(request, "workflow/leaving.html", context, status=status)


@login_required
@require_POST
def person_return(request, pk):
    """Let somebody who left log in again."""
    person = _person(request, pk)
    with brief_transaction():
        reopen_account(request.user, person)
    messages.success(request, _("%(person)s can log in again.") % {"person": person})
    return redirect("person_edit", pk)


def _person(request, pk):
    check_may_appoint(request.user)
    return get_object_or_404(User.objects.exclude(username=User.SYSTEM), pk=pk)
