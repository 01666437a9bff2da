"""Who must sign what: the policies of all stages, their versions, and how one is changed."""

from dataclasses import asdict

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.addresses import number
from accounts.offices import today
from accounts.rights import may_appoint
from approvals.models import SignOffPolicy
from approvals.policy_versions import check_governs, dials_of, version_in_use

from ..feasibility import warnings_today
from ..locking import brief_transaction
from ..policy_changes import approve_version, check_stage, propose_version, refuse_version
from ..policy_entries import entries_from, entries_of, posted_of, rearrange
from ..policy_form import PolicyForm
from ..policy_pages import stage_lines, version_lines
from ..policy_words import Names, differences, policy_rows
from ..rehearsal_cases import rehearse_version
from ..rehearsal_words import rehearsal_lines

Status = SignOffPolicy.Status


@login_required
@require_safe
def policies(request):
    """Every stage with the policy in use, in sentences, and the proposals that wait."""
    check_governs(request.user)
    context = {"journeys": stage_lines(Names()), "administers": may_appoint(request.user)}
    return render(request, "workflow/policies/list.html", context)


@login_required
@require_safe
def policy_stage(request, stage):
    """A stage: the version in use, all versions with their story, any two of them compared."""
    names = _entered(request, stage)
    lines = version_lines(stage)
    used = next((line for line in lines if line.in_use), None)
    context = _stage(stage, names) | {
        "lines": lines,
        "used": used,
        "rows": policy_rows(used.policy, names) if used else {},
        "compared": _compared(request, [line.policy for line in lines], names),
    }
    return render(request, "workflow/policies/stage.html", context)


def _compared(request, versions, names):
    """The two versions that the address names and what differs; nothing unless it names two."""
    asked = [number(request.GET.get(name, "")) for name in ("a", "b")]
    old, new = (next((v for v in versions if v.version == one), None) for one in asked)
    if old is None or new is None:
        return None
    return {"old": old, "new": new, "changes": differences(old, new, names)}


@login_required
def policy_new(request, stage):
    """Write a new version: fill in, look at what it would have done, propose."""
    names = _entered(request, stage)
    if request.method != "POST":
        return _editor(request, PolicyForm(_begun(request, stage), stage, names))
    entries = entries_from(request.POST)
    if "do" in request.POST:
        focus = rearrange(entries, request.POST["do"])
        return _editor(request, PolicyForm(entries, stage, names), focus=focus)
    if "change" in request.POST:
        return _editor(request, PolicyForm(entries, stage, names))
    form = PolicyForm(entries, stage, names, checked=True)
    if not form.is_valid():
        return _editor(request, form, status=422)
    if "propose" not in request.POST:
        return _preview(request, form, entries)
    try:
        with brief_transaction():
            policy = propose_version(
                request.user, stage, form.dials, reason=form.cleaned_data["reason"]
            )
    except ValidationError as error:
        form.add_error(None, error.messages)
        return _editor(request, form, status=422)
    messages.success(
        request,
        _("Version %(version)s is proposed. The other administrators have been told.")
        % {"version": policy.version},
    )
    return redirect("policy_version", stage, policy.version)


def _begun(request, stage):
    """The version to start from: the one in the address, or the one in use."""
    asked = number(request.GET.get("from", ""))
    found = SignOffPolicy.objects.filter(stage=stage, version=asked or 0).first()
    found = found or version_in_use(stage) or SignOffPolicy(stage=stage, working_days=5, groups=[])
    return entries_of(dials_of(found))


def _editor(request, form, *, focus="", status=200):
    used = version_in_use(form.stage)
    context = _stage(form.stage, form.names) | {
        "form": form,
        "focus": focus,
        "used": used,
        "rows": policy_rows(used, form.names) if used else {},
    }
    return render(request, "workflow/policies/editor.html", context, status=status)


def _preview(request, form, entries):
    """The version in sentences, what differs, and what it would have done; nothing is written."""
    policy = SignOffPolicy(stage=form.stage, **asdict(form.dials))
    context = _stage(form.stage, form.names) | _judged(request, policy, form.names)
    context |= {"reason": form.cleaned_data["reason"], "posted": list(posted_of(entries))}
    return render(request, "workflow/policies/preview.html", context)


@login_required
def policy_version(request, stage, version):
    """One version; a proposal is approved or refused here, by somebody else than its proposer."""
    names = _entered(request, stage)
    policy = get_object_or_404(
        SignOffPolicy.objects.select_related("proposed_by", "decided_by"),
        stage=stage,
        version=version,
    )
    errors, reason = [], request.POST.get("reason", "")
    if request.method == "POST":
        try:
            return _decided(request, policy, reason)
        except ValidationError as error:
            errors = error.messages
    waits = policy.status == Status.PROPOSED
    line = next(line for line in version_lines(stage) if line.policy == policy)
    context = _stage(stage, names) | {
        "line": line,
        "policy": policy,
        "waits": waits,
        "mine": policy.proposed_by_id == request.user.pk,
        "errors": errors,
        "reason": reason,
        "rows": policy_rows(policy, names),
    }
    if waits:
        context |= _judged(request, policy, names)
    status = 422 if errors else 200
    return render(request, "workflow/policies/version.html", context, status=status)


def _decided(request, policy, reason):
    with brief_transaction():
        if "approve" in request.POST:
            approve_version(request.user, policy)
            said = _("Version %(version)s is in use for new cases. Its proposer has been told.")
        else:
            refuse_version(request.user, policy, reason=reason)
            said = _("Version %(version)s is refused.")
    messages.success(request, said % {"version": policy.version})
    return redirect("policy_stage", policy.stage)


def _judged(request, policy, names):
    """What somebody looks at who proposes or approves a version."""
    used = version_in_use(policy.stage)
    return {
        "used": used,
        "changes": differences(used, policy, names),
        "warnings": warnings_today(policy.stage, dials_of(policy), names, today()),
        "rehearsal": rehearsal_lines(request.user, rehearse_version(policy, names)),
    }


def _entered(request, stage):
    check_governs(request.user)
    check_stage(stage)
    return Names()


def _stage(stage, names):
    return {"stage": stage, "stage_label": names.stages[stage]}
