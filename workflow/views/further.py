"""The legal section's page on which a further instrument is begun."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from ..further import check_may_begin, start_further
from ..further_form import FurtherForm
from ..locking import brief_transaction
from ..opening import opened_case


@login_required
def further(request, code):
    """Amend, revoke, correct or stipulate anew: one form, and a case of its own begins."""
    case = opened_case(request.user, code)
    check_may_begin(request.user, case.innovation)
    asked = {"purpose": request.GET.get("purpose", ""), "targets": request.GET.getlist("target")}
    form = FurtherForm(request.POST or None, initial=asked, innovation=case.innovation)
    errors = []
    if request.method == "POST" and form.is_valid():
        try:
            with brief_transaction():
                begun = start_further(request.user, case.code, **form.cleaned_data)
            messages.success(
                request, _("Case %(code)s has begun; its draft waits.") % {"code": begun.code}
            )
            return redirect("case", case.innovation.code)
        except ValidationError as error:
            errors = error.messages
    context = {"case": case, "form": form, "errors": errors}
    status = 422 if errors or form.errors else 200
    return render(request, "workflow/further.html", context, status=status)
