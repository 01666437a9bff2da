"""From a numbered instrument to the signed bytes that count; every step can be repeated."""

import datetime
import hashlib
import io
import logging
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from pypdf import PdfReader

from accounts.acting import acting_as
from accounts.files.storage import store
from accounts.models import StoredFile, User

from .models import Instrument, RegisterEntry, Signature
from .rendering import RenderError, render_pdf
from .signals import instrument_issued, issuing_failed, signature_awaited
from .signing import Credentials, Need, SignatureRequest, SigningError, need_of, sign
from .validation import SignatureCheck, check_signatures
from .wording import KINDS

log = logging.getLogger(__name__)
Status = Instrument.Status
PDF = "application/pdf"
SETTLED = (Status.ISSUED, Status.CANCELLED)
# In these, a print is there or on its way, and nobody has stopped it.
UNDER_WAY = (Status.NUMBERED, Status.RENDERED)


class NotNumbered(Exception):
    """The instrument has no number yet: nothing may be issued."""


class WrongAnswer(Exception):
    """What the signing way returned is not the document it was given, signed."""


@dataclass(frozen=True)
class Step:
    """The signature that is next, and the bytes that it is appended to."""

    signature: Signature
    before: bytes
    planned: int

    @property
    def is_last(self) -> bool:
        """Whether the document is complete after it."""
        return self.signature.order == self.planned


def issue(instrument_id: int) -> None:
    """Render an instrument that has its number, and sign, check, store and issue it.

    Holds no transaction while it renders and signs. Where people sign, it ends with the print.
    Goes on where an earlier run stopped, with the same number; does nothing for an instrument
    that is issued or cancelled. A failure is recorded on the instrument as a sentence, and raised.
    """
    with acting_as(User.objects.system()):
        instrument = Instrument.objects.select_related("innovation").get(pk=instrument_id)
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
    """Numbered instruments that no worker has issued in that time, nor recorded a failure for.

    Those that wait for a person who signs are not the worker's.
    """
    before = timezone.now() - older_than
    waiting = Instrument.objects.filter(
        status__in=UNDER_WAY,
        entries__status=RegisterEntry.Status.TAKEN,
        entries__taken_at__lt=before,
    ).distinct()
    return [one for one in waiting if one.status == Status.NUMBERED or _by_worker(one)]


def _by_worker(instrument: Instrument) -> bool:
    try:
        return need_of(instrument.signing_way) is Need.NOTHING
    except SigningError:
        return True


def _complete(instrument: Instrument) -> None:
    if _print(instrument) is None:
        return
    if need_of(instrument.signing_way) is not Need.NOTHING:
        _let_people_sign(instrument)
        return
    while step := next_step(instrument.pk):
        _keep(step, _signed(step))


def next_step(instrument_id: int) -> Step | None:
    """The next signature of an instrument that is printed and not settled; None if there is none.

    A stored state that was harmed on the disk counts as not given.
    """
    instrument = Instrument.objects.select_related("rendered").get(pk=instrument_id)
    if instrument.status in SETTLED or instrument.rendered is None:
        return None
    rows = list(instrument.signatures.select_related("person", "signed", "instrument"))
    before = _unharmed(instrument.rendered)
    for row in rows:
        if row.signed and (content := _unharmed(row.signed)):
            before = content
        else:
            return Step(row, before, len(rows)) if before else None
    return None


def awaiting(person: User) -> list[Instrument]:
    """The printed instruments that wait for this person's passphrase, the oldest first."""
    earlier = Signature.objects.filter(
        instrument=OuterRef("instrument"), order__lt=OuterRef("order"), signed=None
    )
    steps = Signature.objects.filter(
        ~Exists(earlier), person=person, signed=None, instrument__status=Status.RENDERED
    )
    found = [step.instrument for step in steps.select_related("instrument").order_by("pk")]
    return [one for one in found if need_of(one.signing_way) is Need.PASSPHRASE]


def sign_in_person(person: User, instrument_id: int, credentials: Credentials) -> bool:
    """Let a person give the signature that is next, by a way that needs a passphrase.

    Calls the signing service: outside of any transaction, within a time limit. Returns False when
    it was given before, in another window perhaps. Raises ValidationError where it is not this
    person's turn, SigningError or WrongAnswer where the service did not sign: nothing has changed
    then, and it can be repeated.
    """
    step = next_step(instrument_id)
    if step is None or step.signature.person_id != person.pk:
        if _has_signed(person, instrument_id):
            return False
        raise ValidationError(_("This document does not wait for your signature."))
    if need_of(step.signature.instrument.signing_way) is not Need.PASSPHRASE:
        raise ValidationError(_("This document is not signed with a passphrase."))
    with acting_as(person):
        return _keep(step, _signed(step, credentials))


def _has_signed(person: User, instrument_id: int) -> bool:
    rows = Signature.objects.filter(instrument=instrument_id, person=person)
    return rows.filter(signed__isnull=False).exists()


def _print(instrument: Instrument) -> bytes | None:
    """The stored print to be signed, laid out now if there is none; None when it was overtaken."""
    if instrument.rendered and (content := _unharmed(instrument.rendered)):
        return content
    pdf = render_pdf(instrument)
    with transaction.atomic(durable=True):
        locked = _locked(instrument)
        if locked.status in SETTLED or locked.signing_way != instrument.signing_way:
            return None
        # Another worker may have been faster: both go on with the one print on the record.
        if locked.rendered and (content := _unharmed(locked.rendered)):
            return content
        locked.rendered = store(pdf, media_type=PDF)
        locked.status = Status.RENDERED
        locked.failure = ""
        locked.save()
        _tell_who_signs(locked)
    return pdf


