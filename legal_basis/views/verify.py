"""The public pages that a QR code leads to: no login, no personal data beyond the document."""

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.addresses import asked

from ..citations import file_name, heading_of
from ..hash_check import SHA256, verdict_on_hash
from ..jdihn import abstract_name
from ..limiting import limited, wants_json
from ..models import Instrument
from ..number_search import find
from ..public_facts import as_data, facts_of
from ..public_state import standings
from ..validation import Indication, verdict

# A hash and a number cost little to try: they count like a file that is sent.
posts = limited(lambda request: request.method == "POST")
searches = limited(lambda request: request.method == "POST" or bool(request.GET.get("number")))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@posts
def verify(request, token):
    """What the document is, who signed it, whether the file matches and is in force today."""
    instrument = _issued(token)
    answer, error = _answer(request, instrument) if request.method == "POST" else (None, "")
    context = {"facts": facts_of(instrument), "answer": answer, "error": error}
    return render(request, "legal_basis/verify.html", context, status=422 if error else 200)


@never_cache
@require_safe
@limited()
def verify_data(request, token):
    """The facts of the page as JSON."""
    return JsonResponse(as_data(facts_of(_issued(token))))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@searches
def verify_search(request):
    """Where a document is looked for by its number, or by dropping its file."""
    answer, error = _answer(request) if request.method == "POST" else (None, "")
    wanted = asked(request.GET)
    context = {
        "wanted": wanted,
        "answer": answer,
        "error": error,
        **(_found(wanted) if wanted.get("number") else {}),
    }
    return render(request, "legal_basis/verify_search.html", context, status=422 if error else 200)


@never_cache
@require_safe
@limited()
def verify_sha256(request, sha256):
    """Whose exact bytes have this hash: JSON for programs, for people the page of the document."""
    if not SHA256.fullmatch(sha256.lower()):
        raise Http404
    found = verdict_on_hash(sha256.lower())
    response = _hash_as_json(found, sha256) if wants_json(request) else _hash_page(request, found)
    patch_vary_headers(response, ["Accept"])
    return response


@require_safe
def document(request, token):
    """The signed bytes, always as a download."""
    instrument = _issued(token)
    stored = instrument.document
    if stored is None or not stored.location.is_file():
        raise Http404
    response = FileResponse(
        stored.open(),
        as_attachment=True,
        filename=file_name(instrument),
        content_type=stored.media_type,
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
def verify_abstract(request, token):
    """The abstract as plain text, for catalogues."""
    instrument = _issued(token)
    publication = getattr(instrument, "publication", None)
    if publication is None or not publication.abstract:
        raise Http404
    name = abstract_name(instrument)
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(
        f"{publication.abstract}\n", content_type="text/plain; charset=utf-8", headers=headers
    )


def _issued(token):
    return get_object_or_404(
        Instrument.objects.select_related(
            "document", "innovation", "signatory", "signatory_office", "publication"
        ),
        token=token,
        status=Instrument.Status.ISSUED,
    )


def _found(wanted):
    year = wanted.get("year", "")
    known = year.isascii() and year.isdecimal() and len(year) == 4
    found = find(wanted["number"], int(year) if known else None)
    standing = standings(found.instruments)
    return {
        "rows": [
            {"instrument": one, "heading": heading_of(one), "standing": standing[one.pk]}
            for one in found.instruments
        ],
        "void": found.void,
        "searched": True,
    }


def _hash_as_json(found, sha256):
    about = found.instrument
    facts = as_data(facts_of(about)) if about else None
    data = {
        "sha256": sha256.lower(),
        "verdict": str(found.verdict),
        "reason": found.reason,
        "number": found.number,
        "in_force": found.in_force,
        "instrument": facts,
    }
    return JsonResponse(data)


def _hash_page(request, found):
    if found.instrument and found.verdict == Indication.PASSED:
        return redirect("verify", found.instrument.token)
    context = {"wanted": {}, "answer": _shown(found), "error": ""}
    return render(request, "legal_basis/verify_search.html", context)


def _answer(request, instrument=None):
    """The verdict on the uploaded file, as seen from one instrument's page; it is not kept."""
    uploaded = request.FILES.get("file")
    if uploaded is None:
        return None, _("File: choose the PDF that you want to compare.")
    if uploaded.size > settings.UPLOAD_MAX_BYTES:
        return None, _("File: it is larger than %s MB. Choose the PDF that you received.") % (
            settings.UPLOAD_MAX_BYTES // 1024**2
        )
    return _shown(verdict(uploaded.read()), instrument), ""


def _shown(found, instrument=None):
    about = found.instrument
    another = instrument is not None and about is not None and about.pk != instrument.pk
    return {
        "verdict": found.verdict,
        "passed": found.verdict == Indication.PASSED and not another,
        "failed": found.verdict == Indication.FAILED,
        "reason": found.reason,
        "another": found.number if another else "",
        "instrument": about if about and about.status == Instrument.Status.ISSUED else None,
        "heading": heading_of(about) if about else "",
    }
