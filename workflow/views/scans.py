"""Signing on paper: the print goes out, its scan comes back, a second person confirms it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.files.serving import download
from accounts.texts import clean_text
from approvals.refusals import NotFound
from legal_basis.legal_section import check_legal_section
from legal_basis.wet_ink import confirm_scan, refuse_scan, upload_scan

from ..access import visible_case
from ..decisions import NOTE_LENGTH
from ..locking import brief_transaction
from ..signing_forms import PassphraseForm, ScanForm
from .signing import numbered_instrument, signing_context


@login_required
@require_GET
def unsigned(request, code):
    """The print to be signed on paper, as a download."""
    case = visible_case(request.user, code)
    check_legal_section(request.user)
    instrument = numbered_instrument(case)
    if instrument.rendered is None:
        raise NotFound(_("The print is not ready yet."))
    return download(instrument.rendered, f"{case.code}.pdf")


@login_required
@require_POST
def upload(request, code):
    """Take the scan of the signed print."""
    case = visible_case(request.user, code)
    check_legal_section(request.user)
    instrument, form = numbered_instrument(case), ScanForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            with brief_transaction():
                upload_scan(request.user, instrument, form.cleaned_data["scan"])
        except ValidationError as refused:
            form.add_error("scan", refused)
        else:
            messages.success(request, _("A second person of the legal section confirms it now."))
            return redirect("instrument_sign", case.code)
    return _shown_again(request, case, instrument, scan_form=form)


@login_required
@require_GET
def scan(request, code, pk):
    """A scan, as a download."""
    case, found = _scan(request, code, pk)
    return download(found.file, f"{case.code}-scan.pdf")


@login_required
@require_POST
def judge(request, code, pk):
    """Confirm a scan, or refuse it with a reason."""
    case, found = _scan(request, code, pk)
    typed = request.POST.get("reason", "")
    try:
        with brief_transaction():
            if "confirm" in request.POST:
                confirm_scan(request.user, found)
            else:
                reason = clean_text(typed, max_length=NOTE_LENGTH, field=_("Reason"))
                refuse_scan(request.user, found, reason)
    except ValidationError as refused:
        return _shown_again(request, case, found.instrument, errors=refused.messages, reason=typed)
    done = _("It is issued.") if found.accepted else _("The scan was refused.")
    messages.success(request, done)
    return redirect("instrument_sign", case.code)


def _scan(request, code, pk):
    case = visible_case(request.user, code)
    check_legal_section(request.user)
    instrument = numbered_instrument(case)
    return case, get_object_or_404(instrument.scans.select_related("file", "instrument"), pk=pk)


def _shown_again(request, case, instrument, **more):
    context = signing_context(request.user, case, instrument) | {"form": PassphraseForm()} | more
    return render(request, "workflow/signing.html", context, status=422)