def _let_people_sign(instrument: Instrument) -> None:
    """After a failure that is over: the print waits for people again."""
    with transaction.atomic(durable=True):
        locked = _locked(instrument)
        if locked.status == Status.FAILED:
            locked.status, locked.failure = Status.RENDERED, ""
            locked.save()
            _tell_who_signs(locked)


def _tell_who_signs(instrument: Instrument) -> None:
    need = need_of(instrument.signing_way)
    signature = instrument.signatures.filter(signed__isnull=True).first()
    if need is not Need.NOTHING and signature is not None:
        signature_awaited.send(Instrument, instrument=instrument, signature=signature, need=need)


def _unharmed(stored: StoredFile) -> bytes | None:
    try:
        content = stored.read()
    except FileNotFoundError:
        return None
    return content if hashlib.sha256(content).hexdigest() == stored.sha256 else None


def signature_request(signature: Signature) -> SignatureRequest:
    """What the signing way is told: who signs, in which capacity, where and why."""
    instrument = signature.instrument
    act = "Pengundangan" if signature.role == Signature.Role.PROMULGATOR else "Penetapan"
    return SignatureRequest(
        signatory=signature.person,
        name=signature.name,
        capacity=signature.capacity,
        place=instrument.place,
        reason=f"{act} {KINDS[instrument.kind]} Nomor {instrument.number}",
        order=signature.order,
        planned=instrument.signatures.count(),
        way=instrument.signing_way,
    )


def _signed(step: Step, credentials: Credentials | None = None) -> bytes:
    signed = sign(step.before, signature_request(step.signature), credentials)
    _check(step, signed)
    return signed


def _check(step: Step, signed: bytes) -> None:
    if len(signed) <= len(step.before) or not signed.startswith(step.before):
        raise WrongAnswer(_("The signed file is not the file that was sent to be signed."))
    state = check_signatures(signed, timezone.now(), step.signature.order)
    if not state.passed:
        raise WrongAnswer(_("The signed file is not valid: %s") % state.why)
    _check_signer(step.signature, state)


def _check_signer(signature: Signature, state: SignatureCheck) -> None:
    """Certificates write names in their own way; one that shares no word is another person's."""
    named = state.signers[-1]
    if not _words(named) & _words(signature.name):
        raise WrongAnswer(
            _("The certificate names %(found)s, but %(wanted)s is to sign.")
            % {"found": named, "wanted": signature.name}
        )


def _words(name: str) -> set[str]:
    return {word.strip(".,").casefold() for word in name.split()} - {""}


def _keep(step: Step, signed: bytes) -> bool:
    """Record one signature, and with the last one the document; False when it was overtaken."""
    pages = count_pages(signed)
    with transaction.atomic(durable=True):
        locked = _locked(step.signature.instrument)
        row = locked.signatures.select_related("signed").get(pk=step.signature.pk)
        changed = locked.signing_way != step.signature.instrument.signing_way
        if locked.status in SETTLED or changed or _is_given(row):
            return False
        row.signed, row.signed_at = store(signed, media_type=PDF), timezone.now()
        row.save()
        for later in locked.signatures.filter(order__gt=row.order, signed__isnull=False):
            later.signed = later.signed_at = None
            later.save()
        if step.is_last:
            conclude(locked, row.signed, pages)
        else:
            _tell_who_signs(locked)
    log.info("%s: signature %s of %s", locked.subject_code, row.order, locked.number)
    return True


def _is_given(row: Signature) -> bool:
    return row.signed is not None and _unharmed(row.signed) is not None


def count_pages(document: bytes) -> int:
    """How many pages a PDF has."""
    return len(PdfReader(io.BytesIO(document)).pages)


def conclude(locked: Instrument, document: StoredFile, pages: int) -> None:
    """Let these bytes count as the issued document; the instrument is locked by the caller."""
    locked.document, locked.pages = document, pages
    locked.status, locked.failure = Status.ISSUED, ""
    locked.issued_at = timezone.now()
    locked.save()
    for entry in RegisterEntry.objects.filter(instrument=locked, status=RegisterEntry.Status.TAKEN):
        entry.status = RegisterEntry.Status.ISSUED
        entry.save()
    instrument_issued.send(Instrument, instrument=locked, actor=User.objects.system())


def _fail(instrument: Instrument, error: Exception) -> None:
    log.error("%s: issuing %s failed: %r", instrument.subject_code, instrument.number, error)
    with transaction.atomic(durable=True):
        locked = _locked(instrument)
        if locked.status in SETTLED:
            return
        locked.status = Status.FAILED
        locked.failure = _sentence(error)
        locked.save()
        issuing_failed.send(Instrument, instrument=locked, actor=User.objects.system())


def _sentence(error: Exception) -> str:
    if isinstance(error, RenderError | SigningError | WrongAnswer):
        return str(error)
    return _("Something unexpected stopped it (%s). Try again.") % type(error).__name__


def _locked(instrument: Instrument) -> Instrument:
    return Instrument.objects.select_for_update().get(pk=instrument.pk)
