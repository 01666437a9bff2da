"""Signing on paper: the print goes out, its scan comes back, a second person confirms it."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.files.storage import store
from accounts.files.uploads import CheckedUpload
from accounts.models import User

from .issuing import PDF, conclude, count_pages
from .legal_section import check_legal_section
from .models import Instrument, Scan
from .signing import Need, need_of


@verb
def upload_scan(actor: User, instrument: Instrument, upload: CheckedUpload) -> Scan:
    """Record the scan of the print that was signed in ink; it counts for nothing yet.

    Raises ValidationError where none is waited for, PermissionDenied outside the legal section.
    """
    check_legal_section(actor)
    locked = _locked_on_paper(instrument)
    if upload.media_type != PDF:
        raise ValidationError(_("Scan: save all pages as one PDF and upload that."))
    if waiting_scan(locked):
        raise ValidationError(
            _("A scan waits to be confirmed already. Confirm or refuse that one first.")
        )
    return Scan.objects.create(
        instrument=locked,
        file=store(upload.content, media_type=PDF),
        uploaded_by=actor,
        uploaded_at=timezone.now(),
    )


@verb
def confirm_scan(actor: User, scan: Scan) -> None:
    """Confirm as a second person that the scan shows the signed print: it is issued by that.

    A repeat does nothing. Raises ValidationError, and PermissionDenied outside the legal section.
    """
    pages = count_pages(scan.file.read())
    locked = _judge(actor, scan, accepted=True, reason="")
    if locked is None:
        return
    for row in locked.signatures.all():
        row.signed, row.signed_at = scan.file, timezone.now()
        row.save()
    conclude(locked, scan.file, pages)


@verb
def refuse_scan(actor: User, scan: Scan, reason: str) -> None:
    """Refuse a scan with a reason; another one may be uploaded then."""
    if not reason.strip():
        raise ValidationError(_("Reason: say in a sentence what is wrong with the scan."))
    _judge(actor, scan, accepted=False, reason=reason.strip())


def _judge(actor: User, scan: Scan, *, accepted: bool, reason: str) -> Instrument | None:
    """Write the judgment; None where this person judged it so before."""
    check_legal_section(actor)
    locked = Instrument.objects.select_for_update().get(pk=scan.instrument_id)
    scan.refresh_from_db()
    if scan.judged_by_id is not None:
        if scan.judged_by_id == actor.pk and scan.accepted is accepted:
            return None
        raise ValidationError(_("This scan was judged already."))
    _check_on_paper(locked)
    if scan.uploaded_by_id == actor.pk:
        raise ValidationError(
            _("You uploaded this scan yourself; a second person of the legal section judges it.")
        )
    scan.judged_by, scan.judged_at = actor, timezone.now()
    scan.accepted, scan.reason = accepted, reason
    scan.save()
    return locked


def waiting_scan(instrument: Instrument) -> Scan | None:
    """The scan of the print that nobody has judged yet."""
    return instrument.scans.filter(judged_by__isnull=True).first()


def _locked_on_paper(instrument: Instrument) -> Instrument:
    locked = Instrument.objects.select_for_update().get(pk=instrument.pk)
    _check_on_paper(locked)
    return locked


def _check_on_paper(instrument: Instrument) -> None:
    waits = instrument.status == Instrument.Status.RENDERED
    if not waits or need_of(instrument.signing_way) is not Need.SCAN:
        raise ValidationError(_("This document does not wait for a scan."))
