"""What an amendment, a revocation or an expiry leaves to do: opened once, each for an office."""

import logging
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import acting_as, verb
from accounts.authority import Authority, authorities_of
from accounts.models import Appointment, Delegation, Office, User
from accounts.offices import holders_of, today
from accounts.texts import clean_text
from approvals.models import Override
from approvals.refusals import NotAllowed, NotFound, Refused
from innovations.models import Innovation
from legal_basis.legal_section import LEGAL_SECTION_HEAD, sits_in_legal_section
from legal_basis.models import Consequence, Instrument, LegalRelation
from legal_basis.relations import acts_of, resting_on
from legal_basis.standing import EXTENDS_UNTIL, State, standing_of
from planning.models import ActionItem, Commitment

from .announcements import announce
from .models import Case

logger = logging.getLogger(__name__)

FINANCE = "kepala-bpkpd"
OUTCOME_LENGTH, SUBJECT_LENGTH = 2_000, 200
# A correction changes nothing of what rests on an instrument.
TOUCHING = (LegalRelation.Kind.AMENDS, LegalRelation.Kind.REVOKES)
Kind = Consequence.Kind


class Work(NamedTuple):
    """One thing that somebody has to look after."""

    kind: Kind
    subject: str
    office: Office


def look_after_instruments() -> int:
    """Open what follows from instruments that act, or have expired, by today; says how many rows.

    Runs hourly and is safe when two run at once: a row is opened once for its cause.
    """
    with acting_as(User.objects.system()):
        return sum(_open_safely(cause) for cause in [*_acting(), *_expired()])


def _acting() -> QuerySet[Instrument]:
    """Issued instruments in force that amend or revoke others, and have opened nothing yet."""
    issued = Instrument.objects.filter(
        status=Instrument.Status.ISSUED,
        in_force_from__lte=today(),
        acts_on__kind__in=TOUCHING,
        consequences__isnull=True,
    )
    return issued.distinct().order_by("pk")


def _expired() -> Iterator[Instrument]:
    """Issued instruments whose last day has passed, and which have opened nothing as such."""
    ended = Q(in_force_until__lt=today())
    extended = Q(acted_on_by__instrument__content__has_key=EXTENDS_UNTIL)
    own = Consequence.objects.filter(cause=F("target")).values("cause")
    found = Instrument.objects.filter(ended | extended, status=Instrument.Status.ISSUED)
    for instrument in found.exclude(pk__in=own).distinct().order_by("pk"):
        if standing_of(instrument).state == State.EXPIRED:
            yield instrument


def _open_safely(cause: Instrument) -> int:
    try:
        with transaction.atomic():
            return len(open_consequences(User.objects.system(), cause))
    except Exception:
        # One instrument that cannot be followed up must not keep the others waiting.
        logger.exception("%s: what follows from it was not opened", cause.subject_code)
        return 0


@verb
def open_consequences(actor: User, cause: Instrument) -> list[Consequence]:
    """Open the work that an instrument in force, or an expired one, leaves; a repeat opens none."""
    locked = Instrument.objects.select_for_update().get(pk=cause.pk)
    standing = standing_of(locked)
    if standing.state == State.EXPIRED:
        targets = [locked]
    elif standing.state == State.NOT_ISSUED or standing.since is None or standing.since > today():
        return []
    else:
        targets = [one.target for one in acts_of(locked) if one.kind in TOUCHING]
    opened = [row for target in targets for row in _opened(locked, target)]
    _tell(opened)
    return opened


def _opened(cause: Instrument, target: Instrument) -> Iterator[Consequence]:
    for work in work_resting_on(target, cause):
        row, is_new = Consequence.objects.get_or_create(
            cause=cause,
            kind=work.kind,
            subject=work.subject[:SUBJECT_LENGTH],
            defaults={"target": target, "office": work.office, "opened_at": timezone.now()},
        )
        if is_new:
            yield row


# ---- what rests on an instrument ----


def work_resting_on(target: Instrument, cause: Instrument) -> Iterator[Work]:
    """Everything that somebody has to look after once the target is no longer what it was."""
    for innovation in stipulated_by(target):
        yield from _money(innovation)
        yield from _monitoring(innovation)
    legal = Office.objects.get(code=LEGAL_SECTION_HEAD)
    for subject in _assignments(target):
        yield Work(Kind.ASSIGNMENT, subject, legal)
    for instrument in resting_on(target):
        if instrument.pk != cause.pk:
            yield Work(Kind.INSTRUMENT, f"{instrument.number} – {instrument.title}", legal)


