"""The case page, the list of cases, and the files and pictures that belong to a case."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from accounts.models import Unit
from approvals.models import Remark
from approvals.refusals import NotFound
from innovations.models import Evidence, Innovation
from legal_basis import drafting, jobs
from legal_basis.models import Instrument

from ..access import visible_case
from ..content import section_hashes, sections_of
from ..decisions import explain_all, withdraw
from ..diagram import svg_of
from ..dossier import dossier_of
from ..inbox import stage_labels
from ..issuing import may_retry, retry_issuing
from ..listing import page_of_cases
from ..models import Case, LastLook
from ..stages import stage_bar
from ..timeline import timeline_of

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
    sections = sections_of(case.innovation)
    hashes = section_hashes(sections)
    changed = _changed_since_last_look(request.user, case, hashes)
    asked, why_not = _asked(request.user, dossier)
    context = {
        "case": case,
        "stages": stage_bar(case),
        "stage_label": stage_labels().get(case.stage, ""),
        "asked": asked,
        "why_not": why_not,
        "sections": [
            section | {"key": key, "changed": key in changed} for key, section in sections.items()
        ],
        "changes": [sections[key]["title"] for key in changed if key in sections],
        "signoffs": _sign_offs(dossier.sign_offs),
        "remarks": Remark.objects.filter(
            sign_off__in=dossier.sign_offs, resolved_at__isnull=True
        ).select_related("sign_off"),
        "timeline": timeline_of(dossier),
        "files": _files(case),
        "instrument": _instrument(case, request.user),
        "diagram": reverse("case_diagram", args=[case.code]),
        "can_withdraw": _can_withdraw(request.user, case),
    }
    return render(request, "workflow/case.html", context)


def _changed_since_last_look(user, case, hashes):
    look = LastLook.objects.filter(user=user, case=case).first()
    if look and look.hashes == hashes:
        return []
    LastLook.objects.update_or_create(user=user, case=case, defaults={"hashes": hashes})
    return [key for key in hashes if look and look.hashes.get(key) != hashes[key]]


def _asked(user, dossier):
    """What the reader can do now, or for each open seat why not."""
    asked: list[dict] = []
    why_not: list[dict] = []
    seats = dossier.open_seats
    for seat, answer in zip(seats, explain_all(user, dossier.innovation, seats), strict=True):
        line = {
            "stage_label": stage_labels().get(seat.stage, seat.stage),
            "seat": seat,
            "holder": seat.holder_label,
            "due": seat.due,
            "sentence": answer.sentence,
            "url": reverse("act", args=[seat.case_code, seat.pk]),
        }
        (asked if answer.allowed else why_not).append(line)
    return asked, why_not


def _sign_offs(sign_offs):
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
    }


def _can_withdraw(user, case):
    return user.pk == case.innovation.initiator_id and not case.finished


@login_required
def case_diagram(request, code):
    """The flow as a picture, with the places the case has been and stands at."""
    case = visible_case(request.user, code)
    return HttpResponse(svg_of(case), content_type="image/svg+xml")


@login_required
def evidence(request, pk):
    """One file of a case, always as a download: nothing of the user's runs in our origin."""
    visible = Case.objects.visible_to(request.user).values("innovation")
    document = get_object_or_404(
        Evidence.objects.select_related("file"), pk=pk, innovation__in=visible
    )
    response = FileResponse(
        document.file.open(),
        as_attachment=True,
        filename=document.name,
        content_type=document.file.media_type,
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@login_required
@xframe_options_sameorigin
def instrument_preview(request, code):
    """The decree as it will be, marked as a draft; the issued one as it is."""
    case = visible_case(request.user, code)
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


@login_required
def withdraw_case(request, code):
    """The initiator's page for taking the innovation back, with a reason."""
    case = visible_case(request.user, code)
    errors, reason = [], request.POST.get("reason", "")
    if request.method == "POST":
        try:
            with transaction.atomic():
                withdraw(request.user, case.code, reason)
            return redirect("case", case.code)
        except ValidationError as error:
            errors = error.messages
    context = {"case": case, "errors": errors, "reason": reason}
    return render(request, "workflow/withdraw.html", context, status=422 if errors else 200)
