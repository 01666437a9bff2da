"""Handing one's authority on by letter for some days, and ending that early."""

import datetime
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from .acting import verb
from .authority import MANDATES
from .files.uploads import CheckedUpload
from .letters import attach, check_number
from .models import Appointment, Delegation, User
from .offices import standing_between, today
from .rights import may_appoint
from .scopes import words_of
from .signals import authority_ended_early, authority_handed_on
from .texts import about, clean_text, parse_money

REASON_LENGTH = 2_000


@verb
def delegate(
    actor: User,
    principal: Appointment,
    delegate: User,
    *,
    start: datetime.date,
    end: datetime.date,
    basis_number: str,
    basis_date: datetime.date,
    stages: Sequence[str] = (),
    instrument_kinds: Sequence[str] = (),
    ceiling: Decimal | None = None,
    letter: CheckedUpload | None = None,
) -> Delegation:
    """Let `delegate` act for the office of `principal` on those days, within that scope.

    An empty scope is every stage, every kind of instrument, any amount. Raises PermissionDenied
    for others than the holder and administrators, ValidationError with a sentence per field.
    """
    _one_at_a_time()
    _check_giver(actor, principal)
    given = Delegation(
        principal=principal,
        delegate=delegate,
        start=start,
        end=end,
        basis_number=basis_number,
        basis_date=basis_date,
        stages=list(stages),
        instrument_kinds=list(instrument_kinds),
        ceiling=ceiling,
    )
    for check in CHECKS:
        check(given)
    attach(given, letter)
    given.save()
    authority_handed_on.send(sender=Delegation, delegation=given, actor=actor)
    return given


def _one_at_a_time() -> None:
    """Wait for whoever hands on at this moment: a circle may lead through any two offices.

    The row is one that always exists; its number stays free for what refers to it.
    """
    list(User.objects.select_for_update(no_key=True).filter(username=User.SYSTEM))


def may_hand_on(actor: User, principal: Appointment) -> bool:
    """Whether this person may give and end delegations of that appointment."""
    return actor.pk == principal.user_id or may_appoint(actor)


@verb
def revoke(actor: User, delegation: Delegation, reason: str) -> None:
    """End a delegation now, with the reason; what was signed under it stays signed.

    Raises PermissionDenied for others than its giver and administrators, ValidationError without
    a reason or when it has ended already.
    """
    locked = Delegation.objects.select_for_update().get(pk=delegation.pk)
    _check_giver(actor, delegation.principal)
    if locked.revoked_at is not None or locked.end < today():
        raise ValidationError(_("This delegation has ended already."), code="ended")
    with about("reason"):
        locked.revocation_reason = clean_text(reason, max_length=REASON_LENGTH)
        if not locked.revocation_reason:
            raise ValidationError(_("Say in a sentence why it ends early."))
    locked.revoked_at = timezone.now()
    locked.revoked_by = actor
    locked.save()
    delegation.refresh_from_db()
    authority_ended_early.send(sender=Delegation, delegation=delegation, actor=actor)


def _check_giver(actor: User, principal: Appointment) -> None:
    if not may_hand_on(actor, principal):
        raise PermissionDenied(_("Only the holder of an office hands its authority on."))


def _check_chain(given: Delegation) -> None:
    """A mandate was received, and is not passed on."""
    principal = given.principal
    if principal.capacity in MANDATES:
        sentence = _("%(capacity)s is a mandate and cannot be passed on. Ask who gave it.")
        raise ValidationError({"principal": sentence % {"capacity": principal.title}})
    if not principal.user.is_active:
        sentence = _("The account of %(person)s is not active.")
        raise ValidationError({"principal": sentence % {"person": principal.user}})


def _check_days(given: Delegation) -> None:
    first, last, on = given.start, given.end, today()
    longest = datetime.timedelta(days=settings.DELEGATION_MAX_DAYS - 1)
    if last < first:
        raise ValidationError({"end": _("The last day lies before the first. Check both dates.")})
    if last < on:
        raise ValidationError({"end": _("The last day has passed. Choose today or a later day.")})
    if first < on:
        raise ValidationError({"start": _("Authority is not handed on for days that have passed.")})
    if last - first > longest:
        sentence = _("A delegation lasts at most %(days)s days. Choose an earlier last day.")
        raise ValidationError({"end": sentence % {"days": settings.DELEGATION_MAX_DAYS}})
    if given.basis_date > on:
        raise ValidationError({"basis_date": _("The letter cannot be dated after today.")})


