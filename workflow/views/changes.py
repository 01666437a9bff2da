"""What the draft of an instrument changes: against the library, the case's text, earlier drafts."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.addresses import number
from approvals.refusals import NotFound
from legal_basis.comparison import (
    ASSEMBLED,
    LIBRARY,
    versions_of,
    with_assembled,
    with_library,
    with_version,
)
from legal_basis.drafting import current_instrument

from ..opening import opened_case


@login_required
@require_safe
def instrument_changes(request, code):
    """Word by word what differs from what the address names, the library unless it says else."""
    case = opened_case(request.user, code)
    instrument = current_instrument(case.innovation)
    if instrument is None:
        raise NotFound(_("There is no draft of an instrument yet."))
    versions = versions_of(instrument)
    wanted = request.GET.get("with", LIBRARY)
    context = {
        "case": case,
        "instrument": instrument,
        "versions": versions,
        "wanted": wanted,
        "changes": _changes(instrument, versions, wanted),
    }
    return render(request, "workflow/changes.html", context)


def _changes(instrument, versions, wanted):
    if wanted == LIBRARY:
        return with_library(instrument)
    if wanted == ASSEMBLED:
        return with_assembled(instrument)
    found = next((one for one in versions if one.number == number(wanted)), None)
    if found is None:
        raise NotFound(_("There is no such version of this draft."))
    return with_version(instrument, found)
