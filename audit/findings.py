"""What an auditor holds against an entry, and what follows until it is closed."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.models import User

from .auditors import check_audits
from .ledger import SYSTEM
from .models import Entry, EvidenceRequest, Finding, FollowUp
from .texts import written

TITLE = 160


@verb
def record_finding(actor: User, entry: Entry, *, title: str, text: str, weight: str) -> Finding:
    """Attach a finding to an entry; raises NotAllowed for whoever is no auditor."""
    check_audits(actor)
    if weight not in Finding.Weight.values:
        raise ValidationError({"weight": _("Weight: choose one of the list.")})
    return Finding.objects.create(
        entry=entry,
        case_code="" if entry.chain == SYSTEM else entry.chain,
        title=written("title", title, _("Finding"), most=TITLE),
        text=written("text", text, _("What was found")),
        weight=weight,
        found_by=actor,
        found_at=timezone.now(),
    )


@verb
def follow_up(actor: User, finding: Finding, text: str) -> FollowUp:
    """Note what was done about a finding; raises ValidationError for a closed one."""
    check_audits(actor)
    _locked_open(finding)
    said = written("text", text, _("Follow-up"))
    return FollowUp.objects.create(finding=finding, person=actor, text=said, at=timezone.now())


@verb
def close_finding(actor: User, finding: Finding, conclusion: str) -> Finding:
    """Close a finding with a conclusion; raises ValidationError while an answer is awaited."""
    check_audits(actor)
    found = _locked_open(finding)
    found.conclusion = written("conclusion", conclusion, _("Conclusion"))
    if EvidenceRequest.objects.filter(finding=found, closed_at__isnull=True).exists():
        raise ValidationError(
            _("A request for evidence on this finding is still open. Accept or repeat it first.")
        )
    found.closed_by, found.closed_at = actor, timezone.now()
    found.save(update_fields=["conclusion", "closed_by", "closed_at"])
    return found


def _locked_open(finding: Finding) -> Finding:
    found = Finding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
    if found.closed_at:
        raise ValidationError(_("This finding is closed. Record a new one on its entry."))
    return found
