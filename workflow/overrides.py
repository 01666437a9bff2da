"""Recording the letter on which an acting official may bind organisation, personnel or budget."""

import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.clock import day_of
from accounts.models import User
from accounts.offices import offices_held, today
from accounts.texts import clean_text
from approvals.exclusions import ALWAYS, bar
from approvals.models import Override, Seat
from approvals.refusals import NotAllowed, Refused
from approvals.standing import Standing, group_of
from legal_basis.legal_section import LEGAL_SECTION_HEAD

from .desk import desk_of

NUMBER_LENGTH, REASON_LENGTH = 80, 2_000


@verb
def record_override(
    actor: User,
    code: str,
    seat_id: int,
    *,
    basis_number: str,
    basis_date: datetime.date,
    reason: str,
) -> Override:
    """Record the letter by which whoever acts for a seat may be the last to bind the region.

    UU 30/2014, art. 14 (7). Raises NotFound, Busy, NotAllowed for everybody but the legal section
    and for whoever would sign by it, Refused where no mandate is in the way, ValidationError with
    a sentence for what is missing.
    """
    desk = desk_of(code, seat_id)
    check_may_record(actor, desk.standing, desk.seat)
    number = clean_text(
        basis_number, max_length=NUMBER_LENGTH, field=_("Letter number"), lines=False
    )
    said = clean_text(reason, max_length=REASON_LENGTH, field=_("Reason"))
    if not number:
        raise ValidationError({"basis_number": _("Letter number: write the number of the letter.")})
    if basis_date > day_of(desk.moment):
        raise ValidationError({"basis_date": _("Letter date: a letter cannot be of a later day.")})
    if not said:
        raise ValidationError({"reason": _("Reason: say in a sentence why the letter allows it.")})
    return Override.objects.create(
        process_id=desk.case.pk,
        stage=desk.seat.stage,
        basis_number=number,
        basis_date=basis_date,
        reason=said,
        at=desk.moment,
    )


def may_record(actor: User, standing: Standing, seat: Seat) -> bool:
    """Whether such a letter is wanted at a seat, and this person may record it."""
    if not group_of(seat).definitive:
        return False
    try:
        check_may_record(actor, standing, seat)
    except Refused:
        return False
    return True


def check_may_record(actor: User, standing: Standing, seat: Seat) -> None:
    """Raise NotAllowed or Refused, as `record_override` does."""
    held = offices_held(actor, today())
    if not any(one.office.code == LEGAL_SECTION_HEAD for one in held):
        raise NotAllowed(_("Only the head of the legal section records such a letter."))
    if bar(standing.matter, ALWAYS, actor.pk) or standing.could_sign(seat, actor).rule == "mandate":
        raise NotAllowed(_("Whoever is concerned by the letter cannot record it."))
    blocked = [
        right
        for right in standing.authorities(seat)
        if standing.could_sign(seat, right.person).rule == "mandate"
    ]
    if not group_of(seat).definitive or not blocked:
        raise Refused(_("Nobody at this seat needs such a letter now."))
