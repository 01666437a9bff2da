"""The checkpoints: what waits, who outside has taken what, the keys, and each signed statement."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.addresses import asked, number
from accounts.rights import may_appoint
from approvals.refusals import NotAllowed

from ..anchors import label
from ..auditors import sees_everything
from ..checkpoints import checkpoint_hash, named_heads
from ..key_history import known_keys
from ..keys import is_signed
from ..lateness import waits, why_stopped
from ..models import Checkpoint, Receipt
from ..witnesses import named, receipts_over

PAGE = 25
BIGGEST_NUMBER = 2**63 - 1


@login_required
@require_safe
def checkpoints(request):
    """The state of signing and handing over, and the checkpoints, the newest first."""
    _check_reads(request.user)
    found = Checkpoint.objects.defer("statement").prefetch_related("receipts")
    if before := number(asked(request.GET).get("cursor", "")):
        found = found.filter(number__lt=before)
    rows, waiting = list(found[: PAGE + 1]), waits()
    stopped = next((wait for wait in waiting if wait.stops), None)
    context = {
        "checkpoints": [(row, named(row.receipts.all())) for row in rows[:PAGE]],
        "next_cursor": rows[PAGE - 1].number if len(rows) > PAGE else "",
        "why_stopped": why_stopped(stopped) if stopped else "",
        "late": [wait for wait in waiting if wait.is_late and not wait.stops],
        "anchors": _anchors(),
        "keys": known_keys(),
    }
    return render(request, "audit/checkpoints.html", context)


@login_required
@require_safe
def checkpoint(request, number):
    """One checkpoint: its signature checked, what it covers, who has taken it."""
    _check_reads(request.user)
    found = _found(number)
    before = Checkpoint.objects.filter(number=found.number - 1).first()
    context = {
        "checkpoint": found,
        "signed": is_signed(found.statement, found.signature, found.key),
        "known": found.key in {key.public for key in known_keys()},
        "follows": before is None or checkpoint_hash(before) == found.previous,
        "heads": sorted(named_heads(found.statement).items())[:PAGE],
        "named": len(named_heads(found.statement)),
        "receipts": named(receipts_over(found.number)),
    }
    return render(request, "audit/checkpoint.html", context)


@login_required
@require_safe
def checkpoint_statement(request, number):
    """The exact text that was signed, and the signature behind it."""
    _check_reads(request.user)
    found = _found(number)
    response = HttpResponse(
        f"{found.statement}signature: {found.signature}\n", content_type="text/plain; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="checkpoint-{found.number}.txt"'
    return response


def _found(number):
    return get_object_or_404(Checkpoint, number=min(number, BIGGEST_NUMBER))


def _anchors():
    """Each anchor that settings name, with the newest checkpoint that it has taken."""
    return [(label(name), _newest(name)) for name in settings.AUDIT_ANCHORS]


def _newest(name):
    taken = Receipt.objects.filter(anchor=name).select_related("checkpoint")
    return taken.defer("checkpoint__statement").order_by("-checkpoint__number").first()


def _check_reads(user):
    if not (sees_everything(user) or may_appoint(user)):
        raise NotAllowed(_("Only administrators and offices that see every case read this."))
