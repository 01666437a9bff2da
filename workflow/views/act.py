"""The page on which an official reads, fills in what the stage asks, and decides."""

from typing import Any

from csp.decorators import csp_update
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.texts import clean_text
from approvals.models import Seat, SignOff
from approvals.refusals import Busy, Changed, Claimed, Refused
from approvals.secretariat import is_secretary
from approvals.standing import group_of
from innovations.models import Innovation
from legal_basis.comparison import mark_edited, with_assembled
from legal_basis.drafting import current_instrument
from legal_basis.form_rules import findings_of

from ..access import visible_case
from ..decisions import NOTE_LENGTH, Act, InvalidRecord, decide, keep_record, take_up
from ..desk import answers_at, form_class_at, no_such_seat, read_at, seat_of, stage_of
from ..explaining import explain_stage, overall
from ..inbox import item_of
from ..locking import brief_transaction
from ..opening import undeclared_seat
from ..reader import reader_of
from ..remarks import remarks_of
from ..sealing import sealed_sections
from ..signed_content import earlier_answer, signed_sections
from .declare import ask_to_declare
from .frame import act_address, frame, go_on, promise, query, template_of

SECTIONS_TO_REMARK = ("identity", "design", "people", "evidence")


@login_required
def act(request, code, seat):
    """Read, fill in and decide one seat; a refused act keeps what was typed."""
    form, errors, status, seen = None, [], 200, request.POST.get("seen", "")
    if request.method == "POST":
        try:
            asked_here = _asked_here(code, seat)
            if _is_revised(request, asked_here):
                return redirect("revise", code)
            form = _sent_form(request, asked_here)
            return (_keep if "save" in request.POST else _decide)(request, asked_here, form)
        except ValidationError as error:
            errors, status = error.messages, 422
        except InvalidRecord:
            status = 422
        except Changed as refusal:
            # What this page shows is the new content: the next answer is about that.
            errors, status, seen = [refusal.sentence], refusal.status, ""
        except (Busy, Claimed) as refusal:
            errors, status = [refusal.sentence], refusal.status
        except Refused:
            # Whoever may not see the case learns nothing about it.
            visible_case(request.user, code)
            raise
    reader = reader_of(request.user)
    case = visible_case(request.user, code, reader.rights)
    found = seat_of(case, seat)
    if _is_revised(request, found):
        return redirect("revise", case.code)
    if first := undeclared_seat(request.user, case.innovation):
        return ask_to_declare(request, case, first, reader, status=status)
    form = form or _blank_form(request, case, found)
    context = _context(request, reader, case, found, form, seen) | {"errors": errors}
    shown: Any = _with_live_preview if context["live_preview"] else render
    return shown(request, template_of(request), context, status=status)


@csp_update({"frame-src": ["blob:"]})
def _with_live_preview(*args, **kwargs):
    """The page on which a draft is typed: its script shows a PDF that it was answered with."""
    return render(*args, **kwargs)


@login_required
@require_POST
def act_take_up(request, code, seat):
    """Let the others see that the reader works on this seat, or goes on in somebody's place."""
    case = visible_case(request.user, code)
    try:
        with brief_transaction():
            take_up(request.user, case.code, seat, take_over="over" in request.POST)
        messages.success(request, _("You have taken it up; the others see it."))
    except Claimed as refusal:
        messages.warning(request, refusal.sentence)
    return redirect(act_address(request, case.code, seat))


def _asked_here(code, seat):
    """The seat alone: what else there is to know of it, the act reads under the case's lock."""
    found = Seat.objects.filter(case_code=code, pk=seat).first()
    if found is None:
        raise no_such_seat()
    return found


def _is_revised(request, seat):
    """Whether it is the initiator's own work, which has a page of its own."""
    return seat.stage == "revision" and seat.person_id == request.user.pk


def _sent_form(request, seat):
    """The stage's form with what was typed, where the answer needs it."""
    outcome = "approve" if "save" in request.POST else request.POST.get("outcome", "")
    wanted = form_class_at(seat, outcome)
    if wanted is None:
        return None
    innovation = Innovation.objects.get(cases__code=seat.case_code)
    form = wanted(request.POST, request.FILES, innovation=innovation, actor=request.user)
    form.outcome = outcome
    # An attached file is looked at here, before anything is locked.
    form.is_valid()
    return form


def _blank_form(request, case, seat):
    """The stage's form as it is recorded."""
    form_class = form_class_at(seat)
    return form_class(innovation=case.innovation, actor=request.user) if form_class else None


def _keep(request, seat, form):
    """Keep the work of a stage that takes several sittings, and show it again."""
    with brief_transaction():
        _go_on_alone(request, seat)
        keep_record(request.user, seat.case_code, seat.pk, form)
    messages.success(request, _("Saved. Nothing is decided yet."))
    return redirect(act_address(request, seat.case_code, seat.pk))


