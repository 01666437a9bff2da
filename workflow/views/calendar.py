"""The calendar that every due date goes by, and the decrees that change it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Unit
from approvals.calendar import newest_token
from approvals.decrees import RIGHT, check_right, preview, whole_calendar
from approvals.models import CalendarDecree, DueChange

from ..calendar_changes import enter_decree
from ..calendar_forms import DecreeForm
from ..calendar_year import FIRST_YEAR, LAST_YEAR, chosen_year, year_of
from ..locking import brief_transaction

SHOWN = 30


@login_required
@require_safe
def calendar(request):
    """A year for everybody or for one unit: holidays, leave, and what decrees have changed."""
    year = chosen_year(request.GET.get("year", ""))
    units = list(Unit.objects.all())
    unit = next((one for one in units if one.code == request.GET.get("unit")), None)
    working, number = whole_calendar(), unit.pk if unit else None
    months = year_of(year, working, number)
    context = {
        "year": year,
        "years": [one for one in (year - 1, year, year + 1) if FIRST_YEAR <= one <= LAST_YEAR],
        "units": units,
        "unit": unit,
        "week": working.week(months[-1].first, number),
        "months": months,
        "weekdays": [cell and cell.day for cell in months[0].weeks[1]],
        "working_days": sum(month.working_days for month in months),
        "decrees": CalendarDecree.objects.select_related("entered_by")[:SHOWN],
        "may_change": request.user.has_perm(RIGHT),
    }
    return render(request, "workflow/calendar/year.html", context)


@login_required
@require_safe
def decree(request, pk):
    """One decree: what it declares, and which due dates it has moved."""
    found = get_object_or_404(CalendarDecree.objects.select_related("entered_by"), pk=pk)
    moves = DueChange.objects.filter(decree=found).order_by("before", "after")
    context = {
        "decree": found,
        "days": found.days.select_related("unit"),
        "weeks": found.weeks.select_related("unit"),
        "moves": moves.values("before", "after").annotate(count=Count("pk")),
    }
    return render(request, "workflow/calendar/decree.html", context)


@login_required
def decree_new(request):
    """Enter a decree: fill in, look at the due dates it moves, confirm."""
    check_right(request.user)
    form = DecreeForm(request.POST or None)
    if request.method != "POST":
        return _form(request, form)
    if not form.is_valid():
        return _form(request, form, status=422)
    if "change" in request.POST:
        return _form(request, form)
    seen = str(newest_token() or "")
    if "confirm" in request.POST and request.POST.get("seen") == seen:
        return _enter(request, form)
    return _preview(request, form, seen)


def _form(request, form, status=200):
    return render(request, "workflow/calendar/new.html", {"form": form}, status=status)


def _preview(request, form, seen):
    """What the decree would move; a confirmation of what has changed meanwhile comes here too."""
    asked_again = "confirm" in request.POST
    context = {
        "decree": form.decree(),
        "preview": preview(form.decree()),
        "posted": [(name, value) for name, value in request.POST.items() if name not in OURS],
        "seen": seen,
        "asked_again": asked_again,
    }
    status = 409 if asked_again else 200
    return render(request, "workflow/calendar/preview.html", context, status=status)


# What the pages add to the fields of the form.
OURS = {"csrfmiddlewaretoken", "seen", "confirm", "change", "preview"}


def _enter(request, form):
    try:
        with brief_transaction():
            enacted = enter_decree(request.user, form.decree())
    except ValidationError as error:
        form.add_error(None, error)
        return _form(request, form, status=422)
    messages.success(
        request,
        _("Decree no. %(number)s is in force in the calendar. Due dates moved: %(count)s.")
        % {"number": enacted.decree.number, "count": enacted.moved},
    )
    return redirect("calendar_decree", enacted.decree.pk)
