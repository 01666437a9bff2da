"""The page of one instrument among the others, and that of what has to be followed up."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from legal_basis.anatomy import sources_of
from legal_basis.models import Consequence, Instrument, Publication
from legal_basis.standing import standing_of
from planning.models import ActionItem, Commitment

from ..aftermath import close_consequence, consequences_visible_to, may_close, stipulated_by
from ..further import may_begin
from ..locking import brief_transaction
from ..models import Case
from ..opening import check_opened
from ..relation_graph import picture_of, shortened
from ..umbrella import connections_of, instruments_visible_to


@login_required
def instrument(request, token):
    """Its state, what it does and suffers, what it rests on and what rests on it."""
    visible = instruments_visible_to(request.user)
    found = get_object_or_404(visible.select_related("innovation", "document"), token=token)
    check_opened(request.user, found.innovation)
    standing = standing_of(found)
    links = connections_of(found, request.user)
    here = (shortened(found.number or _("Draft")), shortened(standing.label), standing.tone)
    context = {
        "instrument": found,
        "issued": found.status == Instrument.Status.ISSUED,
        "standing": standing,
        **links,
        "picture": picture_of(here, links["does"], links["suffers"]),
        "sources": [source.citation() for source in sources_of(found)],
        "innovations": _innovations(found, request.user),
        "copies": found.copies.all(),
        "publication": Publication.objects.filter(instrument=found).first(),
        "consequences": _consequences(found),
        "may_begin": standing.in_force and may_begin(request.user, found.innovation),
    }
    return render(request, "workflow/instrument.html", context)


def _innovations(found, user):
    """What it stipulates, with the promise and the plan that rest on it."""
    stipulated = stipulated_by(found) if found.purpose == Instrument.Purpose.STIPULATE else []
    seen = Case.objects.visible_to(user).filter(innovation__in=stipulated)
    visible = set(seen.values_list("innovation", flat=True))
    promised = Commitment.objects.filter(innovation__in=stipulated).in_bulk(
        field_name="innovation_id"
    )
    active = ActionItem.objects.filter(
        innovation__in=stipulated, status=ActionItem.Status.ACTIVE
    ).in_bulk()
    planned = {item.innovation_id: item for item in active.values()}
    return [
        {
            "innovation": one,
            "url": reverse("case", args=[one.code]) if one.pk in visible else "",
            "commitment": promised.get(one.pk),
            "item": planned.get(one.pk),
        }
        for one in stipulated
    ]


def _consequences(found):
    rows = Consequence.objects.filter(cause=found) | Consequence.objects.filter(target=found)
    return rows.select_related("office", "closed_by", "cause")


@login_required
def consequence(request, pk):
    """What has to be looked after, why, and by whom; closed with a sentence on what was done."""
    row = get_object_or_404(consequences_visible_to(request.user), pk=pk)
    errors, outcome = [], request.POST.get("outcome", "")
    if request.method == "POST":
        try:
            with brief_transaction():
                close_consequence(request.user, row.pk, outcome)
            messages.success(request, _("It is closed; what was done is on the record."))
            return redirect("home")
        except ValidationError as error:
            errors = error.messages
    seen = set(
        instruments_visible_to(request.user)
        .filter(pk__in=[row.cause_id, row.target_id])
        .values_list("pk", flat=True)
    )
    context = {
        "row": row,
        "errors": errors,
        "outcome": outcome,
        "may_close": row.closed_at is None and may_close(request.user, row),
        "may_open": row.target_id in seen,
        "standing": standing_of(row.target),
    }
    return render(request, "workflow/consequence.html", context, status=422 if errors else 200)
