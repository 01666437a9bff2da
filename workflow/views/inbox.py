"""The inbox: its views and filters, those that a person keeps, and several approvals in one go."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.addresses import asked, number

from ..batches import Chosen, approve_all, preview
from ..inbox import filters_of, seats_of_page
from ..middleware import keep_refusal
from ..models import SavedView
from ..reader import reader_of
from ..saved_views import MOST, delete_view, rename_view, save_view
from .frame import frame, query


@login_required
def inbox(request):
    """The list at left and the first item opened at right; stacked on a phone."""
    return render(request, "workflow/inbox.html", frame(request))


# ---- views that a person keeps ----


@login_required
def saved_views(request):
    """The person's own views to rename and delete; a POST keeps the filters of an address."""
    errors, typed = [], {}
    if request.method == "POST":
        typed = asked(request.POST)
        try:
            with transaction.atomic():
                view = save_view(request.user, typed.get("name", ""), typed)
            messages.success(request, _("Saved as “%(name)s”.") % {"name": view.name})
            return redirect(f"{reverse('inbox')}?{view.query}")
        except ValidationError as error:
            errors = error.messages
    context = {"kept": request.user.saved_views.all(), "most": MOST}
    context |= {"errors": errors, "typed": typed, "wanted": filters_of(typed)}
    return render(request, "workflow/saved_views.html", context, status=422 if errors else 200)


@login_required
@require_POST
def saved_view(request, pk):
    """Rename or delete one of the person's own views."""
    typed = asked(request.POST)
    try:
        with transaction.atomic():
            if "delete" in typed:
                delete_view(request.user, pk)
            else:
                rename_view(request.user, pk, typed.get("name", ""))
        return redirect("saved_views")
    except SavedView.DoesNotExist:
        messages.error(request, _("This view is no longer there."))
        return redirect("saved_views")
    except ValidationError as error:
        context = {"kept": request.user.saved_views.all(), "most": MOST, "errors": error.messages}
        context |= {"renamed": pk, "typed": typed}
        return render(request, "workflow/saved_views.html", context, status=422)


# ---- several approvals in one go ----


@login_required
def batch(request):
    """What of a page of the inbox may be approved in one go, what not and why; then do it."""
    results, errors = [], []
    if request.method == "POST":
        try:
            results = approve_all(request.user, _chosen(request.POST))
        except ValidationError as error:
            errors = error.messages
        for result in results:
            if result.about_rights:
                keep_refusal(request, result.code, result.sentence)
    reader = reader_of(request.user)
    seats, cursor = seats_of_page(reader, {**request.GET.dict(), "view": ""})
    candidates = preview(request.user, seats)
    context = {
        "ready": [one for one in candidates if not one.reason],
        "excluded": [one for one in candidates if one.reason],
        "next_cursor": cursor,
        "query": query(request),
        "results": results,
        "errors": errors,
    }
    return render(request, "workflow/batch.html", context, status=422 if errors else 200)


def _chosen(typed):
    numbers = [number(text) for text in typed.getlist("seat")]
    return [Chosen(pk, typed.get(f"seen-{pk}", "")) for pk in numbers if pk]
