"""The page on which an official reads, fills in what the stage asks, and decides."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from approvals.models import Remark, SignOff
from approvals.refusals import Busy, Changed
from innovations.texts import clean_text
from legal_basis.comparison import edited_clauses

from ..access import visible_case
from ..content import covered_hash, sections_of
from ..decisions import (
    NOTE_LENGTH,
    Act,
    InvalidRecord,
    decide,
    explain,
    keep_record,
    seat_of,
    stage_of,
)
from ..inbox import item_of, next_seat, page_of, stage_labels
from ..locking import brief_transaction

SECTIONS_TO_REMARK = ("identity", "design", "people", "evidence")


@login_required
def inbox(request):
    """The list at left and the first item opened at right; stacked on a phone."""
    items, cursor = page_of(request.user, request.GET)
    context = {
        "items": items,
        "next_cursor": cursor,
        "stages": stage_labels(),
        "wanted": request.GET,
    }
    return render(request, "workflow/inbox.html", context)


@login_required
def act(request, code, seat):
    """Read, fill in and decide one seat; a refused act keeps what was typed."""
    case = visible_case(request.user, code)
    found = seat_of(case, seat)
    if found.stage == "revision" and found.person_id == request.user.pk:
        return redirect("revise", case.code)
    node = stage_of(found)
    form = _form(request, case, found, node)
    errors, status, seen = [], 200, request.POST.get("seen", "")
    if request.method == "POST":
        try:
            return (_keep if "save" in request.POST else _decide)(request, case, found, form)
        except ValidationError as error:
            errors, status = error.messages, 422
        except InvalidRecord:
            status = 422
        except Changed as refusal:
            # What this page shows is the new content: the next answer is about that.
            errors, status, seen = [refusal.sentence], refusal.status, ""
        except Busy as refusal:
            errors, status = [refusal.sentence], refusal.status
    context = _context(request, case, found, node, form, seen) | {"errors": errors}
    return render(request, "workflow/act.html", context, status=status)


def _form(request, case, seat, node):
    """The stage's form, bound where the answer needs it, else as recorded."""
    about = {"innovation": case.innovation, "actor": request.user}
    outcome = "approve" if "save" in request.POST else request.POST.get("outcome", "")
    if request.method == "POST" and (wanted := node.wants_form(seat.group, outcome)):
        form = wanted(request.POST, request.FILES, **about)
        form.outcome = outcome
        # An attached file is looked at here, before anything is locked.
        form.is_valid()
        return form
    form_class = node.form_class(seat.group)
    return form_class(**about) if form_class else None


def _keep(request, case, seat, form):
    """Keep the work of a stage that takes several sittings, and show it again."""
    with brief_transaction():
        keep_record(request.user, case.code, seat.pk, form)
    messages.success(request, _("Saved. Nothing is decided yet."))
    return redirect("act", case.code, seat.pk)


def _decide(request, case, seat, form):
    typed = request.POST
    act_ = Act(
        outcome=typed.get("outcome", ""),
        note=clean_text(typed.get("note", ""), max_length=NOTE_LENGTH, field=_("Reason")),
        remarks=_remarks(typed),
        form=form if form and form.is_bound else None,
        seen=typed.get("seen", ""),
    )
    with brief_transaction():
        decision = decide(request.user, case.code, seat.pk, act_)
    messages.success(request, _said(decision))
    following = next_seat(request.user, seat)
    if following:
        return redirect("act", following.case_code, following.pk)
    return redirect("case", case.innovation.code)


def _remarks(typed):
    return [
        (key, clean_text(text, max_length=NOTE_LENGTH, field=_("Remark")))
        for key in SECTIONS_TO_REMARK
        if (text := typed.get(f"remark-{key}", "").strip())
    ]


def _said(decision):
    sign_off = decision.sign_off
    answer = sign_off.seat.task.flow_task.outcomes.get(sign_off.outcome, sign_off.outcome)
    if decision.repeated:
        return _("You decided this already at %(time)s: %(answer)s. It counts once.") % {
            "time": formats.date_format(timezone.localtime(sign_off.decided_at), "H.i"),
            "answer": answer,
        }
    return _("%(code)s: your decision “%(answer)s” is recorded.") % {
        "code": sign_off.seat.case_code,
        "answer": answer,
    }


def _context(request, case, seat, node, form, seen):
    answer = explain(request.user, case, seat)
    sections = sections_of(case.innovation, node.covers)
    shown = [key for key in node.covers if key in sections]
    items, cursor = page_of(request.user, request.GET)
    return {
        "case": case,
        "seat": seat,
        "item": item_of(request.user, seat),
        "items": items,
        "next_cursor": cursor,
        "selected": seat.pk,
        "stages": stage_labels(),
        "wanted": request.GET,
        "stage": node.name,
        "stage_label": node.task_title,
        "outcomes": node.outcomes,
        "allowed": answer.allowed,
        "why_not": answer.sentence,
        "form": form,
        "can_save": node.kept and form is not None,
        "diffs": edited_clauses(case.innovation) if node.kept else [],
        "template": form.template_name_stage if form else f"workflow/stages/{node.name}.html",
        "sections": [sections[key] | {"key": key} for key in shown],
        "remarkable": [key for key in SECTIONS_TO_REMARK if key in shown],
        "seen": seen or covered_hash(sections, node.covers),
        "note": request.POST.get("note", ""),
        "signoffs": SignOff.objects.filter(seat__process=case).select_related("person", "seat"),
        "remarks": Remark.objects.filter(sign_off__seat__process=case, resolved_at__isnull=True),
        "preview": reverse("instrument_preview", args=[case.innovation.code])
        if "instrument" in node.covers
        else "",
    }
