"""Certified copies (salinan) and excerpts (petikan): made of the issued text, certified, kept."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import acting_as, verb
from accounts.files.storage import store
from accounts.models import User
from accounts.offices import today
from accounts.texts import LINE_LENGTH, clean_text

from .anatomy import Anatomy
from .copy_print import CERTIFIED, lay_out_copy
from .legal_section import speaker_of_legal_section
from .models import CertifiedCopy, Instrument
from .originals import original_anatomy
from .rendering import RenderError
from .signing import SignatureRequest, SigningError, sign
from .validation import check_signatures

log = logging.getLogger(__name__)
Kind = CertifiedCopy.Kind
PDF = "application/pdf"
LOCAL = "local"


@dataclass(frozen=True)
class Part:
    """A dictum or an article of the original, by its position."""

    position: int
    label: str
    text: str


def parts_of(anatomy: Anatomy) -> list[Part]:
    """What an excerpt may choose from: the dicta of a decree, the articles of a regulation."""
    if anatomy.dicta:
        pieces = [(clause.label, clause.text) for clause in anatomy.dicta]
    else:
        articles = [unit for unit in anatomy.body if unit.kind == "pasal"]
        pieces = [(unit.label, " ".join(one.text for one in unit.clauses)) for unit in articles]
    return [Part(position, *piece) for position, piece in enumerate(pieces)]


@verb
def certify_copy(
    actor: User,
    instrument: Instrument,
    *,
    kind: str = Kind.COPY,
    recipient: str = "",
    parts: Sequence[int] = (),
) -> CertifiedCopy:
    """Certify that a copy or excerpt is the same as the original; the worker makes the file.

    Raises PermissionDenied for whoever does not speak for the legal section today,
    ValidationError for an instrument that is not issued and for an excerpt of nothing.
    """
    capacity = _capacity(actor)
    locked = Instrument.objects.select_for_update().get(pk=instrument.pk)
    if locked.status != Instrument.Status.ISSUED:
        raise ValidationError(_("Only an issued instrument is copied."))
    last = locked.copies.aggregate(last=Max("serial"))["last"] or 0
    return CertifiedCopy.objects.create(
        instrument=locked,
        kind=kind,
        serial=last + 1,
        recipient=clean_text(recipient, max_length=LINE_LENGTH, field=_("Recipient"), lines=False),
        parts=_chosen(locked, parts) if kind == Kind.EXCERPT else [],
        certified_by=actor,
        certified_on=today(),
        capacity=capacity,
    )


def make_copy(copy_id: int) -> None:
    """Lay out, sign where the installation signs by itself, and keep; can be repeated.

    Holds no transaction meanwhile. A failure is recorded as a sentence, and raised.
    """
    with acting_as(User.objects.system()):
        copies = CertifiedCopy.objects.select_related("instrument", "certified_by", "document")
        copy = copies.get(pk=copy_id)
        if copy.document:
            return
        try:
            _keep(copy, _signed(copy, lay_out_copy(copy, original_anatomy(copy.instrument))))
        except Exception as error:
            _fail(copy, error)
            raise


def speaks_for_legal_section(user: User) -> bool:
    """Whether this person heads the legal section today, or stands in for its head."""
    speaking = speaker_of_legal_section()
    return speaking is not None and speaking.user_id == user.pk


def check_speaker(user: User) -> None:
    """Raise PermissionDenied for whoever does not head the legal section today."""
    if not speaks_for_legal_section(user):
        raise PermissionDenied(_("Only the head of the legal section certifies copies."))


def _capacity(actor: User) -> str:
    check_speaker(actor)
    speaking = speaker_of_legal_section()
    assert speaking is not None
    return speaking.title


def _chosen(instrument: Instrument, parts: Sequence[int]) -> list[int]:
    known = {part.position for part in parts_of(original_anatomy(instrument))}
    chosen = sorted(known.intersection(parts))
    if not chosen:
        raise ValidationError(_("Parts: choose at least one, or make a copy of the whole."))
    return chosen


def _signed(copy: CertifiedCopy, pdf: bytes) -> bytes:
    """With the electronic signature of who certified it, where that needs no other person."""
    if settings.SIGNING_PROVIDER != LOCAL:
        return pdf
    request = SignatureRequest(
        signatory=copy.certified_by,
        name=copy.certified_by.name_plain,
        capacity=copy.capacity,
        place=copy.instrument.place,
        reason=f"{CERTIFIED[Kind(copy.kind)]} sesuai dengan aslinya",
    )
    signed = sign(pdf, request)
    state = check_signatures(signed, timezone.now())
    if not (signed.startswith(pdf) and state.passed):
        raise SigningError(_("The signed file is not valid: %s") % state.why)
    return signed


def _keep(copy: CertifiedCopy, document: bytes) -> None:
    with transaction.atomic(durable=True):
        locked = CertifiedCopy.objects.select_for_update().get(pk=copy.pk)
        if locked.document_id:
            return
        locked.document = store(document, media_type=PDF)
        locked.failure = ""
        locked.save()


def _fail(copy: CertifiedCopy, error: Exception) -> None:
    code = copy.instrument.subject_code
    log.error("%s: copy %s failed: %s", code, copy.serial, type(error).__name__)
    known: tuple[Any, ...] = (RenderError, SigningError)
    sentence = (
        str(error)
        if isinstance(error, known)
        else _("Something unexpected stopped it (%s). Try again.") % type(error).__name__
    )
    with transaction.atomic(durable=True):
        locked = CertifiedCopy.objects.select_for_update().get(pk=copy.pk)
        if locked.document_id is None:
            locked.failure = sentence
            locked.save()
