"""Asking the ledger, and the questions that are kept."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.addresses import asked
from accounts.views.submitting import kept

from ..auditors import check_reads
from ..forms import SearchNameForm
from ..saved_searches import delete_search, save_search, searches_of
from ..search import filters_of, page_of, query_of
from ..search_form import SearchForm
from ..telling import told


@login_required
@require_safe
def search(request):
    """The ledger by number, name, person, kind, time and amount, the newest entries first."""
    check_reads(request.user)
    return _page(request, SearchNameForm())


def _page(request, naming, status=200, query=None):
    wanted = filters_of(request.GET) if query is None else query
    form = SearchForm(wanted)
    cursor = asked(request.GET).get("cursor", "")
    found, cursor = page_of(form, cursor) if form.is_valid() else ([], "")
    context = {
        "form": form,
        "found": told(found),
        "next_cursor": cursor,
        "query": query_of(wanted),
        "saved": searches_of(request.user),
        "naming": naming,
        "wanted": wanted,
    }
    return render(request, "audit/search.html", context, status=status)


@login_required
@require_POST
def search_save(request):
    """Keep the question of the search page under a name."""
    check_reads(request.user)
    form = SearchNameForm(request.POST)
    if kept(form, lambda form: save_search(request.user, **form.cleaned_data)):
        messages.success(request, _("Saved as “%(name)s”.") % {"name": form.cleaned_data["name"]})
        return redirect(f"{reverse('audit')}?{form.cleaned_data['query']}")
    return _page(request, form, 422, filters_of(_query(request)))


def _query(request):
    return QueryDict(asked(request.POST).get("query", ""))


@login_required
@require_POST
def search_delete(request, pk):
    """Forget one of the person's own questions."""
    check_reads(request.user)
    with transaction.atomic():
        delete_search(request.user, pk)
    return redirect("audit")
