"""What I hold, who acts for me, for whom I act; handing authority on, and the letters."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from ..authority import authorities_of
from ..delegations import delegate, may_hand_on, revoke
from ..files.serving import download
from ..forms import DelegationForm, RevokeForm
from ..models import Appointment, Delegation
from ..offices import today
from ..overview import can_be_handed_on, overview_of
from ..rights import may_appoint
from .submitting import kept, typed


@login_required
def my_authority(request):
    """Everything that this person may act for, and everybody who acts for them."""
    context = {
        "overview": overview_of(request.user, today()),
        "administers": may_appoint(request.user),
    }
    return render(request, "accounts/authority.html", context)


@login_required
def delegation_new(request):
    """Hand authority on: one's own, or as an administrator that of an appointment (`for`)."""
    principals = _principals(request)
    form = DelegationForm(
        *typed(request),
        principals=principals,
        initial={"principal": principals[0], "start": today(), "basis_date": today()},
    )
    if kept(form, lambda form: _give(request.user, form)):
        given = form.cleaned_data["delegate"]
        messages.success(request, _("%(person)s may act from then on.") % {"person": given})
        return _back(request, principals[0])
    context = {"form": form, "principals": principals, "own": _own(request, principals[0])}
    return _form_page(request, "accounts/delegation.html", context, form)


def _principals(request):
    """The appointments whose authority this person may hand on here; refuses where there is none.

    Somebody else's is found by an administrator alone.
    """
    found = list(can_be_handed_on(request.user, today()))
    wanted = request.GET.get("for", "")
    if wanted.isdecimal():
        appointment = get_object_or_404(
            Appointment.objects.select_related("office", "user"), pk=int(wanted[:18])
        )
        if not may_hand_on(request.user, appointment):
            raise Http404
        found = [appointment]
    if not found:
        raise PermissionDenied(_("You hold no office whose authority you could hand on."))
    return found


def _own(request, appointment):
    return appointment.user_id == request.user.pk


def _give(actor, form):
    fields = dict(form.cleaned_data)
    delegate(actor, fields.pop("principal"), fields.pop("delegate"), **fields)


def _back(request, appointment):
    """To where the delegation is shown."""
    if _own(request, appointment):
        return redirect("my_authority")
    return redirect("office", appointment.office_id)


def _form_page(request, template, context, form):
    return render(request, template, context, status=422 if form.is_bound else 200)


@login_required
def delegation_end(request, pk):
    """End a delegation before its last day, with a reason."""
    delegation = get_object_or_404(
        Delegation.objects.select_related("delegate", "principal__office", "principal__user"),
        pk=pk,
    )
    if not may_hand_on(request.user, delegation.principal):
        raise Http404
    form = RevokeForm(*typed(request))
    if kept(form, lambda form: revoke(request.user, delegation, form.cleaned_data["reason"])):
        ended = {"person": delegation.delegate}
        messages.success(request, _("%(person)s no longer acts by this letter.") % ended)
        return _back(request, delegation.principal)
    own = _own(request, delegation.principal)
    context = {"form": form, "delegation": delegation, "own": own}
    return _form_page(request, "accounts/delegation_end.html", context, form)


@login_required
def appointment_letter(request, pk):
    """The letter of an appointment."""
    appointment = get_object_or_404(Appointment.objects.select_related("letter"), pk=pk)
    return _letter(request, appointment, {appointment.user_id})


@login_required
def delegation_letter(request, pk):
    """The letter of a delegation."""
    found = Delegation.objects.select_related("letter", "principal")
    delegation = get_object_or_404(found, pk=pk)
    named = {delegation.delegate_id, delegation.principal.user_id}
    return _letter(request, delegation, named)


def _letter(request, row, named):
    """Those named in it read it, administrators, and offices that see every case."""
    reads = (
        request.user.pk in named
        or may_appoint(request.user)
        or any(one.office.sees_all_cases for one in authorities_of(request.user, today()))
    )
    if not reads or row.letter is None:
        raise Http404
    return download(row.letter, row.letter_name)
