"""The public pages that a QR code leads to: no login, no personal data beyond the document."""

from django.conf import settings
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from ..models import Instrument, Publication
from ..validation import Indication, in_force, stored_verdict, verdict


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request, token):
    """What the document is, who signed it, whether the file matches and is in force today."""
    instrument = _issued(token)
    force, why = in_force(instrument)
    answer, error = _answer(request, instrument) if request.method == "POST" else (None, "")
    stored = stored_verdict(instrument)
    context = {
        "instrument": instrument,
        "publication": Publication.objects.filter(instrument=instrument).first(),
        "stored": stored,
        "stored_passed": stored.verdict == Indication.PASSED,
        "in_force": force,
        "in_force_reason": why,
        "answer": answer,
        "error": error,
    }
    return render(request, "legal_basis/verify.html", context, status=422 if error else 200)


@require_GET
def document(request, token):
    """The signed bytes, always as a download."""
    instrument = _issued(token)
    stored = instrument.document
    if stored is None or not stored.location.is_file():
        raise Http404
    response = FileResponse(
        stored.open(),
        as_attachment=True,
        filename=f"{instrument.number.replace('/', '-')}.pdf",
        content_type=stored.media_type,
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _issued(token):
    return get_object_or_404(
        Instrument.objects.select_related("document", "innovation"),
        token=token,
        status=Instrument.Status.ISSUED,
    )


def _answer(request, instrument):
    """The verdict on the uploaded file, seen from the page of one instrument; it is not kept."""
    uploaded = request.FILES.get("file")
    if uploaded is None:
        return None, _("File: choose the PDF that you want to compare.")
    if uploaded.size > settings.UPLOAD_MAX_BYTES:
        return None, _("File: it is larger than %s MB. Choose the PDF that you received.") % (
            settings.UPLOAD_MAX_BYTES // 1024**2
        )
    found = verdict(uploaded.read())
    another = found.instrument is not None and found.instrument.pk != instrument.pk
    return {
        "verdict": found.verdict,
        "passed": found.verdict == Indication.PASSED and not another,
        "reason": found.reason,
        "another": found.number if another else "",
    }, ""
