"""What the public reads without a login: the list of instruments, and the legal network's feed."""

from django.http import StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import condition, require_safe

from accounts.addresses import asked

from .. import jdihn
from ..freshness import etag_of, last_modified
from ..models import Instrument
from ..public_list import page_of_instruments, years
from ..public_state import FILTERS

FILTER_NAMES = ("q", "kind", "year", "state")


@require_safe
def instruments(request):
    """Issued instruments, the newest first, with what has become of each."""
    rows, cursor = page_of_instruments(request.GET)
    wanted = asked(request.GET)
    context = {
        "rows": rows,
        "next_cursor": cursor,
        "wanted": wanted,
        "filtered": any(wanted.get(name) for name in FILTER_NAMES),
        "kinds": Instrument.Kind.choices,
        "years": [str(year) for year in years()],
        "states": FILTERS,
    }
    return render(request, "legal_basis/public_list.html", context)


@require_safe
@condition(etag_func=etag_of, last_modified_func=last_modified)
def jdih_feed(request):
    """Everything published, as the national legal network reads it."""
    return StreamingHttpResponse(jdihn.feed(), content_type="application/json")
