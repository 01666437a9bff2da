"""Evidence packs: asking for one, watching it grow, taking it out of the house."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.addresses import asked, number
from accounts.views.submitting import kept

from ..auditors import check_reads, is_auditor
from ..models import EvidencePack, Sample
from ..pack_form import PackForm
from ..packing import ask_for_pack, check_takes, is_kept, note_download, place_of

PAGE = 25
BIGGEST_NUMBER = 2**63 - 1


@login_required
def packs(request):
    """The packs that were asked for; a POST asks for one, `?codes=` and `?sample=` name cases."""
    check_reads(request.user)
    form = PackForm(initial={"codes": _named(asked(request.GET))})
    if request.method == "POST":
        check_takes(request.user)
        form, made = PackForm(request.POST), []
        if kept(form, lambda form: made.append(ask_for_pack(request.user, **form.cleaned_data))):
            messages.success(request, _("The pack is asked for; the worker makes it."))
            return redirect("audit_pack", made[0].token)
    found = EvidencePack.objects.select_related("asked_by")
    if before := number(asked(request.GET).get("cursor", "")):
        found = found.filter(pk__lt=before)
    rows = list(found[: PAGE + 1])
    context = {
        "packs": rows[:PAGE],
        "next_cursor": rows[PAGE - 1].pk if len(rows) > PAGE else "",
        "form": form,
        "audits": is_auditor(request.user),
    }
    return render(request, "audit/packs/list.html", context, status=422 if form.is_bound else 200)


@login_required
@require_safe
def pack(request, token):
    """One pack: its cases, how far it is, and how whoever gets it checks it."""
    return render(request, "audit/packs/pack.html", _context(request.user, token))


@login_required
@require_safe
def pack_state(request, token):
    """How far a pack is, for the page that waits for it."""
    return render(request, "audit/packs/_state.html", _context(request.user, token))


@login_required
@require_safe
def pack_file(request, token):
    """The ZIP; that it was taken is an entry of the ledger."""
    check_takes(request.user)
    found = _pack(request.user, token)
    if not is_kept(found):
        raise Http404("not ready, or no longer kept")
    with transaction.atomic():
        note_download(request.user, found)
    name = f"paket-bukti-{found.asked_at:%Y%m%d}-{str(found.token)[:8]}.zip"
    response = FileResponse(
        place_of(found).path.open("rb"),
        as_attachment=True,
        filename=name,
        content_type="application/zip",
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _pack(user, token):
    check_reads(user)
    return get_object_or_404(EvidencePack.objects.select_related("asked_by"), token=token)


def _context(user, token):
    found = _pack(user, token)
    working = found.state in (EvidencePack.State.WAITING, EvidencePack.State.PACKING)
    return {"pack": found, "working": working, "kept": is_kept(found), "audits": is_auditor(user)}


def _named(wanted):
    """The codes that the address names, itself or by a sample."""
    if drawn := number(wanted.get("sample", "")):
        sample = Sample.objects.filter(pk=min(drawn, BIGGEST_NUMBER)).first()
        return "\n".join(sample.codes) if sample else ""
    return wanted.get("codes", "")
