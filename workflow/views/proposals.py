"""The proposal editor: autosave, files, co-authors, and the one button that submits."""

import json

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.addresses import number
from accounts.models import User
from approvals.refusals import NotAllowed
from innovations import proposals
from innovations.forms import ProposalForm
from innovations.models import Draft, DraftFile, EvidenceKind

from ..access import visible_case
from ..models import Case
from ..remarks import open_remarks, remarks_of_revision, resolve_remark
from ..submission import submit

PARTS = ("identity", "people", "design", "evidence")


@login_required
def proposal_new(request):
    """Open a draft and go to its editor; an untouched one is used again."""
    draft = Draft.objects.filter(
        owner=request.user, innovation=None, submitted_at=None, data={}
    ).first()
    if draft is None:
        draft = proposals.save_draft(request.user, None, {})
    return redirect("proposal", draft.pk)


@login_required
def revise(request, code):
    """Open the draft in which a returned innovation is revised, at the first open remark."""
    case = visible_case(request.user, code)
    if case.innovation.proposer.pk != request.user.pk or case.stage != "revision":
        raise NotAllowed(_("Only the initiator revises, and only what was returned."))
    with transaction.atomic():
        draft = proposals.open_revision_draft(request.user, case.innovation)
    first = open_remarks(case).first()
    editor = reverse("proposal", args=[draft.pk])
    return redirect(f"{editor}#remark-{first.pk}" if first else editor)


def _own_draft(user, pk):
    return get_object_or_404(Draft.objects.select_related("innovation"), pk=pk, owner=user)


@login_required
def proposal(request, pk):
    """The editor; a POST submits, and keeps everything typed when something is missing."""
    draft = _own_draft(request.user, pk)
    if draft.submitted_at is not None:
        return redirect("case", draft.innovation.code)
    form, errors, status = None, [], 200
    if request.method == "POST":
        form = _saved(request, draft)
        if "save" in request.POST:
            return redirect("home")
        try:
            if form is not None and form.is_valid():
                return _sent(request, draft)
        except ValidationError as refused:
            errors = refused.messages
        status = 422
        draft = _own_draft(request.user, pk)
        if draft.submitted_at is not None:
            # The second click of two: the first one counts, and both lead to the case.
            return redirect("case", draft.innovation.code)
    context = _context(request, draft, form) | {"errors": errors}
    return render(request, "workflow/proposal.html", context, status=status)


def _sent(request, draft):
    """Submit, with the answers to remarks that were typed; nothing is kept where one is refused."""
    with transaction.atomic():
        if draft.innovation_id:
            _answer(request, draft.innovation.code)
        case = submit(request.user, draft, note=request.POST.get("remarks_note", ""))
    messages.success(request, _("%(code)s is on its way.") % {"code": case.code})
    return redirect("case", case.code)


def _answer(request, code):
    """Resolve each remark for which an answer was typed."""
    for remark in remarks_of_revision(Case.objects.get(code=code)):
        answer = request.POST.get(f"answer-{remark.pk}", "").strip()
        if answer and (remark.resolved_at is None or answer != remark.answer):
            resolve_remark(request.user, code, remark.pk, answer)


def _saved(request, draft):
    """The form over what was typed, kept in the draft first; None when it cannot be kept."""
    try:
        draft = proposals.save_draft(request.user, draft.pk, _typed(request.POST))
    except ValidationError as refused:
        if getattr(refused, "code", "") != "submitted":
            messages.error(request, " ".join(refused.messages))
        return None
    return proposals.form_of(draft)


def _typed(post):
    typed = {key: post.get(key) for key in post if key != "csrfmiddlewaretoken"}
    return typed | {"co_initiators": post.getlist("co_initiators")}


def _context(request, draft, form):
    remarks = _remarks(draft, request.POST or draft.data)
    return {
        "draft": draft,
        "form": form or ProposalForm(initial=draft.data, draft=draft, actor=request.user),
        "checked": form is not None,
        "meter": proposals.completeness(draft),
        "files": draft.files.select_related("file"),
        "kinds": EvidenceKind.choices,
        "co_initiators": User.objects.filter(pk__in=draft.data.get("co_initiators", [])),
        "remarks": remarks,
        "remarks_on": _by_part(remarks),
        "remarks_note": request.POST.get("remarks_note", ""),
        "save_url": reverse("proposal_save", args=[draft.pk]),
        "file_url": reverse("proposal_file", args=[draft.pk]),
        "people_url": reverse("people"),
    }


def _remarks(draft, typed):
    """The remarks on a returned proposal, each with the answer that was typed last."""
    if not draft.innovation_id:
        return []
    remarks = remarks_of_revision(Case.objects.get(code=draft.innovation.code))
    return [
        {
            "pk": remark.pk,
            "section": remark.section,
            "text": remark.text,
            "sign_off": remark.sign_off,
            "answered": remark.resolved_at,
            "answer": typed.get(f"answer-{remark.pk}", "") or remark.answer,
        }
        for remark in remarks
    ]


def _by_part(remarks):
    """The remarks by the part of the proposal beside which they stand, "" for the others."""
    found: dict[str, list] = {}
    for remark in remarks:
        part = remark["section"] if remark["section"] in PARTS else ""
        found.setdefault(part, []).append(remark)
    return found


@login_required
@require_POST
def proposal_save(request, pk):
    """Autosave: whatever was typed, as typed; answers with the meter."""
    draft = _own_draft(request.user, pk)
    try:
        typed = json.loads(request.body)
    except ValueError:
        return JsonResponse({"error": _("The draft could not be read.")}, status=400)
    if not isinstance(typed, dict):
        return JsonResponse({"error": _("The draft could not be read.")}, status=400)
    try:
        draft = proposals.save_draft(request.user, draft.pk, typed)
    except ValidationError as refused:
        return JsonResponse({"error": " ".join(refused.messages)}, status=422)
    return JsonResponse(
        {"saved": draft.updated_at.isoformat(), "meter": proposals.completeness(draft)}
    )


@login_required
@require_POST
def proposal_file(request, pk):
    """Add a file to a draft, say more about one, or take one off."""
    draft = _own_draft(request.user, pk)
    error = ""
    try:
        if "remove" in request.POST:
            proposals.remove_file(request.user, draft, number(request.POST["remove"]) or 0)
        elif "describe" in request.POST:
            about = request.POST
            proposals.describe_file(request.user, draft, number(about["describe"]) or 0, about)
        else:
            for upload in request.FILES.getlist("file"):
                proposals.attach_file(request.user, draft, upload, request.POST)
    except DraftFile.DoesNotExist:
        error = _("This file is no longer on the draft. Reload the page.")
    except ValidationError as refused:
        error = "; ".join(refused.messages)
    if request.htmx or request.headers.get("Accept") == "application/json":
        context = {"files": draft.files.select_related("file"), "draft": draft, "error": error}
        return render(request, "workflow/_draft_files.html", context, status=422 if error else 200)
    if error:
        messages.error(request, error)
    return redirect("proposal", draft.pk)
