"""What stands around an opened item: the list at left, its filters, and the way to the next."""

from django.db.models import Exists, OuterRef
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.addresses import asked
from accounts.models import Unit
from innovations.models import Innovation

from ..inbox import filters_of, next_seat, page_of, query_of
from ..models import SavedView
from ..reader import ACTING, BY_NAME, BY_UNIT, DELEGATED, OWN
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


def go_on(request, reader, case, seat):
    """To the next item of the list that the reader came from, or to the case."""
    following = next_seat(reader, seat, request.GET)
    if following:
        return redirect(act_address(request, following.case_code, following.pk))
    return redirect("case", case.innovation.code)
