"""People leave: what rests on a person goes to others before the account is closed."""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.acting import verb
from accounts.leaving import check_may_leave, close_account, lasting_appointments
from accounts.models import Appointment, Office, User
from accounts.offices import appoint, today
from approvals.calendar import hold_calendar
from approvals.models import Outcome, Seat, SignOff
from approvals.seats import release_claim
from innovations.models import Draft, Innovation, Participant
from planning.models import ActionItem, Commitment
from planning.rules import check_offices

from .access import grant_initiators
from .announcements import announce_to
from .locking import lock_case
from .models import Case
from .rerouting import look_after, pass_on
from .stages import stage_labels

RUNNING = (Innovation.Status.IN_PROGRESS, Innovation.Status.RETURNED)


@dataclass(frozen=True)
class Duty:
    """Something that rests on a person; `facts` say in words what hangs on it.

    An idle one may stay without a successor: nothing waits there, or somebody else is there.
    """

    key: str
    label: str
    facts: Sequence[str] = ()
    idle: bool = False


@dataclass(frozen=True)
class Handover:
    """To whom each duty goes, by its key, and the letter by which offices are handed over."""

    successors: Mapping[str, User]
    basis_number: str = ""
    basis_date: datetime.date | None = None
    capacity: str = Appointment.Capacity.ACTING
    end: datetime.date | None = None


@dataclass(frozen=True)
class Kind:
    """A kind of duty: how those of a person are found, and how one is handed over."""

    label: object
    find: Callable[[User], list[Duty]]
    hand_over: Callable[[User, User, Duty, User, Handover], None]


def duties_of(person: User) -> dict[str, list[Duty]]:
    """Everything that rests on a person today, by its kind."""
    return {name: kind.find(person) for name, kind in KINDS.items()}


@verb
def leave(actor: User, person: User, handover: Handover) -> None:
    """Hand over everything that rests on a person, then close the account: all of it or nothing.

    Raises PermissionDenied for whoever is no administrator; ValidationError with a sentence for
    each duty (by its key) that lacks a successor, or whose successor may not take it.
    """
    # A decree that moves dates holds the calendar first, and then wants the seats given back here.
    hold_calendar()
    # Two who close each other's accounts wait for each other here, and the second one is refused.
    both = User.objects.select_for_update(no_key=True).filter(pk__in=[actor.pk, person.pk])
    locked = {one.pk: one for one in both.order_by("pk")}
    actor, person = locked[actor.pk], locked[person.pk]
    check_may_leave(actor, person)
    duties = duties_of(person)
    if not person.is_active and not _all(duties):
        raise ValidationError(
            _("%(person)s has left already; nothing is left to hand over.") % {"person": person}
        )
    _check_successors(person, _all(duties), handover)
    close_account(actor, person, on=today())
    for seat in Seat.objects.filter(claimed_by=person, state=Seat.State.OPEN):
        release_claim(actor, seat)
    for name, found in duties.items():
        for duty in found:
            if successor := handover.successors.get(duty.key):
                _hand_over(actor, person, KINDS[name], duty, successor, handover)
    if any(not duty.idle for duty in _all(duties_of(person))):
        raise ValidationError(_("Something new has arrived meanwhile. Look at the list again."))
    _tell(person, _all(duties), handover)


def _all(duties: Mapping[str, Iterable[Duty]]) -> list[Duty]:
    return [duty for found in duties.values() for duty in found]


def _check_successors(person: User, duties: Iterable[Duty], handover: Handover) -> None:
    errors = {}
    for duty in duties:
        successor = handover.successors.get(duty.key)
        if successor is None and not duty.idle:
            errors[duty.key] = _("Name who takes over: %(duty)s.") % {"duty": duty.label}
        elif successor is not None and (successor.pk == person.pk or not successor.is_active):
            errors[duty.key] = _("%(person)s cannot take this over. Name somebody else.") % {
                "person": successor
            }
    if errors:
        raise ValidationError(errors)


def _hand_over(
    actor: User, person: User, kind: Kind, duty: Duty, successor: User, handover: Handover
) -> None:
    try:
        kind.hand_over(actor, person, duty, successor, handover)
    except ValidationError as error:
        own = getattr(error, "error_dict", {})
        letter = {name: own[name] for name in ("basis_number", "basis_date", "end") if name in own}
        raise ValidationError(letter or {duty.key: error.messages}) from error


def _tell(person: User, duties: Iterable[Duty], handover: Handover) -> None:
    """One message for each successor, which names everything that is theirs now."""
    taken: dict[User, list[str]] = {}
    for duty in duties:
        if successor := handover.successors.get(duty.key):
            taken.setdefault(successor, []).append(duty.label)
    for successor, labels in taken.items():
        announce_to(
            [successor],
            "handed_over",
            occurrence=f"left:{person.pk}:{successor.pk}:{today().isoformat()}",
            person=person.get_short_name(),
            what="; ".join(labels),
        )


# ---- offices ----


def _offices(person: User) -> list[Duty]:
    found: dict[int, Duty] = {}
    for one in lasting_appointments(person, today()):
        found.setdefault(one.office_id, _of_office(one))
    return list(found.values())