def _check_term(given: Delegation) -> None:
    """Nobody hands on more than they have."""
    term = given.principal
    if given.start < term.start:
        sentence = _("%(person)s holds %(office)s from a later day on. Choose a later first day.")
        raise ValidationError({"start": sentence % _words(term)})
    if term.end is not None and given.end > term.end:
        sentence = _("%(person)s does not hold %(office)s that long. Choose an earlier last day.")
        raise ValidationError({"end": sentence % _words(term)})


def _words(appointment: Appointment) -> dict[str, object]:
    return {"person": appointment.user, "office": appointment.office}


def _check_delegate(given: Delegation) -> None:
    person, giver = given.delegate, given.principal.user
    if person.pk == giver.pk:
        raise ValidationError({"delegate": _("Nobody acts on behalf of themselves.")})
    if not person.is_active:
        sentence = _("The account of %(person)s is not active. Choose somebody else.")
        raise ValidationError({"delegate": sentence % {"person": person}})
    standing = standing_between(given.principal.office, given.start, given.end)
    if any(one.user_id == person.pk for one in standing):
        sentence = _("%(person)s is appointed to %(office)s in those days. Choose somebody else.")
        values = {"person": person, "office": given.principal.office}
        raise ValidationError({"delegate": sentence % values})


def _check_circle(given: Delegation) -> None:
    """Whoever hands authority on is away: following the letters must not lead back to the giver."""
    giver = given.principal.user
    running = Delegation.objects.crossing(given.start, given.end).filter(
        Q(principal__end=None) | Q(principal__end__gte=given.start), principal__user__is_active=True
    )
    letters = list(running.values_list("principal__user", "delegate", "start", "end"))
    ways = [(given.delegate_id, given.start, given.end)]
    seen = set(ways)
    while ways:
        person, first, last = ways.pop()
        if person == giver.pk:
            sentence = _(
                "%(person)s has handed authority on in those days, and the letters lead back to "
                "%(giver)s. Choose somebody who is there, or other days."
            )
            values = {"person": given.delegate, "giver": giver}
            raise ValidationError({"delegate": sentence % values})
        onward = {
            (to, max(first, begins), min(last, ends))
            for by, to, begins, ends in letters
            if by == person and begins <= last and ends >= first
        }
        ways += onward - seen
        seen |= onward


def _check_scope(given: Delegation) -> None:
    for scope in ("stages", "instrument_kinds"):
        chosen = getattr(given, scope)
        if unknown := [name for name in chosen if name not in words_of(scope)]:
            sentence = _("“%(name)s” cannot be chosen here.") % {"name": unknown[0]}
            raise ValidationError({scope: sentence})
    if given.ceiling is not None:
        with about("ceiling"):
            given.ceiling = parse_money(given.ceiling)


def _check_double(given: Delegation) -> None:
    """One delegate per matter and day: it must be plain whom the office's letter names."""
    others = Delegation.objects.crossing(given.start, given.end).filter(principal=given.principal)
    for other in others.select_related("delegate"):
        if _meet(other.stages, given.stages) and _meet(
            other.instrument_kinds, given.instrument_kinds
        ):
            sentence = _(
                "By letter %(letter)s %(person)s acts for the same matters in those days. "
                "End that delegation first, or choose other stages or days."
            )
            values = {"letter": other.basis_number, "person": other.delegate}
            raise ValidationError({"delegate": sentence % values})


def _meet(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether two scopes share something; an empty one is everything."""
    return not one or not other or bool(set(one) & set(other))


CHECKS: tuple[Callable[[Delegation], None], ...] = (
    _check_chain,
    _check_days,
    _check_term,
    check_number,
    _check_delegate,
    _check_circle,
    _check_scope,
    _check_double,
)
