"""The clause library: what instruments say in general; worded anew by the legal section."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.addresses import number
from accounts.offices import offices_held, today

from ..legal_section import check_legal_section, sits_in_legal_section
from ..library import CONDITIONS, VARIABLES, filled, names_in, samples
from ..library_forms import WordingForm
from ..models import Instrument, LibraryClause
from ..wordings import word_anew


def check_reads(user):
    """Raise PermissionDenied for whoever holds no office: the library is the officials' own."""
    if not offices_held(user, today()):
        raise PermissionDenied(_("The library and the law are read by those who hold an office."))


@login_required
@require_safe
def library(request):
    """The clauses of one kind and purpose, block by block."""
    check_reads(request.user)
    kind = _chosen(request, "kind", Instrument.Kind)
    purpose = _chosen(request, "purpose", Instrument.Purpose)
    newest = LibraryClause.objects.filter(kind=kind, purpose=purpose).prefetch_related("versions")
    blocks: dict[str, list] = {}
    for clause in newest:
        line = {"clause": clause, "wording": clause.versions.all()[0], "applies": _applies(clause)}
        blocks.setdefault(clause.get_block_display(), []).append(line)
    context = {
        "kinds": Instrument.Kind.choices,
        "purposes": Instrument.Purpose.choices,
        "kind": kind,
        "purpose": purpose,
        "blocks": blocks,
    }
    return render(request, "legal_basis/library/list.html", context)


def _chosen(request, name, choices):
    wanted = request.GET.get(name, "")
    return wanted if wanted in choices.values else choices.values[0]


def _applies(clause):
    condition = CONDITIONS.get(clause.applies)
    return condition.label if condition else clause.applies


@login_required
@require_safe
def clause(request, pk):
    """A clause with all its wordings, any two of them compared."""
    check_reads(request.user)
    found = get_object_or_404(LibraryClause, pk=pk)
    versions = list(found.versions.select_related("made_by"))
    context = _about(found) | {
        "versions": versions,
        "newest": versions[0],
        "sample": filled(versions[0].text, samples()),
        "compared": _compared(request, versions),
        "may_change": sits_in_legal_section(request.user),
    }
    return render(request, "legal_basis/library/clause.html", context)


def _about(clause):
    return {"clause": clause, "applies": _applies(clause), "variables": VARIABLES}


def _compared(request, versions):
    """The two wordings that the address names; nothing unless it names two."""
    asked = [number(request.GET.get(name, "")) for name in ("a", "b")]
    old, new = (next((v for v in versions if v.version == one), None) for one in asked)
    return {"old": old, "new": new} if old and new else None


@login_required
def clause_new(request, pk):
    """Word a clause anew: fill in, look at it with sample data, record."""
    check_legal_section(request.user)
    found = get_object_or_404(LibraryClause, pk=pk)
    newest = found.versions.earliest("-version")
    posted = request.POST if request.method == "POST" else None
    form = WordingForm(posted, initial={"text": newest.text})
    shown = None
    if form.is_valid():
        if "record" in request.POST:
            try:
                return _recorded(request, found, form)
            except ValidationError as error:
                form.add_error(None, error)
        else:
            shown = _shown(form.cleaned_data["text"])
    context = _about(found) | {"form": form, "newest": newest, "shown": shown}
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "legal_basis/library/new.html", context, status=status)


def _shown(text):
    """The wording with sample data, and where a part is optional, without its data as well."""
    full = filled(text, samples())
    bare = filled(text, samples(without=frozenset(names_in(text)) - {"innovation", "owning_unit"}))
    return {"full": full, "bare": "" if bare == full or "[[" not in text else bare}


def _recorded(request, clause, form):
    with transaction.atomic():
        made = word_anew(request.user, clause, form.cleaned_data["text"], form.cleaned_data["note"])
    messages.success(
        request,
        _("Version %(version)s is in use for drafts assembled from now on.")
        % {"version": made.version},
    )
    return redirect("library_clause", clause.pk)