def _of_office(appointment: Appointment) -> Duty:
    office, on = appointment.office, today()
    others = office.appointments.filter(
        Q(end__isnull=True) | Q(end__gte=on), start__lte=on, user__is_active=True
    ).exclude(user=appointment.user)
    stand_ins = [
        _("%(person)s stands in there.") % {"person": one.user}
        for one in others.select_related("user")
    ]
    resting = [*_open_items(office), *_owned(office)]
    idle = not resting or (bool(stand_ins) and appointment.end is not None)
    return Duty(f"office_{office.pk}", appointment.title, [*stand_ins, *resting], idle)


def _open_items(office: Office) -> list[str]:
    waiting = [Seat.State.OPEN, Seat.State.WAITING]
    seats = Seat.objects.filter(office=office, state__in=waiting).order_by("due", "pk")
    labels = stage_labels()
    sentence = _("“%(title)s” (%(code)s) waits there: %(stage)s.")
    return [
        sentence % {"title": title, "code": code, "stage": labels.get(stage, stage)}
        for title, code, stage in seats.values_list("case_title", "case_code", "stage")
    ]


def _owned(office: Office) -> list[str]:
    """The innovations that the office owns or keeps as the second custodian."""
    found = {}
    for row in _resting_on(office):
        owns = row.owner_office_id == office.pk
        sentence = _("Owner of “%(name)s”.") if owns else _("Second custodian of “%(name)s”.")
        found[row.innovation_id] = sentence % {"name": row.innovation.name}
    return list(found.values())


def _resting_on(office: Office) -> list[Commitment | ActionItem]:
    here = Q(owner_office=office) | Q(custodian_office=office)
    lasting = here & Q(innovation__status__in=[*RUNNING, Innovation.Status.INSTITUTIONALISED])
    related = ("innovation", "owner_office", "custodian_office")
    return [
        *Commitment.objects.filter(lasting).select_related(*related),
        *ActionItem.objects.filter(lasting).select_related(*related),
    ]


def _hand_over_office(
    actor: User, person: User, duty: Duty, successor: User, handover: Handover
) -> None:
    office = Office.objects.get(pk=int(duty.key.removeprefix("office_")))
    if handover.basis_date is None:
        raise ValidationError({"basis_date": _("Letter date: write the date of the letter.")})
    appoint(
        actor,
        successor,
        office,
        start=today(),
        end=handover.end,
        capacity=handover.capacity,
        basis_number=handover.basis_number,
        basis_date=handover.basis_date,
    )
    for row in _resting_on(office):
        check_offices(row.owner_office, row.custodian_office, today())
    codes = Seat.objects.filter(office=office, state=Seat.State.OPEN).values_list("case_code")
    for (code,) in codes.order_by("case_code").distinct():
        look_after(actor, code)


# ---- innovations ----


def _innovations(person: User) -> list[Duty]:
    mine = Q(initiator=person, caretaker=None) | Q(caretaker=person)
    running = Innovation.objects.filter(mine, status__in=RUNNING).order_by("code")
    return [
        Duty(
            f"innovation_{innovation.pk}",
            str(innovation),
            [_("Its revision waits.")] if innovation.status == Innovation.Status.RETURNED else [],
        )
        for innovation in running
    ]


def _hand_over_innovation(
    actor: User, person: User, duty: Duty, successor: User, handover: Handover
) -> None:
    """Let a caretaker revise and withdraw in the initiator's place; the initiator stays named."""
    pk = int(duty.key.removeprefix("innovation_"))
    case = lock_case(Case.objects.get(innovation=pk, code=F("innovation__code")).code)
    given = SignOff.objects.filter(
        seat__process=case.pk, person=successor, outcome=Outcome.APPROVE, lapse=None
    )
    if given.exclude(seat__stage="revision").exists():
        raise ValidationError(
            _("%(person)s has signed this innovation and cannot look after it as well.")
            % {"person": successor}
        )
    innovation = Innovation.objects.select_for_update().get(pk=pk)
    if innovation.caretaker is not None:
        # Who looked after it does not sign it later either.
        Participant.objects.get_or_create(
            innovation=innovation, user=innovation.caretaker, defaults={"left_at": timezone.now()}
        )
    innovation.caretaker = None if innovation.initiator_id == successor.pk else successor
    innovation.save()
    case.innovation = innovation
    grant_initiators(actor, case)
    Draft.objects.filter(innovation=innovation, submitted_at=None).update(owner=successor)
    because = _("%(person)s has left.") % {"person": person}
    pass_on(actor, case, person, successor, because=because)


# ---- drafts ----


def _drafts(person: User) -> list[Duty]:
    begun = Draft.objects.filter(owner=person, innovation=None, submitted_at=None)
    return [Duty(f"draft_{draft.pk}", str(draft)) for draft in begun.order_by("pk")]


def _hand_over_draft(
    actor: User, person: User, duty: Duty, successor: User, handover: Handover
) -> None:
    begun = Draft.objects.select_for_update().filter(owner=person, submitted_at=None)
    draft = begun.get(pk=int(duty.key.removeprefix("draft_")))
    named = draft.data.get("co_initiators", [])
    draft.data["co_initiators"] = [pk for pk in named if pk != str(successor.pk)]
    draft.owner = successor
    draft.save()


KINDS: dict[str, Kind] = {
    "offices": Kind(gettext_lazy("Offices"), _offices, _hand_over_office),
    "innovations": Kind(
        gettext_lazy("Innovations on their way"), _innovations, _hand_over_innovation
    ),
    "drafts": Kind(gettext_lazy("Drafts"), _drafts, _hand_over_draft),
}
