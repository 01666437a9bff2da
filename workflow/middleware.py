"""Turns a refused act into a page that says why, and keeps the refusals that are about rights."""

import logging
from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from approvals.models import Refusal
from approvals.refusals import NotAllowed, Refused

from .locking import busy, gave_up_waiting
from .opening import DeclareFirst

logger = logging.getLogger(__name__)


class RefusalMiddleware:
    """Answers refused acts; lets everything else pass."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer with the refusal's sentence and status; the transaction has been rolled back."""
        if isinstance(error, OperationalError) and gave_up_waiting(error):
            error = busy()
        if isinstance(error, PermissionDenied):
            error = NotAllowed(str(error) or _("The office you hold today does not allow it."))
        if not isinstance(error, Refused):
            return None
        if isinstance(error, DeclareFirst):
            return redirect("act", error.seat.case_code, error.seat.pk)
        code = request.resolver_match.kwargs.get("code", "") if request.resolver_match else ""
        logger.info("%s refused: %s", code or request.path, type(error).__name__)
        if isinstance(error, NotAllowed) and request.user.is_authenticated:
            keep_refusal(request, code, error.sentence)
        context = {"sentence": error.sentence, "code": code, "status": error.status}
        return render(request, "workflow/refused.html", context, status=error.status)


def keep_refusal(request: HttpRequest, code: str, sentence: str) -> None:
    """Keep an attempt for which a person lacked the right."""
    assert request.user.is_authenticated
    with transaction.atomic():
        Refusal.objects.create(
            person=request.user, case_code=code, path=request.path, reason=sentence
        )
