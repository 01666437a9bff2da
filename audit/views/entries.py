"""One entry of the ledger: what it says, and what proves it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.views.submitting import kept, typed
from approvals.refusals import NotFound

from ..auditors import check_audits, check_reads, is_auditor
from ..findings import record_finding
from ..forms import FindingForm
from ..ledger import SYSTEM
from ..models import Entry
from ..proving import as_data, proof_of
from ..telling import told

BIGGEST_NUMBER = 2**63 - 1
MOST_ROWS = 50


@login_required
@require_safe
def entry(request, code, sequence):
    """The entry in words, its hashes recomputed, and the checkpoint that covers it."""
    check_reads(request.user)
    found = _entry(code, sequence)
    [words] = told([found])
    rows = words.rows
    context = {
        "entry": found,
        "of_case": found.chain != SYSTEM,
        "title": words.title,
        "fields": words.fields,
        "rows": [(row.words, row.address(found.chain)) for row in rows[:MOST_ROWS]],
        "more_rows": max(0, len(rows) - MOST_ROWS),
        "proof": proof_of(found),
        "findings": found.findings.select_related("found_by"),
        "audits": is_auditor(request.user),
    }
    return render(request, "audit/entry.html", context)


@login_required
@require_safe
def proof(request, code, sequence):
    """The same proof as a file for a machine."""
    check_reads(request.user)
    found = _entry(code, sequence)
    response = JsonResponse(
        as_data(found, proof_of(found)), json_dumps_params={"indent": 1, "ensure_ascii": False}
    )
    name = f"{slugify(found.chain)}-{found.sequence}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@login_required
def finding_new(request, code, sequence):
    """Attach a finding to the entry."""
    check_audits(request.user)
    found = _entry(code, sequence)
    form = FindingForm(*typed(request))
    made = []
    if kept(
        form, lambda form: made.append(record_finding(request.user, found, **form.cleaned_data))
    ):
        messages.success(request, _("The finding is recorded."))
        return redirect("audit_finding", made[0].pk)
    context = {"entry": found, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "audit/finding_new.html", context, status=status)


def _entry(code, sequence):
    if sequence > BIGGEST_NUMBER:
        raise NotFound(_("There is no such entry."))
    found = Entry.objects.filter(chain=code, sequence=sequence).select_related("actor").first()
    if found is None:
        raise NotFound(_("There is no such entry."))
    return found
