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

from accounts.models import User
from approvals.models import Remark
from approvals.refusals import NotAllowed
from innovations import proposals
from innovations.forms import ProposalForm
from innovations.models import Draft, DraftFile, EvidenceKind

from ..access import visible_case
from ..addresses import asked, number
from ..submission import submit

PEOPLE_SHOWN = 8


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
    """Open the draft in which a returned innovation is revised."""
    case = visible_case(request.user, code)
    if case.innovation.initiator_id != request.user.pk or case.stage != "revision":
        raise NotAllowed(_("Only the initiator revises, and only what was returned."))
    with transaction.atomic():
        draft = proposals.open_revision_draft(request.user, case.innovation)
    return redirect("proposal", draft.pk)


def _own_draft(user, pk):
    return get_object_or_404(Draft.objects.select_related("innovation"), pk=pk, owner=user)


@login_required
def proposal(request, pk):
    """The editor; a POST submits, and keeps everything typed when something is missing."""
    draft = _own_draft(request.user, pk)
    if draft.submitted_at is not None:
        return redirect("case", draft.innovation.code)
    form, status = None, 200
    if request.method == "POST":
        form = _saved(request, draft)
        if "save" in request.POST:
            return redirect("home")
        if form is not None and form.is_valid():
            with transaction.atomic():
                case = submit(request.user, draft)
            messages.success(request, _("%(code)s is on its way.") % {"code": case.code})
            return redirect("case", case.code)
        status = 422
        draft = _own_draft(request.user, pk)
        if draft.submitted_at is not None:
            # The second click of two: the first one counts, and both lead to the case.
            return redirect("case", draft.innovation.code)
    context = _context(request, draft, form)
    return render(request, "workflow/proposal.html", context, status=status)


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
    remarks = Remark.objects.none()
    if draft.innovation_id:
        remarks = Remark.objects.filter(
            sign_off__seat__case_code=draft.innovation.code, resolved_at__isnull=True
        )
    return {
        "draft": draft,
        "form": form or ProposalForm(initial=draft.data, draft=draft, actor=request.user),
        "checked": form is not None,
        "meter": proposals.completeness(draft),
        "files": draft.files.select_related("file"),
        "kinds": EvidenceKind.choices,
        "co_initiators": User.objects.filter(pk__in=draft.data.get("co_initiators", [])),
        "remarks": remarks,
        "save_url": reverse("proposal_save", args=[draft.pk]),
        "file_url": reverse("proposal_file", args=[draft.pk]),
        "people_url": reverse("people"),
    }


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


@login_required
def people(request):
    """Names that begin with what was typed, for the co-author field."""
    typed = asked(request.GET).get("q", "")
    found = (
        User.objects.filter(is_active=True, name_plain__icontains=typed).exclude(pk=request.user.pk)
        if len(typed) >= 2
        else User.objects.none()
    )
    return JsonResponse(
        {
            "people": [
                {"id": user.pk, "name": str(user), "unit": str(user.home_unit or "")}
                for user in found.select_related("home_unit")[:PEOPLE_SHOWN]
            ]
        }
    )
