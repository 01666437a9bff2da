"""The register of units and offices, and who is appointed, for administrators."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from ..addresses import number
from ..forms import AppointmentForm, EndForm, OfficeForm, UnitForm
from ..keeping import keep_office, keep_unit
from ..models import Appointment, Office, Unit
from ..offices import appoint, end_appointment, today
from ..register import letters_of, spans_of, tree_of_units
from ..rights import check_may_appoint
from .submitting import kept, typed


@login_required
def unit_list(request):
    """The units as a tree, with their offices and who speaks for each today."""
    check_may_appoint(request.user)
    context = {"tree": tree_of_units(today()), "administers": True}
    return render(request, "accounts/units.html", context)


@login_required
def unit_new(request):
    """Enter a unit, below another one where the address says so (`below`)."""
    check_may_appoint(request.user)
    form = UnitForm(*typed(request), initial={"parent": _number(request, "below")})
    return _edit_unit(request, form, _("New unit"))


@login_required
def unit_edit(request, pk):
    """Change a unit or move it."""
    check_may_appoint(request.user)
    unit = get_object_or_404(Unit, pk=pk)
    return _edit_unit(request, UnitForm(*typed(request), instance=unit), unit.name, unit=unit)


def _edit_unit(request, form, title, **more):
    if kept(form, lambda form: keep_unit(request.user, form.instance)):
        messages.success(request, _("%(unit)s is recorded.") % {"unit": form.instance})
        return redirect("unit_list")
    return _form_page(request, form, title, reverse("unit_list"), **more)


def _number(request, name):
    return number(request.GET.get(name, ""))


def _form_page(request, form, title, back, **more):
    context = {"form": form, "title": title, "back": back, "administers": True} | more
    return render(request, "accounts/form.html", context, status=422 if form.is_bound else 200)


@login_required
def office_new(request):
    """Enter an office of a unit (`unit`)."""
    check_may_appoint(request.user)
    form = OfficeForm(*typed(request), initial={"unit": _number(request, "unit")})
    return _edit_office(request, form, _("New office"), reverse("unit_list"))


@login_required
def office_edit(request, pk):
    """Change an office."""
    check_may_appoint(request.user)
    office = get_object_or_404(Office, pk=pk)
    form = OfficeForm(*typed(request), instance=office)
    return _edit_office(request, form, office.title, reverse("office", args=[pk]))


def _edit_office(request, form, title, back):
    if kept(form, lambda form: keep_office(request.user, form.instance)):
        messages.success(request, _("%(office)s is recorded.") % {"office": form.instance})
        return redirect("office", form.instance.pk)
    return _form_page(request, form, title, back)


@login_required
def office_page(request, pk):
    """Who held an office when, in which capacity, and who acts for its holder."""
    check_may_appoint(request.user)
    office = get_object_or_404(Office.objects.select_related("unit", "superior"), pk=pk)
    context = {
        "office": office,
        "spans": spans_of(office, today()),
        "letters": letters_of(office, today()),
        "administers": True,
    }
    return render(request, "accounts/office.html", context)


@login_required
def appointment_new(request, pk):
    """Appoint somebody to an office."""
    check_may_appoint(request.user)
    office = get_object_or_404(Office, pk=pk)
    form = AppointmentForm(
        *typed(request),
        initial={"capacity": "definitive", "start": today(), "basis_date": today()},
    )
    if kept(form, lambda form: _appoint(request.user, office, form)):
        named = {"person": form.cleaned_data["user"], "office": office}
        messages.success(request, _("%(person)s is appointed to %(office)s.") % named)
        return redirect("office", pk)
    return _form_page(
        request,
        form,
        _("Appoint to %(office)s") % {"office": office},
        reverse("office", args=[pk]),
        submit=_("Appoint"),
        with_file=True,
    )


def _appoint(actor, office, form):
    fields = dict(form.cleaned_data)
    appoint(actor, fields.pop("user"), office, **fields)


@login_required
def appointment_end(request, pk):
    """Say until when an appointment lasts."""
    check_may_appoint(request.user)
    found = Appointment.objects.select_related("office", "user")
    appointment = get_object_or_404(found, pk=pk)
    form = EndForm(*typed(request), initial={"end": appointment.end or today()})
    if kept(form, lambda form: _end(request.user, appointment, form.cleaned_data["end"])):
        messages.success(request, _("The last day of %(title)s is recorded.") % _named(appointment))
        return redirect("office", appointment.office_id)
    return _form_page(
        request,
        form,
        _("End the appointment of %(person)s as %(title)s") % _named(appointment),
        reverse("office", args=[appointment.office_id]),
        submit=_("Record the last day"),
    )


def _end(actor, appointment, last_day):
    end_appointment(actor, appointment, last_day=last_day)


def _named(appointment):
    return {"person": appointment.user, "title": appointment.title}