def stipulated_by(instrument: Instrument) -> list[Innovation]:
    """The innovations that an instrument carries: those it names, else the one of its case."""
    named = Innovation.objects.filter(
        stipulations__instrument=instrument, stipulations__withdrawn=False
    )
    return list(named.order_by("stipulations__order", "pk")) or [instrument.innovation]


def _money(innovation: Innovation) -> Iterator[Work]:
    promised = Commitment.objects.exclude(status=Commitment.Status.RELEASED)
    commitment = promised.filter(innovation=innovation).select_related("owner_office").first()
    if commitment is None:
        return
    owner = commitment.owner_office
    yield Work(Kind.COMMITMENT, _subject(innovation), owner)
    for office in Office.objects.filter(code=FINANCE).exclude(pk=owner.pk):
        yield Work(Kind.COMMITMENT, f"{_subject(innovation)} – {office.title}", office)


def _monitoring(innovation: Innovation) -> Iterator[Work]:
    items = ActionItem.objects.filter(innovation=innovation, status=ActionItem.Status.ACTIVE)
    for item in items.select_related("owner_office"):
        yield Work(Kind.MONITORING, _subject(innovation), item.owner_office)


def _subject(innovation: Innovation) -> str:
    return f"{innovation.code} {innovation.name}"


def _assignments(target: Instrument) -> Iterator[str]:
    """Appointments, delegations and single signatures that rest on the target by its number."""
    wanted = {"basis_number": target.number}
    for appointment in Appointment.objects.filter(Q(end=None) | Q(end__gte=today()), **wanted):
        yield f"{appointment.title} – {appointment.user}"
    for letter in Delegation.objects.running(today()).filter(**wanted):
        yield f"{letter.principal.title} – {letter.delegate}"
    cases = Case.objects.filter(overrides__in=Override.objects.filter(**wanted))
    yield from cases.distinct().order_by("code").values_list("code", flat=True)


# ---- telling and closing ----


def _tell(opened: list[Consequence]) -> None:
    speaking = holders_of({row.office for row in opened}, today())
    for row in opened:
        if row.office_id not in speaking:
            continue
        announce(
            Case.objects.select_related("innovation").get(code=row.target.innovation.code),
            "consequence_opened",
            [speaking[row.office_id].user],
            occurrence=f"consequence:{row.pk}",
            target=row.target.number,
            what=row.subject,
            consequence=row.pk,
        )


def consequences_visible_to(user: User) -> QuerySet[Consequence]:
    """Those of the person's offices and of the cases that the person may see."""
    rows = Consequence.objects.select_related("cause", "target__innovation", "office", "closed_by")
    if sits_in_legal_section(user):
        return rows
    offices = [right.office for right in authorities_of(user, today())]
    seen = Case.objects.visible_to(user).values("innovation")
    return rows.filter(Q(office__in=offices) | Q(target__innovation__in=seen))


def waiting_for(rights: Iterable[Authority]) -> QuerySet[Consequence]:
    """What waits for the offices that a person may act for, the oldest first."""
    offices = [right.office for right in rights]
    rows = Consequence.objects.filter(office__in=offices, closed_at__isnull=True)
    return rows.select_related("cause", "target", "office")


def may_close(user: User, row: Consequence) -> bool:
    """Whether the person speaks for the row's office, or sits in the legal section."""
    if sits_in_legal_section(user):
        return True
    return any(right.office.pk == row.office_id for right in authorities_of(user, today()))


@verb
def close_consequence(actor: User, pk: int, outcome: str) -> Consequence:
    """Record what was done about a consequence.

    Raises NotFound, NotAllowed for whoever neither holds its office nor sits in the legal section,
    Refused where it is closed already, ValidationError without a sentence.
    """
    row = Consequence.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise NotFound(_("There is no such consequence, or you may not see it."))
    if not may_close(actor, row):
        raise NotAllowed(_("Only the office that looks after it, or the legal section, closes it."))
    if row.closed_at is not None:
        raise Refused(_("It was closed already, by %(person)s.") % {"person": row.closed_by})
    said = clean_text(outcome, max_length=OUTCOME_LENGTH, field=_("What was done"))
    if not said:
        raise ValidationError({"outcome": _("What was done: say it in a sentence.")})
    row.closed_at, row.closed_by, row.outcome = timezone.now(), actor, said
    row.save()
    return row