def _decide(request, seat, form):
    typed = request.POST
    act_ = Act(
        outcome=typed.get("outcome", ""),
        note=clean_text(typed.get("note", ""), max_length=NOTE_LENGTH, field=_("Reason")),
        remarks=_remarks(typed),
        form=form,
        seen=typed.get("seen", ""),
    )
    with brief_transaction():
        _go_on_alone(request, seat)
        decision = decide(request.user, seat.case_code, seat.pk, act_)
    messages.success(request, _said(decision))
    return go_on(request, seat)


def _go_on_alone(request, seat):
    """Whoever was told that a colleague works on it, and answers all the same, takes it over."""
    if "over" in request.POST:
        take_up(request.user, seat.case_code, seat.pk, take_over=True)


def _remarks(typed):
    return [
        (key, clean_text(text, max_length=NOTE_LENGTH, field=_("Remark")))
        for key in SECTIONS_TO_REMARK
        if (text := typed.get(f"remark-{key}", "").strip())
    ]


def _said(decision):
    sign_off = decision.sign_off
    answer = answers_at(sign_off.seat).get(sign_off.outcome, sign_off.get_outcome_display())
    if decision.repeated:
        return _("You decided this already at %(time)s: %(answer)s. It counts once.") % {
            "time": formats.date_format(timezone.localtime(sign_off.decided_at), "H.i"),
            "answer": answer,
        }
    return _("%(code)s: your decision “%(answer)s” is recorded.") % {
        "code": sign_off.seat.case_code,
        "answer": answer,
    }


def _context(request, reader, case, seat, form, seen):
    node = stage_of(seat)
    reads = read_at(seat)
    sections, content = sealed_sections(case.innovation, reads)
    shown = [key for key in sections if key in reads]
    context = {} if request.htmx else frame(request, reader)
    return (
        context
        | {"following": promise(request, seat, context.get("items", ()))}
        | _standing(request, case, seat)
        | {
            "case": case,
            "seat": seat,
            "pane": "workflow/_act.html",
            "query": query(request),
            "item": item_of(reader, seat),
            "selected": seat.pk,
            "stage": node.name,
            "stage_label": node.task_title,
            "outcomes": answers_at(seat),
            "form": form,
            "can_save": node.kept and form is not None,
            "live_preview": reverse("draft_preview", args=[case.code, seat.pk])
            if node.kept and form is not None
            else "",
            **(_checked(case, form) if node.kept else {}),
            "sections": [sections[key] | {"key": key} for key in shown],
            "remarkable": [key for key in SECTIONS_TO_REMARK if key in shown],
            "seen": seen or content.digest,
            "note": request.POST.get("note", ""),
            "signoffs": SignOff.objects.filter(seat__process=case).select_related(
                "person", "seat", "lapse"
            ),
            "remarks": remarks_of(case),
            "preview": reverse("instrument_preview", args=[case.innovation.code])
            if "instrument" in reads
            else "",
            **_asked_again(request.user, seat, sections),
        }
    )


def _checked(case, form):
    """What breaks a rule of form, and what was edited by hand."""
    instrument = current_instrument(case.innovation)
    if form is not None and not form.is_bound:
        mark_edited(form, instrument)
    return {
        "findings": findings_of(instrument),
        "diffs": with_assembled(instrument) if instrument else [],
    }


def _standing(request, case, seat):
    """What the rules say of the reader here, and at the other seats of the stage."""
    person = request.user
    explained = explain_stage(person, case, seat)
    here = next(one for one in explained if one.seat.pk == seat.pk)
    answer, claimed = here.answer, here.answer.rule == "claimed"
    mine = here.seat.answer is not None and here.seat.answer.person_id == person.pk
    signed = here.seat.state == Seat.State.SIGNED and here.seat.task.finished is None
    shared = seat.unit_id is not None or group_of(seat).shares
    return {
        # What was typed before a colleague was seen to work on it stays in its fields.
        "allowed": answer.allowed or (claimed and request.method == "POST"),
        "claimed": claimed,
        "may_pause": answer.allowed or is_secretary(person),
        "why_not": answer if answer.rule in ("claimed", "over") else overall(explained),
        "explained": explained,
        "may_take_up": answer.allowed and shared and seat.claimed_by_id != person.pk,
        "may_take_back": mine and signed,
    }


def _asked_again(person, seat, sections):
    """What the reader, or whoever answered here before, had signed, and what differs now."""
    if seat.state != Seat.State.OPEN or (before := earlier_answer(person, seat)) is None:
        return {}
    signed = signed_sections(before, sections)
    return {"before": before, "changes": [one for one in signed if one.changed]}
