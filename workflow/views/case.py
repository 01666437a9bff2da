"""The case page, the list of cases, and the files and pictures that belong to a case."""

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from accounts.files.serving import download
from accounts.models import Unit
from approvals.refusals import NotFound
from approvals.secretariat import is_secretary
from innovations.models import Evidence, Innovation
from legal_basis import drafting, jobs
from legal_basis.models import Instrument

from ..access import visible_case
from ..announcements import initiators_of
from ..content import section_hashes, sections_of
from ..diagram import svg_of
from ..dossier import dossier_of
from ..due_dates import due_stories
from ..explaining import explain_open, overall, standings_of
from ..issuing import may_retry, retry_issuing
from ..listing import page_of_cases
from ..models import Case, LastLook
from ..opening import check_opened, opened_case
from ..remarks import remarks_of
from ..stages import stage_bar, stage_labels
from ..timeline import timeline_of
from .case_panels import mending_of, take_back_address

SECTION_ORDER = ("identity", "design", "people", "evidence")


@login_required
def case_list(request):
    """The cases this person may see, the newest movement first."""
    rows, cursor = page_of_cases(request.user, request.GET)
    context = {
        "cases": rows,
        "next_cursor": cursor,
        "stages": stage_labels(),
        "units": Unit.objects.filter(innovations__isnull=False).distinct(),
        "statuses": Innovation.Status.choices,
        "wanted": request.GET,
    }
    return render(request, "workflow/cases.html", context)


@login_required
def case_page(request, code):
    """Everything about one innovation, and what is asked of the reader now."""
    dossier = dossier_of(request.user, code)
    case = dossier.case
    if case.code != case.innovation.code:
        return redirect("case", case.innovation.code)
    if any(seat.policy.declares_conflict for seat in dossier.open_seats):
        check_opened(request.user, case.innovation)
    sections = sections_of(case.innovation)
    hashes = section_hashes(sections)
    changed = _changed_since_last_look(request.user, case, hashes)
    standings = standings_of(dossier)
    asked, why_not, overall_answer = _asked(request.user, dossier, standings)
    context = {
        "case": case,
        "stages": stage_bar(case),
        "stage_label": stage_labels().get(case.stage, ""),
        "asked": asked,
        "why_not": why_not,
        "overall": overall_answer,
        **mending_of(request.user, case, standings),
        "sections": [
            section | {"key": key, "changed": key in changed} for key, section in sections.items()
        ],
        "changes": [sections[key]["title"] for key in changed if key in sections],
        "signoffs": _sign_offs(request.user, dossier.sign_offs),
        "remarks": remarks_of(case),
        "may_answer": case.stage == "revision" and request.user in initiators_of(case),
        "timeline": timeline_of(dossier),
        "files": _files(case),
        "instrument": _instrument(case, request.user),
        "diagram": reverse("case_diagram", args=[case.code]),
        "can_withdraw": _can_withdraw(request.user, case),
        "may_pause": bool(asked) or (bool(why_not) and is_secretary(request.user)),
    }
    return render(request, "workflow/case.html", context)


def _changed_since_last_look(user, case, hashes):
    look = LastLook.objects.filter(user=user, case=case).first()
    if look and look.hashes == hashes:
        return []
    LastLook.objects.update_or_create(user=user, case=case, defaults={"hashes": hashes})
    return [key for key in hashes if look and look.hashes.get(key) != hashes[key]]


def _asked(user, dossier, standings):
    """What the reader can do now, or for each open seat why not, and the one answer over all."""
    explained = explain_open(user, standings)
    asked: list[dict] = []
    why_not: list[dict] = []
    stories = due_stories(dossier.open_seats, pauses=dossier.pauses, changes=dossier.due_changes)
    for one in explained:
        seat, answer = one.seat, one.answer
        line = {
            "stage_label": stage_labels().get(seat.stage, seat.stage),
            "seat": seat,
            "holder": seat.holder_label,
            "story": stories.get(seat.pk),
            "sentence": answer.sentence,
            "url": reverse("act", args=[seat.case_code, seat.pk]),
        }
        (asked if answer.allowed else why_not).append(line)
    return asked, why_not, overall(explained)


def _sign_offs(user, sign_offs):
    labels = stage_labels()
    return [
        {
            "person": sign_off.person,
            "capacity": sign_off.capacity,
            "basis": sign_off.basis,
            "stage_label": labels.get(sign_off.seat.stage, ""),
            "outcome": sign_off.outcome,
            "outcome_label": sign_off.get_outcome_display(),
            "when": sign_off.decided_at,
            "note": sign_off.note,
            "lapse": getattr(sign_off, "lapse", None),
            "url": reverse("signature", args=[sign_off.seat.case_code, sign_off.pk]),
            "take_back": take_back_address(user, sign_off),
        }
        for sign_off in sign_offs
    ]


def _files(case):
    documents = Evidence.objects.filter(innovation=case.innovation, removed_at__isnull=True)
    return [
        {
            "name": document.title,
            "kind": document.get_kind_display(),
            "document_number": document.document_number,
            "document_date": document.document_date,
            "size": document.file.size,
            "sha256": document.file.sha256,
            "url": reverse("evidence", args=[document.pk]),
        }
        for document in documents.select_related("file")
    ]


def _instrument(case, user):
    instrument = Instrument.objects.filter(innovation=case.innovation).first()
    if instrument is None:
        return None
    issued = instrument.status == Instrument.Status.ISSUED
    return {
        "number": instrument.number,
        "title": instrument.title,
        "status": instrument.status,
        "status_label": instrument.get_status_display(),
        "failure": instrument.failure,
        "can_retry": may_retry(user, instrument),
        "preview": reverse("instrument_preview", args=[case.code]),
        "verify": reverse("verify", args=[instrument.token]) if issued else "",
        "document": reverse("verify_document", args=[instrument.token]) if issued else "",
        "copies": reverse("copies", args=[instrument.token]) if issued else "",
    }


def _can_withdraw(user, case):
    return user.pk == case.innovation.proposer.pk and not case.finished


@login_required
def case_diagram(request, code):
    """The flow as a picture, with the places the case has been and stands at."""
    case = visible_case(request.user, code)
    return HttpResponse(svg_of(case), content_type="image/svg+xml")


@login_required
def evidence(request, pk):
    """One file of a case, as a download."""
    visible = Case.objects.visible_to(request.user).values("innovation")
    document = get_object_or_404(
        Evidence.objects.select_related("file", "innovation"), pk=pk, innovation__in=visible
    )
    check_opened(request.user, document.innovation)
    return download(document.file, document.name)


@login_required
@xframe_options_sameorigin
def instrument_preview(request, code):
    """The decree as it will be, marked as a draft; the issued one as it is."""
    case = opened_case(request.user, code)
    instrument = drafting.current_instrument(case.innovation)
    if instrument is None:
        raise NotFound(_("There is no draft of an instrument yet."))
    pdf = jobs.shown_pdf(instrument)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{case.code}.pdf"'
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'self'"
    return response


@login_required
@require_POST
def instrument_retry(request, code):
    """Let the worker try again with the same number after a failure."""
    case = visible_case(request.user, code)
    with transaction.atomic():
        retry_issuing(request.user, case.code)
    return redirect("case", case.code)
