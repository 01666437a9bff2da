"""The curated law that instruments cite; kept by the legal section."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.addresses import asked

from ..curated_law import record_amendment, record_revocation, record_source
from ..legal_section import check_legal_section, sits_in_legal_section
from ..library_forms import AmendmentForm, RevocationForm, SourceForm
from ..models import LegalSource
from ..models.sources import with_amendments
from .library import check_reads


@login_required
@require_safe
def law(request):
    """Every piece of law, in the order in which instruments cite it."""
    check_reads(request.user)
    wanted = asked(request.GET).get("q", "")
    sources = LegalSource.objects.select_related("revoked_by").prefetch_related(with_amendments())
    found = [one for one in sources if wanted.casefold() in one.citation().casefold()]
    context = {
        "sources": sorted(found, key=lambda source: source.position),
        "q": wanted,
        "may_change": sits_in_legal_section(request.user),
    }
    return render(request, "legal_basis/sources/list.html", context)


@login_required
@require_safe
def source(request, key):
    """One piece of law: how it is cited, what amended it, what revoked it."""
    check_reads(request.user)
    found = _source(key)
    context = {
        "source": found,
        "amendments": [one.by for one in found.amended_by.all()],
        "uses": found.uses.count(),
        "may_change": sits_in_legal_section(request.user),
    }
    return render(request, "legal_basis/sources/source.html", context)


@login_required
def source_new(request):
    """Add a piece of law."""
    return _form_page(request, SourceForm, LegalSource(), _("Add a piece of law"))


@login_required
def source_edit(request, key):
    """Correct a piece of law."""
    return _form_page(request, SourceForm, _source(key), _("Correct it"))


@login_required
def source_amend(request, key):
    """Record that another law amended it."""
    return _form_page(request, AmendmentForm, _source(key), _("Record an amendment"))


@login_required
def source_revoke(request, key):
    """Record that another law revoked it."""
    return _form_page(request, RevocationForm, _source(key), _("Record a revocation"))


def _source(key):
    sources = LegalSource.objects.select_related("revoked_by").prefetch_related(with_amendments())
    return get_object_or_404(sources, key=key)


def _form_page(request, form_class, source, title):
    """Fill in and record; what is refused keeps what was typed."""
    check_legal_section(request.user)
    about = {"instance": source} if form_class is SourceForm else {}
    form = form_class(request.POST if request.method == "POST" else None, **about)
    if form.is_valid():
        try:
            return _recorded(request, form, source)
        except ValidationError as error:
            form.add_error(None, error)
    status = 422 if form.is_bound else 200
    context = {"form": form, "title": title, "source": source if source.pk else None}
    return render(request, "legal_basis/sources/form.html", context, status=status)


def _recorded(request, form, source):
    with transaction.atomic():
        if isinstance(form, SourceForm):
            source = record_source(request.user, form.instance)
        elif isinstance(form, RevocationForm):
            record_revocation(request.user, source, **form.cleaned_data)
        else:
            record_amendment(request.user, source, form.cleaned_data["by"])
    messages.success(request, _("Recorded. It is now cited so:"))
    return redirect("law_source", source.key)
