"""Declaring interests before the content opens, for one item or several; stepping back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.addresses import number
from approvals.models import Seat
from approvals.refusals import Refused
from innovations.models import ConflictDeclaration

from ..access import visible_case
from ..announcements import initiators_of
from ..declarations import declare, hints, must_declare
from ..desk import seat_of
from ..explaining import explain_seat
from ..hints import hints_for
from ..inbox import PAGE, item_of, undeclared_of_page
from ..locking import brief_transaction
from ..models import Case
from ..reader import reader_of
from ..recusals import what_followed
from ..stages import stage_labels
from .frame import act_address, frame, go_on, query, template_of

Kind = ConflictDeclaration.Kind


@login_required
def declare_interests(request, code, seat):
    """Say whether one has a conflict of interest at a seat that one may sign, or step back."""
    reader = reader_of(request.user)
    case = visible_case(request.user, code, reader.rights)
    found = seat_of(case, seat)
    if request.method != "POST":
        if explain_seat(request.user, case, found).rule not in ("allowed", "claimed"):
            return redirect(act_address(request, case.code, found.pk))
        return ask_to_declare(request, case, found, reader)
    kind = request.POST.get("kind", "")
    try:
        with brief_transaction():
            declare(
                request.user,
                case.code,
                found.pk,
                kind=kind,
                sentence=request.POST.get(f"sentence-{kind}", ""),
            )
    except ValidationError as error:
        return ask_to_declare(request, case, found, reader, errors=error.messages, status=422)
    if kind != Kind.RECUSE:
        return redirect(act_address(request, case.code, found.pk))
    left = _("You have stepped back from “%(title)s”.") % {"title": found.case_title}
    messages.success(request, f"{left} {what_followed(case, found)}")
    return go_on(request, found, reader)


def ask_to_declare(request, case, seat, reader, *, errors=(), status=200):
    """What one may know before declaring: title, people, unit, and what the system points out."""
    context = {} if request.htmx else frame(request, reader)
    context |= {
        "case": case,
        "seat": seat,
        "pane": "workflow/_declare.html",
        "query": query(request),
        "item": item_of(reader, seat),
        "selected": seat.pk,
        "stage_label": stage_labels().get(seat.stage, seat.stage),
        "initiators": initiators_of(case),
        "hints": hints(request.user, case),
        "first": must_declare(request.user, case.innovation, seat),
        "typed": request.POST,
        "errors": errors,
    }
    return render(request, template_of(request), context, status=status)


@login_required
def declare_several(request):
    """Declare at once that one has no conflict in several waiting items; the others singly."""
    told, refused = 0, []
    if request.method == "POST":
        told, refused = _declare_none(request)
    reader = reader_of(request.user)
    seats, cursor = undeclared_of_page(reader, request.GET)
    rows = _rows(request.user, seats)
    context = {
        "clear": [row for row in rows if not row["hints"]],
        "hinted": [row for row in rows if row["hints"]],
        "first": rows[0]["seat"] if rows else None,
        "next_cursor": cursor,
        "query": query(request),
        "errors": refused,
    }
    if told:
        sentence = ngettext(
            "You declared no conflict of interest in %(count)s innovation.",
            "You declared no conflict of interest in %(count)s innovations.",
            told,
        )
        messages.success(request, sentence % {"count": told})
        if not rows and not refused:
            return redirect(f"{reverse('inbox')}?{query(request)}")
    return render(request, "workflow/declarations.html", context, status=422 if refused else 200)


def _declare_none(request):
    """Each in a transaction of its own; how many were kept, and why others were not."""
    numbers = [number(text) for text in request.POST.getlist("seat")]
    visible = Case.objects.visible_to(request.user).order_by().values("pk")
    seats = Seat.objects.filter(pk__in=[pk for pk in numbers if pk], process__in=visible)
    told, refused = 0, [] if numbers else [_("Choose at least one innovation.")]
    for seat in seats[:PAGE]:
        try:
            with brief_transaction():
                declare(request.user, seat.case_code, seat.pk, kind=Kind.NONE)
            told += 1
        except (Refused, ValidationError) as error:
            said = error.sentence if isinstance(error, Refused) else " ".join(error.messages)
            refused.append(f"{seat.case_title}: {said}")
    return told, refused


def _rows(person, seats):
    cases = Case.objects.select_related("innovation__owning_unit", "innovation__initiator")
    found = cases.in_bulk({seat.process_id for seat in seats})
    pointed_out = hints_for(person, found.values())
    labels = stage_labels()
    return [
        {
            "seat": seat,
            "innovation": found[seat.process_id].innovation,
            "stage_label": labels.get(seat.stage, seat.stage),
            "hints": pointed_out[seat.process_id],
        }
        for seat in seats
    ]
