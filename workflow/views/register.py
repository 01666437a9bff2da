"""The register of numbers: whoever holds an office reads it, the legal section acts on it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.addresses import number
from accounts.authority import authorities_of
from accounts.offices import today
from approvals.refusals import NotAllowed
from legal_basis import register as acts
from legal_basis.legal_section import check_legal_section, is_of_legal_section
from legal_basis.models import NumberSeries, RegisterEntry
from legal_basis.models.register import REGISTERS
from legal_basis.numbering import format_number, template_for
from legal_basis.register_list import page_of_register, register_name
from legal_basis.register_print import register_pdf, register_xlsx
from legal_basis.rendering import RenderError

from ..locking import brief_transaction
from ..models import Case
from ..register_forms import AssignForm, ReasonForm, TemplateForm

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_safe
def register(request):
    """One register in one year, the newest number first."""
    rights = _check_reader(request.user)
    this_year = today().year
    chosen = _register(request.GET.get("register") or REGISTERS[0][0])
    year = number(request.GET.get("year", "")) or this_year
    page = page_of_register(chosen, year, request.GET.get("cursor", ""))
    kept = {one.year: one for one in NumberSeries.objects.filter(kind=chosen)}
    acting = is_of_legal_section(right.office for right in rights if right.delegation is None)
    context = {
        "registers": REGISTERS,
        "register": chosen,
        "register_name": register_name(chosen),
        "year": year,
        "years": sorted({this_year, *kept}, reverse=True),
        "this_year": this_year,
        "rows": _rows(request.user, rights, page.entries, acting),
        "next_cursor": page.next_cursor,
        "may_act": acting,
        "may_edit": acting and year in (this_year, this_year + 1),
        "next_number": _next_number(kept.get(year), chosen, year),
    }
    return render(request, "workflow/register/register.html", context)


@login_required
@require_safe
def register_file(request, register, year, form):
    """The register of a year as a workbook or as a PDF."""
    _check_reader(request.user)
    chosen = _register(register)
    try:
        made = register_xlsx(chosen, year) if form == "xlsx" else register_pdf(chosen, year)
    except (RenderError, ValidationError) as error:
        messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
        return redirect(_address(chosen, year))
    media_type = XLSX if form == "xlsx" else "application/pdf"
    response = HttpResponse(made, content_type=media_type)
    name = f"register-{chosen.replace('_', '-')}-{year}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@login_required
def register_reserve(request, register):
    """Set the next number of this year apart."""
    check_legal_section(request.user)
    chosen = _register(register)
    form = ReasonForm(request.POST or None)
    words = {
        "title": _("Reserve a number"),
        "lead": _(
            "The next number of this year is set apart. It carries no date: an instrument is "
            "dated the day it takes its number."
        ),
        "button": _("Reserve the next number"),
        "about": register_name(chosen),
        "back": _address(chosen, today().year),
    }
    return _act(
        request,
        words,
        form,
        lambda: acts.reserve_number(request.user, chosen, form.cleaned_data["reason"]),
        done=_("Number %s is reserved."),
    )


@login_required
def register_insert(request, pk):
    """Put a number in behind one that was given."""
    check_legal_section(request.user)
    entry = _entry(pk)
    form = ReasonForm(request.POST or None)
    words = _words(
        entry,
        title=_("Insert a number"),
        lead=_(
            "A number with a letter comes behind %s, for example 8A behind 8. It is used with the "
            "date of the day on which an instrument takes it."
        )
        % entry.number,
        button=_("Insert the number"),
    )
    return _act(
        request,
        words,
        form,
        lambda: acts.insert_number(request.user, entry, form.cleaned_data["reason"]),
        done=_("Number %s is inserted and reserved."),
    )


@login_required
def register_assign(request, pk):
    """Give a reserved number to a draft."""
    check_legal_section(request.user)
    entry = _entry(pk)
    form = AssignForm(entry, request.POST or None)
    words = _words(
        entry,
        title=_("Give number %s to a draft") % entry.number,
        lead=_("When it is signed, the draft takes this number instead of the next one."),
        button=_("Give it the number"),
    )
    return _act(
        request,
        words,
        form,
        lambda: acts.assign_reserved(request.user, entry, form.cleaned_data["instrument"]),
        done=_("Number %s waits for this draft."),
    )


@login_required
def register_cancel(request, pk):
    """Cancel a reserved number."""
    check_legal_section(request.user)
    entry = _entry(pk)
    form = ReasonForm(request.POST or None)
    words = _words(
        entry,
        title=_("Cancel number %s") % entry.number,
        lead=_("It stays in the register with this reason and is never used again."),
        button=_("Cancel the number"),
    ) | {"ends": True}
    return _act(
        request,
        words,
        form,
        lambda: acts.cancel_reserved(request.user, entry, form.cleaned_data["reason"]),
        done=_("Number %s is cancelled."),
    )


@login_required
def register_template(request, register, year):
    """Change how the numbers are printed that nobody has taken yet."""
    check_legal_section(request.user)
    chosen = _register(register)
    series = NumberSeries.objects.filter(kind=chosen, year=year).first()
    form = TemplateForm.of(series or template_for(chosen, year), request.POST or None)
    words = {
        "title": _("The template of the numbers of %s") % year,
        "lead": _("It holds for numbers that are not taken yet; taken ones stay as they are."),
        "button": _("Save the template"),
        "about": register_name(chosen),
        "back": _address(chosen, year),
    }
    return _act(
        request,
        words,
        form,
        lambda: acts.edit_template(request.user, chosen, year, **form.cleaned_data),
        done=_("The template is saved. The next number is %s."),
    )


def _act(request, words, form, act, *, done):
    """A page with a form that acts; a refused act keeps what was typed and says why."""
    if request.method == "POST" and form.is_valid():
        try:
            with brief_transaction():
                made = act()
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            messages.success(request, done % _made(made))
            return redirect(words["back"])
    status = 422 if request.method == "POST" else 200
    context = {"words": words, "form": form}
    return render(request, "workflow/register/act.html", context, status=status)


def _made(made):
    if isinstance(made, RegisterEntry):
        return made.number
    return format_number(made, made.next_sequence, today())


def _words(entry, **words):
    back = _address(entry.kind, entry.series.year)
    return {"about": register_name(entry.kind), "back": back, **words}


def _check_reader(user):
    """The rights of whoever holds an office; refuses everybody else."""
    rights = authorities_of(user, today())
    if not any(right.delegation is None for right in rights):
        raise NotAllowed(_("The register is open to whoever holds an office."))
    return rights


def _register(name):
    if name not in dict(REGISTERS):
        raise Http404
    return name


def _entry(pk):
    entries = RegisterEntry.objects.select_related("series", "instrument")
    return get_object_or_404(entries, pk=pk)


def _address(chosen, year):
    return reverse("register", query={"register": chosen, "year": year})


def _next_number(series, chosen, year):
    shown = series or NumberSeries(kind=chosen, year=year, **template_for(chosen, year))
    try:
        return format_number(shown, shown.next_sequence, today())
    except ValidationError:
        return ""


def _rows(user, rights, entries, acting):
    """The entries, each with its case where the reader may see it, and what may be done."""
    codes = {entry.instrument.subject_code for entry in entries if entry.instrument}
    visible = Case.objects.readable_by(user, rights).filter(code__in=codes)
    seen = set(visible.values_list("code", flat=True))
    return [
        {
            "entry": entry,
            "case": entry.instrument.subject_code
            if entry.instrument and entry.instrument.subject_code in seen
            else "",
            "reserved": acting and entry.status == RegisterEntry.Status.RESERVED,
            "usable": bool(entry.suffix) or entry.series.year == today().year,
        }
        for entry in entries
    ]
