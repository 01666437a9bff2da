"""The register of people, for administrators; and names for whoever looks for one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from ..addresses import asked
from ..forms import PEOPLE_SHOWN, PersonForm
from ..keeping import keep_person
from ..models import Unit, User
from ..offices import today
from ..overview import overview_of
from ..register import page_of_people
from ..rights import check_may_appoint
from .submitting import kept, typed


@login_required
def people(request):
    """Names that contain what was typed, for the fields that find people."""
    typed = asked(request.GET).get("q", "")
    found = (
        User.objects.filter(is_active=True, name_plain__icontains=typed).exclude(pk=request.user.pk)
        if len(typed) >= 2
        else User.objects.none()
    )
    return JsonResponse(
        {
            "people": [
                {
                    "id": user.pk,
                    "name": str(user),
                    "label": user.label,
                    "unit": str(user.home_unit or ""),
                }
                for user in found.select_related("home_unit")[:PEOPLE_SHOWN]
            ]
        }
    )


@login_required
def person_list(request):
    """Everybody by name, with what they hold today."""
    check_may_appoint(request.user)
    rows, cursor = page_of_people(request.GET)
    context = {
        "people": rows,
        "next_cursor": cursor,
        "wanted": request.GET,
        "units": Unit.objects.filter(staff__isnull=False).distinct(),
        "administers": True,
    }
    return render(request, "accounts/people.html", context)


@login_required
def person_new(request):
    """Enter a person; they have no password yet."""
    check_may_appoint(request.user)
    return _edit(request, PersonForm(*typed(request)))


@login_required
def person_edit(request, pk):
    """Change what is known of a person, beside what they hold."""
    check_may_appoint(request.user)
    person = get_object_or_404(User.objects.exclude(username=User.SYSTEM), pk=pk)
    return _edit(request, PersonForm(*typed(request), instance=person), pk=pk)


def _edit(request, form, pk=None):
    if kept(form, lambda form: keep_person(request.user, form.instance)):
        messages.success(request, _("%(person)s is recorded.") % {"person": form.instance})
        return redirect("person_edit", form.instance.pk)
    person = User.objects.get(pk=pk) if pk else None
    context = {
        "form": form,
        "person": person,
        "overview": overview_of(person, today()) if person else None,
        "administers": True,
    }
    return render(request, "accounts/person.html", context, status=422 if form.is_bound else 200)
