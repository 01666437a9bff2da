"""Requests for evidence: the auditor asks, the office answers, the auditor accepts it or not."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.addresses import asked, number
from accounts.authority import authorities_of
from accounts.files.serving import download
from accounts.offices import today
from accounts.views.submitting import kept, typed

from ..auditors import check_audits, full_sight, is_auditor, of_inspectorate, sees_everything
from ..evidence_requests import (
    accept_answer,
    answer_request,
    ask_again,
    may_answer,
    request_evidence,
    visible_requests,
)
from ..forms import AnswerForm, AskingForm, RequestForm
from ..models import Finding

PAGE = 25
BIGGEST_NUMBER = 2**63 - 1


@login_required
@require_safe
def requests(request):
    """The requests that the reader may see, the newest first; closed ones apart."""
    wanted = asked(request.GET)
    closed = wanted.get("state") == "closed"
    sight = full_sight(authorities_of(request.user, today()))
    found = visible_requests(request.user).filter(closed_at__isnull=not closed)
    if before := number(wanted.get("cursor", "")):
        found = found.filter(pk__lt=before)
    rows = list(found.select_related("office", "asked_by").order_by("-pk")[: PAGE + 1])
    context = {
        "requests": rows[:PAGE],
        "closed": closed,
        "today": today(),
        "next_cursor": rows[PAGE - 1].pk if len(rows) > PAGE else "",
        "reads": bool(sight),
        "audits": of_inspectorate(sight),
    }
    return render(request, "audit/requests.html", context)


@login_required
def request_new(request):
    """Ask an office, on a finding (`?finding=`) or on its own."""
    check_audits(request.user)
    finding = _finding(request)
    form = RequestForm(*typed(request)[:1], of_finding=finding is not None)
    made = []
    if kept(form, lambda form: made.append(_ask(request.user, finding, form))):
        messages.success(request, _("The office was asked and told."))
        return redirect("audit_request", made[0].pk)
    context = {"form": form, "finding": finding}
    status = 422 if form.is_bound else 200
    return render(request, "audit/request_new.html", context, status=status)


def _finding(request):
    if pk := number(asked(request.GET).get("finding", "")):
        return get_object_or_404(Finding, pk=pk)
    return None


def _ask(actor, finding, form):
    return request_evidence(actor, finding=finding, **form.cleaned_data)


@login_required
def evidence_request(request, pk):
    """One request with its answer; a POST answers it, accepts the answer, or asks again."""
    found = _visible(request, pk)
    answering: forms.Form = AnswerForm()
    asking: forms.Form = AskingForm(initial={"question": found.question})
    if request.method == "POST":
        if "accept" in request.POST or "again" in request.POST:
            check_audits(request.user)
        again = "again" in request.POST
        form = AskingForm(request.POST) if again else AnswerForm(*_answered(request))
        asking, answering = (form, answering) if again else (asking, form)
        acts = {"again": _again, "accept": _accept}
        act = next((acts[name] for name in acts if name in request.POST), _answer)
        made = []
        if kept(form, lambda form: made.append(act(request.user, found, form))):
            messages.success(request, _("Recorded."))
            return redirect("audit_request", made[0].pk)
    context = {
        "asked": found,
        "today": today(),
        "may_answer": not (found.answered_at or found.closed_at)
        and may_answer(request.user, found),
        "audits": is_auditor(request.user),
        "reads": sees_everything(request.user),
        "answering": answering,
        "asking": asking,
    }
    status = 422 if answering.is_bound or asking.is_bound else 200
    return render(request, "audit/request.html", context, status=status)


def _answered(request):
    """Accepting needs no field of the answer."""
    if "accept" in request.POST:
        return {"answer": "-"}, {}
    return request.POST, request.FILES


def _answer(actor, found, form):
    return answer_request(actor, found, form.cleaned_data["answer"], form.cleaned_data["document"])


def _accept(actor, found, form):
    return accept_answer(actor, found)


def _again(actor, found, form):
    return ask_again(actor, found, **form.cleaned_data)


@login_required
@require_safe
def request_document(request, pk):
    """The file that came with the answer."""
    found = _visible(request, pk)
    if found.document is None:
        raise Http404("no document")
    return download(found.document, found.document_name)


def _visible(request, pk):
    whole = visible_requests(request.user).select_related(
        "office", "asked_by", "answered_by", "finding", "document"
    )
    return get_object_or_404(whole, pk=min(pk, BIGGEST_NUMBER))
