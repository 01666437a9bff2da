"""Findings: those that are open and those that are closed, and what follows of each."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.addresses import asked, number
from accounts.views.submitting import kept

from ..auditors import check_audits, check_reads, is_auditor
from ..findings import close_finding, follow_up
from ..forms import ClosingForm, FollowUpForm
from ..models import Finding

PAGE = 25
BIGGEST_NUMBER = 2**63 - 1


@login_required
@require_safe
def findings(request):
    """The findings, the newest first."""
    check_reads(request.user)
    wanted = asked(request.GET)
    closed = wanted.get("state") == "closed"
    found = Finding.objects.filter(closed_at__isnull=not closed).select_related("found_by", "entry")
    if before := number(wanted.get("cursor", "")):
        found = found.filter(pk__lt=before)
    rows = list(found[: PAGE + 1])
    context = {
        "findings": rows[:PAGE],
        "closed": closed,
        "next_cursor": rows[PAGE - 1].pk if len(rows) > PAGE else "",
    }
    return render(request, "audit/findings.html", context)


@login_required
def finding(request, pk):
    """One finding: its entry, what was done, what was asked; a POST notes more or closes it."""
    check_reads(request.user)
    whole = Finding.objects.select_related("entry", "found_by", "closed_by")
    found = get_object_or_404(whole, pk=min(pk, BIGGEST_NUMBER))
    noting: forms.Form = FollowUpForm()
    closing: forms.Form = ClosingForm()
    if request.method == "POST":
        check_audits(request.user)
        closes = "close" in request.POST
        form = ClosingForm(request.POST) if closes else FollowUpForm(request.POST)
        noting, closing = (noting, form) if closes else (form, closing)
        act, said = (_close, _("The finding is closed.")) if closes else (_note, _("Noted."))
        if kept(form, lambda form: act(request.user, found, form)):
            messages.success(request, said)
            return redirect("audit_finding", found.pk)
    context = {
        "finding": found,
        "follow_ups": found.follow_ups.select_related("person"),
        "requests": found.requests.select_related("office"),
        "audits": is_auditor(request.user),
        "noting": noting,
        "closing": closing,
    }
    status = 422 if noting.is_bound or closing.is_bound else 200
    return render(request, "audit/finding.html", context, status=status)


def _close(actor, found, form):
    close_finding(actor, found, form.cleaned_data["conclusion"])


def _note(actor, found, form):
    follow_up(actor, found, form.cleaned_data["text"])
