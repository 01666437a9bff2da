"""From a numbered instrument to the signed bytes that count; every step can be repeated."""

import datetime
import hashlib
import logging

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import acting_as
from accounts.files.storage import store
from accounts.models import StoredFile, User

from .models import Instrument, RegisterEntry
from .rendering import RenderError, render_pdf
from .signals import instrument_issued, issuing_failed
from .signing import SignatureRequest, SigningError, sign
from .validation import signature_state

log = logging.getLogger(__name__)
Status = Instrument.Status
PDF = "application/pdf"
SETTLED = (Status.ISSUED, Status.CANCELLED)


class NotNumbered(Exception):
    """The instrument has no number yet: nothing may be issued."""


class WrongAnswer(Exception):
    """What the signing way returned is not the document it was given, signed."""


def issue(instrument_id: int) -> None:
    """Render, sign, check, store and issue an instrument that has its number.

    Holds no transaction while it renders and signs. Goes on where an earlier run stopped, with
    the same number; does nothing for an instrument that is issued or cancelled. A failure is
    recorded on the instrument as a sentence, and raised.
    """
    with acting_as(User.objects.system()):
        instrument = Instrument.objects.select_related("innovation", "signatory").get(
            pk=instrument_id
        )
        if instrument.status in SETTLED:
            return
        if not instrument.number:
            raise NotNumbered(f"{instrument.subject_code}: instrument {instrument_id}")
        try:
            _complete(instrument)
        except Exception as error:
            _fail(instrument, error)
            raise


def unfinished(older_than: datetime.timedelta) -> list[Instrument]:
    """Numbered instruments that no worker has issued in that time, nor recorded a failure for."""
    before = timezone.now() - older_than
    return list(
        Instrument.objects.filter(
            status__in=(Status.NUMBERED, Status.RENDERED),
            entries__status=RegisterEntry.Status.TAKEN,
            entries__taken_at__lt=before,
        )
    )


def _complete(instrument: Instrument) -> None:
    rendered = _rendered(instrument)
    if rendered is None:
        return
    signed = sign(rendered, signature_request(instrument))
    _check(rendered, signed)
    _conclude(instrument, signed)


def _rendered(instrument: Instrument) -> bytes | None:
    """The stored print to be signed, laid out now if there is none; None when it was overtaken."""
    if instrument.rendered and (content := _unharmed(instrument.rendered)):
        return content
    pdf = render_pdf(instrument)
    with transaction.atomic(durable=True):
        locked = _locked(instrument)
        if locked.status in SETTLED:
            return None
        # Another worker may have been faster: both go on with the one print on the record.
        if locked.rendered and (content := _unharmed(locked.rendered)):
            return content
        locked.rendered = store(pdf, media_type=PDF)
        locked.status = Status.RENDERED
        locked.failure = ""
        locked.save()
    return pdf


def _unharmed(stored: StoredFile) -> bytes | None:
    try:
        content = stored.read()
    except FileNotFoundError:
        return None
    return content if hashlib.sha256(content).hexdigest() == stored.sha256 else None


def signature_request(instrument: Instrument) -> SignatureRequest:
    """What the signing way is told: who signs, in which capacity, where and why."""
    if instrument.signatory is None:
        raise SigningError(_("The instrument has no signatory."))
    return SignatureRequest(
        signatory=instrument.signatory,
        name=instrument.signatory_name,
        capacity=instrument.signatory_capacity,
        place=instrument.place,
        reason=f"Penetapan Keputusan Bupati Nomor {instrument.number}",
    )


def _check(rendered: bytes, signed: bytes) -> None:
    if len(signed) <= len(rendered) or not signed.startswith(rendered):
        raise WrongAnswer(_("The signed file is not the file that was sent to be signed."))
    state = signature_state(signed, timezone.now())
    if not state.passed:
        raise WrongAnswer(_("The signed file is not valid: %s") % state.why)


def _conclude(instrument: Instrument, signed: bytes) -> None:
    with transaction.atomic(durable=True):
        locked = _locked(instrument)
        if locked.status in SETTLED:
            return
        locked.document = store(signed, media_type=PDF)
        locked.status = Status.ISSUED
        locked.issued_at = timezone.now()
        signature = locked.signatures.get()
        signature.signed, signature.signed_at = locked.document, locked.issued_at
        signature.save()
        locked.failure = ""
        locked.save()
        entry = RegisterEntry.objects.get(instrument=locked, status=RegisterEntry.Status.TAKEN)
        entry.status = RegisterEntry.Status.ISSUED
        entry.save()
        instrument_issued.send(Instrument, instrument=locked, actor=User.objects.system())
    log.info("%s: issued %s", locked.subject_code, locked.number)


def _fail(instrument: Instrument, error: Exception) -> None:
    log.error("%s: issuing %s failed: %r", instrument.subject_code, instrument.number, error)
    with transaction.atomic(durable=True):
        locked = _locked(instrument)
        if locked.status in SETTLED:
            return
        locked.status = Status.FAILED
        locked.failure = _sentence(error)
        if isinstance(error, WrongAnswer):
            locked.rendered = None
        locked.save()
        issuing_failed.send(Instrument, instrument=locked, actor=User.objects.system())


def _sentence(error: Exception) -> str:
    if isinstance(error, RenderError | SigningError | WrongAnswer):
        return str(error)
    return _("Something unexpected stopped it (%s). Try again.") % type(error).__name__


def _locked(instrument: Instrument) -> Instrument:
    return Instrument.objects.select_for_update().get(pk=instrument.pk)
