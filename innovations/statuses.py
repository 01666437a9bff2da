"""Where an innovation stands as a whole, and which ways lead from there."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.models import User

from .models import Innovation
from .signals import innovation_act

S = Innovation.Status
WAYS: dict[str, frozenset[str]] = {
    S.IN_PROGRESS: frozenset({S.RETURNED, S.INSTITUTIONALISED, S.REJECTED, S.STOPPED, S.WITHDRAWN}),
    S.RETURNED: frozenset({S.REJECTED, S.STOPPED, S.WITHDRAWN}),
    S.INSTITUTIONALISED: frozenset({S.RETIRED}),
    # Opened anew: the initiator revises it.
    S.REJECTED: frozenset({S.RETURNED}),
    S.STOPPED: frozenset({S.RETURNED}),
    S.WITHDRAWN: frozenset({S.RETURNED}),
}
NEEDS_REASON = frozenset({S.RETURNED, S.REJECTED, S.STOPPED, S.WITHDRAWN, S.RETIRED})


@verb
def change_status(
    actor: User, innovation: Innovation, status: str, *, reason: str = ""
) -> Innovation:
    """Move an innovation on; what stands already stays as it is (listeners may hear twice).

    A return is ended by `proposals.resubmit_draft`. Raises ValidationError for a way that does
    not exist and for a missing reason.
    """
    locked = Innovation.objects.select_for_update().get(pk=innovation.pk)
    if locked.status == status:
        return locked
    if status not in WAYS.get(locked.status, frozenset()):
        raise ValidationError(
            _("An innovation that is “%(now)s” cannot become “%(then)s”.")
            % {"now": locked.get_status_display(), "then": S(status).label},
            code="no_way",
        )
    if status in NEEDS_REASON and not reason.strip():
        raise ValidationError(
            {"reason": _("Reason: say in a sentence why.")}, code="reason_missing"
        )
    locked.status, locked.status_reason = status, reason.strip()
    locked.save()
    innovation_act.send(
        Innovation,
        act="status_changed",
        innovation=locked,
        actor=actor,
        details={"status": status, "reason": locked.status_reason},
    )
    return locked
