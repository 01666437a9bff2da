"""Changing the way by which a numbered instrument is signed, when the first one cannot be used."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.models import User

from .jobs import enqueue_issue
from .legal_section import check_legal_section
from .models import Instrument
from .signing import label_of, providers

REASON_LENGTH = 100
Status = Instrument.Status
CHANGEABLE = (Status.NUMBERED, Status.RENDERED, Status.FAILED)


def choices() -> list[tuple[str, str]]:
    """The ways to sign that are installed, with their names."""
    return [(name, label_of(name)) for name in providers()]


@verb
def change_way(actor: User, instrument: Instrument, way: str, reason: str) -> None:
    """Let a numbered instrument be signed another way; it is printed anew with the same number.

    The print names the way in its foot, so signatures on the earlier print do not count. Raises
    ValidationError, and PermissionDenied outside the legal section.
    """
    check_legal_section(actor)
    if way not in providers():
        raise ValidationError(_("Way of signing: choose one of the list."))
    if not 0 < len(reason.strip()) <= REASON_LENGTH:
        raise ValidationError(
            _("Reason: say in at most %s characters why it is signed another way.") % REASON_LENGTH
        )
    locked = Instrument.objects.select_for_update().get(pk=instrument.pk)
    if locked.status not in CHANGEABLE:
        raise ValidationError(
            _("This instrument is “%s”; the way of signing is settled.")
            % locked.get_status_display()
        )
    if locked.signing_way == way:
        return
    if locked.scans.filter(judged_by__isnull=True).exists():
        raise ValidationError(_("A scan waits to be confirmed. Confirm or refuse it first."))
    _begin_anew(locked, way, reason.strip())
    enqueue_issue(locked)


def _begin_anew(instrument: Instrument, way: str, reason: str) -> None:
    instrument.signing_way = way
    instrument.rendered = None
    instrument.status, instrument.failure = Status.NUMBERED, ""
    instrument._change_reason = reason  # type: ignore[attr-defined]  # kept with the version
    instrument.save()
    for row in instrument.signatures.filter(signed__isnull=False):
        row.signed = row.signed_at = None
        row.save()
