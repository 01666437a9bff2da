"""Who signed an instrument, as the public sees it: name, capacity, by which letter."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Appointment, Delegation, Office, User
from accounts.offices import standing_between

from .models import Instrument, Signature
from .signature_facts import LABELS, TONES, SignatureFacts, SignatureState, signatures_in

Role = Signature.Role
DEFINITIVE = Appointment.Capacity.DEFINITIVE


@dataclass(frozen=True)
class Signer:
    """One who signed; `facts` are those of the signature in the file, where there is one."""

    role: Role
    name: str
    capacity: str
    basis: str
    signed_at: datetime.datetime | None
    state: SignatureState
    facts: SignatureFacts | None

    @property
    def state_label(self) -> str:
        """What the signature is worth, in words."""
        return str(LABELS[self.state])

    @property
    def tone(self) -> str:
        """The colour beside the words."""
        return TONES.get(self.state, "bad" if self.state == SignatureState.INVALID else "warn")

    @property
    def role_label(self) -> str:
        """What the signature does: it stipulates, or it promulgates."""
        return _("Promulgated by") if self.role == Role.PROMULGATOR else _("Signed by")


def signers_of(instrument: Instrument, *, trusted: bool) -> list[Signer]:
    """All who signed, in order; `trusted` when the verdict trusts the document's signatures."""
    rows = list(instrument.signatures.select_related("person", "office"))
    facts = signatures_in(instrument.document)
    return [_signer(row, own, trusted) for row, own in _paired(rows or [_only(instrument)], facts)]


def _only(instrument: Instrument) -> Signature:
    """The signature of an instrument from before each one had its row."""
    return Signature(
        instrument=instrument,
        order=1,
        role=Role.SIGNATORY,
        office=instrument.signatory_office,
        person=instrument.signatory,
        name=instrument.signatory_name,
        capacity=instrument.signatory_capacity,
        signed_at=instrument.issued_at,
    )


def _paired(
    rows: list[Signature], facts: Iterable[SignatureFacts]
) -> Iterable[tuple[Signature, SignatureFacts | None]]:
    return [(row, own) for row, own in zip_longest(rows, facts) if row is not None]


def _signer(row: Signature, facts: SignatureFacts | None, trusted: bool) -> Signer:
    signed_at = row.signed_at or (facts.signed_at if facts else None)
    return Signer(
        role=Role(row.role),
        name=row.name,
        capacity=row.capacity,
        basis=basis_of(row.person, row.office, row.instrument.dated) if row.person_id else "",
        signed_at=signed_at,
        state=facts.state(trusted=trusted) if facts else SignatureState.NOT_ELECTRONIC,
        facts=facts,
    )


def basis_of(person: User, office: Office, day: datetime.date | None) -> str:
    """By which letter somebody signed for an office on that day; empty for its definitive holder.

    A letter is of a substitute's appointment, or of a delegation by whoever held the office.
    """
    if day is None:
        return ""
    own = standing_between(office, day, day).filter(user=person)
    if appointment := own.order_by("capacity").exclude(capacity=DEFINITIVE).first():
        return _letter(appointment)
    if own.exists():
        return ""
    given = Delegation.objects.running(day).filter(principal__office=office, delegate=person)
    return _letter(delegation) if (delegation := given.first()) else ""


def _letter(letter: Appointment | Delegation) -> str:
    return _("letter number %(number)s of %(day)s") % {
        "number": letter.basis_number,
        "day": date_format(letter.basis_date, "j F Y"),
    }
