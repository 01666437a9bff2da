"""How cases really travel: tables of one part each, their downloads, and the event log."""

import tempfile

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Unit
from approvals.refusals import NotAllowed

from ..process.exporting import FORMS, enter_export, write_log
from ..process.scope import FLOWS, may_look, scope_of
from ..process.sheets import SHEETS
from ..process.tables import PARTS, tables_of


@login_required
@require_safe
def process(request, part="times"):
    """The tables of one part, for the cases that the filters leave."""
    _admit(request)
    if part not in PARTS:
        raise Http404(part)
    scope, errors = _scope(request)
    context = {
        "part": part,
        "parts": [(name, label) for name, (label, _tables) in PARTS.items()],
        "flows": {name: flow.process_title for name, flow in FLOWS.items()},
        "units": Unit.objects.order_by("name"),
        "wanted": request.GET,
        "scope": scope,
        "errors": errors,
        "tables": [] if errors else tables_of(part, scope),
        "forms": list(FORMS),
    }
    return render(request, "audit/process.html", context, status=422 if errors else 200)


@login_required
@require_safe
def process_table(request, part, table, form):
    """One table as CSV or XLSX, with all of its rows."""
    _admit(request)
    scope, errors = _scope(request)
    if part not in PARTS or form not in SHEETS or errors:
        raise Http404(table)
    found = next((one for one in tables_of(part, scope) if one.key == table), None)
    if found is None:
        raise Http404(table)
    write, media_type = SHEETS[form]
    name = f"payung-{part}-{table}.{form}"
    return HttpResponse(write(found), media_type, headers=_attached(name))


@login_required
@require_POST
def process_log(request, form):
    """The event log as a file; that it was taken out is an entry of the ledger."""
    _admit(request)
    scope, errors = _scope(request)
    if form not in FORMS or errors:
        raise Http404(form)
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    done = write_log(scope, form, target)
    with transaction.atomic():
        enter_export(request.user, scope, done)
    target.seek(0)
    return FileResponse(target, content_type=FORMS[form][1], headers=_attached(f"payung.{form}"))


def _admit(request):
    if not may_look(request.user):
        raise NotAllowed(_("Only the inspectorate and the innovation secretariat see this."))


def _scope(request):
    try:
        return scope_of(request.user, request.GET), []
    except ValidationError as error:
        return None, error.messages


def _attached(name):
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
