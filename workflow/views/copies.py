"""Certified copies and excerpts of an issued instrument: read by those who see its case."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.files.serving import download
from approvals.refusals import NotFound
from legal_basis import copies as acts
from legal_basis import jobs
from legal_basis.models import CertifiedCopy, Instrument
from legal_basis.originals import original_anatomy

from ..access import visible_case
from ..copy_form import CopyForm
from ..locking import brief_transaction


@login_required
def copies(request, token):
    """The copies made so far, and for the head of the legal section a form for another one."""
    instrument = _issued(request.user, token)
    may_certify = acts.speaks_for_legal_section(request.user)
    if request.method == "POST":
        acts.check_speaker(request.user)
    form = _form(instrument, request.POST or None) if may_certify else None
    if form and form.is_valid() and _certified(request, instrument, form):
        return redirect("copies", token)
    context = {
        "instrument": instrument,
        "back": reverse("case", args=[instrument.innovation.code]),
        "copies": instrument.copies.select_related("certified_by", "document").order_by("-serial"),
        "form": form,
        "may_certify": may_certify,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "workflow/copies.html", context, status=status)


def _form(instrument, posted):
    return CopyForm(acts.parts_of(original_anatomy(instrument)), posted)


def _certified(request, instrument, form):
    try:
        with brief_transaction():
            made = acts.certify_copy(request.user, instrument, **form.cleaned_data)
            jobs.enqueue_copy(made)
    except ValidationError as error:
        form.add_error(None, ValidationError(error.messages))
        return False
    messages.success(
        request, _("Number %s is being made. It is here in a few seconds.") % made.serial
    )
    return True


@login_required
@require_safe
def copy_file(request, token, serial):
    """The file of one copy, as a download."""
    instrument = _issued(request.user, token)
    copy = _copy(instrument, serial)
    if copy.document is None:
        raise NotFound(_("This copy has no file yet. Look again in a few seconds."))
    name = f"{copy.kind}-{copy.serial}-{instrument.number.replace('/', '-')}.pdf"
    return download(copy.document, name)


@login_required
@require_POST
def copy_retry(request, token, serial):
    """Let the worker try again to make a copy that failed."""
    instrument = _issued(request.user, token)
    acts.check_speaker(request.user)
    copy = _copy(instrument, serial)
    if copy.document is None:
        with transaction.atomic():
            jobs.enqueue_copy(copy)
        messages.success(request, _("It is being made again. Look here in a few seconds."))
    return redirect("copies", token)


def _issued(user, token):
    instruments = Instrument.objects.select_related("innovation", "rendered", "document")
    instrument = instruments.filter(token=token, status=Instrument.Status.ISSUED).first()
    if instrument is None:
        raise NotFound(_("There is no such instrument, or you may not see it."))
    visible_case(user, instrument.subject_code)
    return instrument


def _copy(instrument, serial):
    found = CertifiedCopy.objects.select_related("document")
    return get_object_or_404(found, instrument=instrument, serial=serial)
