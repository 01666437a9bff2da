"""Every reading by an auditor is an entry: a page whose reading cannot be entered is not shown."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from accounts.authority import authorities_of
from accounts.models import User
from accounts.offices import today
from innovations.models import Evidence
from legal_basis.models import Instrument
from workflow.locking import busy, gave_up_waiting
from workflow.models import Case

from .auditors import full_sight, of_inspectorate
from .context import sight_of
from .kinds import Kind
from .ledger import record

# Pictures, previews and progress inside a page that is entered itself.
PARTS_OF_PAGES = {"audit_pack_state", "case_diagram", "instrument_preview"}


def _of_instrument(parts: Mapping[str, Any]) -> Any:
    instruments = Instrument.objects.filter(token=parts["token"])
    return instruments.values_list("subject_code", flat=True)


def _of_evidence(parts: Mapping[str, Any]) -> Any:
    return Evidence.objects.filter(pk=parts["pk"]).values_list("innovation__code", flat=True)


# Where an address names something of a case and not its code.
CODES = {
    "instrument": _of_instrument,
    "copies": _of_instrument,
    "copy_file": _of_instrument,
    "evidence": _of_evidence,
}
LONGEST = 500


class ReadingMiddleware:
    """Enters what an auditor has read, before the page leaves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method != "GET" or response.status_code != 200 or not _concerns(request):
            return response
        try:
            log_reading(request, _code_of(request))
        except OperationalError as error:
            if not gave_up_waiting(error):
                raise
            refused = busy()
            context = {"sentence": refused.sentence, "status": refused.status}
            return render(request, "workflow/refused.html", context, status=refused.status)
        return response


def log_reading(request: HttpRequest, code: str = "") -> None:
    """Enter that this page was read, in a transaction of its own, if an auditor read it."""
    assert request.resolver_match is not None
    # Most readers see no ledger, and that is known already.
    if not isinstance(request.user, User) or sight_of(request) is None:
        return
    if not reads_as_auditor(request.user, code):
        return
    content = {"page": request.resolver_match.url_name, "path": request.path, "case": code}
    if question := request.META.get("QUERY_STRING", ""):
        content["question"] = question[:LONGEST]
    with transaction.atomic():
        record(Kind.READING, content, actor=request.user)


def reads_as_auditor(user: User, code: str = "") -> bool:
    """Whether a person reads by full sight, and not because a case concerns them.

    The inspectorate always reads as auditor; the other offices that see every case do where they
    have no part in this one.
    """
    rights = authorities_of(user, today())
    offices = full_sight(rights)
    if not offices:
        return False
    concerned = bool(code) and Case.objects.concerning(user, rights).filter(code=code).exists()
    return not concerned or of_inspectorate(offices)


def _concerns(request: HttpRequest) -> bool:
    """Whether a page is about a case, or one of the audit's own."""
    match = request.resolver_match
    if match is None or not request.user.is_authenticated or match.url_name in PARTS_OF_PAGES:
        return False
    return "code" in match.kwargs or match.url_name in CODES or _is_ours(match.func)


def _is_ours(view: Callable[..., Any]) -> bool:
    return view.__module__.startswith("audit.views")


def _code_of(request: HttpRequest) -> str:
    match = request.resolver_match
    assert match is not None
    if "code" in match.kwargs:
        return str(match.kwargs["code"])
    if found := CODES.get(match.url_name or ""):
        return str(found(match.kwargs).first() or "")
    return ""
