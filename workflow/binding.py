"""Which signatures still bind when a case comes (back) to a stage, and whose content has changed.

A signature binds the sections that its policy covers. An edit of a section drops exactly the
signatures that covered it; whoever gave them is asked again, and nobody else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import Max, QuerySet

from accounts.acting import verb
from accounts.models import User
from approvals.exclusions import ALWAYS, bar
from approvals.matter import Matter
from approvals.models import Lapse, Outcome, Seat, SignOff, SignOffPolicy
from approvals.seats import Member, Place
from approvals.sign_offs import Content, lapse

from .models import Case
from .sealing import sealed_content
from .stages import binds_again, comes_before

Cause = Lapse.Cause
Places = list[list[Place]]
# Coming from here a case goes back to the stage that asked, with changed content.
REVISION = "revision"


@dataclass(frozen=True)
class Binding:
    """The places of a stage with the signatures that still count, and who is asked again first."""

    places: Places
    again: Sequence[SignOff] = ()


@verb
def binding_at(
    actor: User,
    case: Case,
    policy: SignOffPolicy,
    matter: Matter,
    places: Places,
    *,
    came_from: str,
) -> Binding:
    """Keep, at the stage entered, the earlier signatures whose content is unchanged.

    All others of the stage lapse. After a revision those of earlier stages lapse too where their
    content has changed, and are returned in `again`. A stage that a case is sent back to is asked
    anew as a whole.
    """
    if not binds_again(policy.stage):
        return Binding(places)
    standing = list(_counting(case))
    own = [s for s in standing if s.seat.stage == policy.stage]
    revised = came_from == REVISION
    if not own and not revised:
        return Binding(places)
    earlier = _earlier(standing, policy.stage) if revised else []
    content = sealed_content(case.innovation, _covered([*own, *earlier]))
    keepable = [s for s in own if _may_stay(s, policy, matter, content, came_from)]
    places, kept = _with_kept(places, keepable)
    again = [s for s in earlier if content.changed_since(s) or bar(matter, ALWAYS, s.person_id)]
    for sign_off in [*(s for s in own if s not in kept), *again]:
        _lapse(actor, sign_off, content)
    return Binding(places, [*_owed(case, policy.stage), *again] if revised else ())


def _counting(case: Case) -> QuerySet[SignOff]:
    """The approvals of a case that have not lapsed."""
    signed = SignOff.objects.filter(
        seat__process=case.pk, outcome=Outcome.APPROVE, lapse__isnull=True
    )
    return signed.select_related(
        "seat__policy", "seat__office", "seat__unit", "seat__person", "seat__reconfirms__seat"
    )


def _earlier(signed: Iterable[SignOff], stage: str) -> list[SignOff]:
    """Those of the approvals that came before a stage; the initiator's own work is none."""
    return [
        one for one in signed if comes_before(one.seat.stage, stage) and binds_again(one.seat.stage)
    ]


def _owed(case: Case, stage: str) -> list[SignOff]:
    """Earlier signatures that lapsed and were asked for again, but never given.

    Their stage has not been signed anew since.
    """
    asked = _with_seats(Seat.objects.filter(process=case.pk, reconfirms__isnull=False))
    newest = {seat.reconfirms_id: seat for seat in asked.order_by("pk")}
    owed = [
        seat
        for seat in newest.values()
        if comes_before(seat.stage, stage)
        and (seat.answer is None or seat.answer.outcome != Outcome.APPROVE)
    ]
    if not owed:
        return []
    own = Seat.objects.filter(process=case.pk, reconfirms__isnull=True).order_by()
    entered = dict(own.values_list("stage").annotate(Max("pk")))
    return [s.reconfirms for s in owed if s.reconfirms and s.pk > entered.get(s.stage, 0)]


def _with_seats(seats: QuerySet[Seat]) -> QuerySet[Seat]:
    signed = "reconfirms__seat"
    return seats.select_related(
        "answer", f"{signed}__policy", f"{signed}__office", f"{signed}__unit", f"{signed}__person"
    )


def _covered(signed: Iterable[SignOff]) -> set[str]:
    return {section for one in signed for section in one.section_hashes}


def _may_stay(
    sign_off: SignOff, policy: SignOffPolicy, matter: Matter, content: Content, came_from: str
) -> bool:
    """Whether a signature of the stage entered can count on: unchanged, and still allowed."""
    forward = came_from == REVISION or comes_before(came_from, policy.stage)
    if not forward or not sign_off.section_hashes:
        return False
    if content.changed_since(sign_off):
        return False
    return not bar(matter, policy.exclusions, sign_off.person_id)


def _with_kept(places: Places, keepable: Iterable[SignOff]) -> tuple[Places, list[SignOff]]:
    """The same places with a signature each where one can stay; and those that do.

    Whoever was named instead of a policy's word signed in its place.
    """
    at: dict[tuple[int, Member | str], SignOff] = {}
    for one in keepable:
        at[_group(one.seat), one.seat.member if one.seat.moved_because else _who(one.seat)] = one
    filled = [
        [_kept(at, number, place) for place in in_group] for number, in_group in enumerate(places)
    ]
    return filled, [place.kept for in_group in filled for place in in_group if place.kept]


def _kept(at: dict[tuple[int, Member | str], SignOff], group: int, place: Place) -> Place:
    found = at.pop((group, place.who), None) or at.pop((group, place.member), None)
    return replace(place, who=_who(found.seat), kept=found) if found else place


def _group(seat: Seat) -> int:
    """The group that a seat, or the seat that it was asked again for, belongs to."""
    while seat.reconfirms is not None:
        seat = seat.reconfirms.seat
    return seat.group


def _who(seat: Seat) -> Member:
    found = seat.office or seat.unit or seat.person
    assert found is not None
    return found


def _lapse(actor: User, sign_off: SignOff, content: Content) -> None:
    changed = content.changed_since(sign_off)
    cause = Cause.CONTENT_CHANGED if changed else Cause.ASKED_ANEW
    lapse(actor, sign_off, cause, sections=changed)
