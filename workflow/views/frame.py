"""What stands around an opened item: the list at left, its filters, and the way to the next."""

from django.core.signing import BadSignature, dumps, loads
from django.db.models import Exists, OuterRef, Q
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.addresses import asked
from accounts.models import Unit
from approvals.models import Seat
from innovations.models import Innovation

from ..inbox import filters_of, following_on_page, next_seat, page_of, query_of
from ..models import SavedView
from ..reader import ACTING, BY_NAME, BY_UNIT, DELEGATED, OWN, reader_of
from ..stages import stage_labels
from ..waiting import OTHERS, UNIT


def frame(request, reader=None):
    """The list at left with its views and filters, as the address asks for them."""
    items, cursor = page_of(request.user, request.GET, reader)
    wanted = filters_of(request.GET)
    owning = Innovation.objects.filter(owning_unit=OuterRef("pk"))
    units = list(Unit.objects.filter(Exists(owning)))
    return {
        "items": items,
        "next_cursor": cursor,
        "wanted": wanted,
        "query": query(request),
        "narrowed": _words_of(wanted, units),
        "views": [("", _("For me")), (OTHERS, _("For others")), (UNIT, _("My unit"))],
        "stages": stage_labels(),
        "capacities": _capacities(),
        "units": units,
        "saved": _saved(request, wanted),
        "undeclared": sum(item.undeclared for item in items),
        "batched": sum(item.may_be_batched for item in items),
    }


def _words_of(wanted, units):
    """The filters in words, for the line behind which they are folded."""
    names = {str(unit.pk): str(unit) for unit in units}
    found = [
        f"“{wanted['q']}”" if "q" in wanted else "",
        stage_labels().get(wanted.get("stage"), ""),
        names.get(wanted.get("unit"), ""),
        _capacities().get(wanted.get("capacity"), ""),
        _("late only") if "late" in wanted else "",
    ]
    return [words for words in found if words]


def query(request):
    """The filters and the place in the list, to be carried on in an address."""
    wanted = filters_of(request.GET)
    if cursor := asked(request.GET).get("cursor"):
        wanted["cursor"] = cursor
    return query_of(wanted)


def _capacities():
    return {
        OWN: _("My own office"),
        ACTING: _("An office I act for (Plt., Plh.)"),
        DELEGATED: _("Delegated to me (a.n.)"),
        BY_UNIT: _("My unit"),
        BY_NAME: _("By name"),
    }


def _saved(request, wanted):
    here = query_of(wanted)
    kept = SavedView.objects.filter(user=request.user)
    return [{"view": view, "open": view.query == here} for view in kept]


def template_of(request):
    """The whole page, or its right side alone where the list at left stays as it is."""
    return "workflow/_pane.html" if request.htmx else "workflow/inbox.html"


def act_address(request, code, seat):
    """The page of a seat, with the list that the reader came from."""
    carried = query(request)
    return reverse("act", args=[code, seat]) + (f"?{carried}" if carried else "")


def promise(request, seat, items):
    """What the page showed to go on with, sealed for its reader; empty where it cannot tell.

    The answer then comes back with it, and the list need not be looked through a second time.
    """
    following = following_on_page(items, seat, filters_of(request.GET))
    return dumps([following.code, following.id], salt=_salt(request)) if following else ""


def go_on(request, seat, reader=None):
    """To the next item of the list that the reader came from, or to the case."""
    following = _promised(request) or next_seat(
        reader or reader_of(request.user), seat, request.GET
    )
    if following:
        return redirect(act_address(request, following.case_code, following.pk))
    return redirect("case", Innovation.objects.get(cases__code=seat.case_code).code)


def _promised(request):
    """The seat that the page named, if it is still free."""
    try:
        code, pk = loads(request.POST.get("next", ""), salt=_salt(request))
    except BadSignature:
        return None
    free = Q(claimed_by__isnull=True) | Q(claimed_by=request.user)
    return Seat.objects.filter(free, case_code=code, pk=pk, state=Seat.State.OPEN).first()


def _salt(request):
    return f"next:{request.user.pk}"
