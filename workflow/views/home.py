"""The home page: what waits for me, how my own innovations fare, what I have begun."""

from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from innovations.models import Draft, Innovation
from legal_basis.issuing import awaiting

from ..aftermath import waiting_for
from ..home_panels import panels_for
from ..inbox import page_of
from ..models import Case
from ..reader import reader_of
from ..stages import stage_bar, stage_labels

SHOWN = 8
MOST_FOLLOW_UPS = 30


@login_required
def home(request):
    """What waits, in sentences; never a number alone."""
    reader = reader_of(request.user)
    waiting, more = page_of(request.user, {}, reader)
    panels = panels_for(reader)
    drafts = Draft.objects.filter(owner=request.user, submitted_at__isnull=True)
    context = {
        "waiting": waiting[:SHOWN],
        "more": len(waiting) > SHOWN or more,
        "mine": _own(request.user),
        "drafts": drafts[:SHOWN],
        "to_sign": awaiting(request.user),
        "holds_office": any(right.delegation is None for right in reader.rights),
        "follow_ups": waiting_for(reader.rights)[:MOST_FOLLOW_UPS],
        "panels": panels,
        "panels_wait": any(panel.get("waits") for panel in panels),
    }
    return render(request, "workflow/home.html", context)


def _own(user):
    cases = (
        Case.objects.filter(innovation__initiator=user)
        | Case.objects.filter(innovation__caretaker=user)
        | Case.objects.filter(innovation__participants__user=user)
    ).distinct()
    labels = stage_labels()
    return [
        {
            "code": case.innovation.code,
            "title": case.innovation.name,
            "url": reverse("case", args=[case.innovation.code]),
            "sentence": _sentence(case, labels),
            "stages": stage_bar(case),
            "status": case.innovation.status,
        }
        for case in cases.filter(code=F("innovation__code")).select_related("innovation")[:SHOWN]
    ]


def _sentence(case, labels):
    if case.finished:
        return Innovation.Status(case.innovation.status).label
    if case.stage == "revision":
        return _("Returned to you: read the remarks and resubmit.")
    return _("Now at: %(stage)s.") % {"stage": labels.get(case.stage, case.stage)}
