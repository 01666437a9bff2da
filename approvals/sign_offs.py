"""Answering a seat, taking an answer back, and letting an answer go whose content has changed."""

import datetime
import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.models import User

from .arrangement import arrange
from .models import Lapse, Outcome, Remark, Seat, SignOff, SignOffPolicy
from .policies import Vote
from .refusals import NotAllowed, Refused
from .seats import FIELDS_OF_A_TURN
from .standing import Answer, Standing, refusal_of

Cause = Lapse.Cause


@dataclass(frozen=True)
class Content:
    """What a signature binds: sections, each under the hash of what it says.

    The floors above keep the text of every hash in `SectionText`.
    """

    hashes: Mapping[str, str]

    @property
    def digest(self) -> str:
        """One hash over the hashes of the sections."""
        canonical = json.dumps(dict(self.hashes), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(f"payung-content-2:{canonical}".encode()).hexdigest()

    def changed_since(self, sign_off: SignOff) -> list[str]:
        """The sections that a signature covered and that have changed since."""
        signed = sign_off.section_hashes
        return [key for key, value in signed.items() if self.hashes.get(key) != value]

    def of(self, covers: Collection[str]) -> "Content":
        """The part of it that some sections are."""
        return Content({key: value for key, value in self.hashes.items() if key in covers})


@dataclass(frozen=True)
class Signed:
    """What one signature brought about."""

    sign_off: SignOff
    result: Vote
    opened: Sequence[Seat]


@verb
def sign(
    actor: User,
    seat: Seat,
    outcome: str,
    *,
    standing: Standing,
    answer: Answer,
    policy: SignOffPolicy,
    content: Content,
    at: datetime.datetime,
    note: str = "",
    remarks: Sequence[tuple[str, str]] = (),
) -> Signed:
    """Sign one seat; says what the stage's signatures amount to now. Caller holds the case's lock.

    `answer` is what `standing` said of actor and seat under this lock, `policy` the stage's own.
    Raises the refusal that the answer stands for, ValueError when `outcome` is no Outcome.
    """
    if not answer.allowed:
        raise refusal_of(answer)
    right = answer.authority
    sign_off = SignOff.objects.create(
        seat=seat,
        round=seat.round,
        person=actor,
        capacity=right.capacity if right else str(actor),
        basis=right.basis if right else "",
        outcome=Outcome(outcome).value,
        note=note,
        content_hash=content.digest,
        section_hashes=dict(content.hashes),
        decided_at=at,
    )
    for section, text in remarks:
        Remark.objects.create(sign_off=sign_off, section=section, text=text)
    recused = outcome == Outcome.RECUSE
    seat.answer = sign_off
    seat.state = Seat.State.RECUSED if recused else Seat.State.SIGNED
    seat.save(update_fields=["state", "answer"])
    result, opened = _arranged(standing, policy)
    return Signed(sign_off, result, opened)


@verb
def take_back(
    actor: User, seat: Seat, *, reason: str, standing: Standing, policy: SignOffPolicy
) -> Sequence[Seat]:
    """Let the author of an answer have it back while the stage is open; both rows stay.

    Returns the seats whose turn it is again. Raises NotAllowed for everybody else, Refused where
    there is no answer to take back.
    """
    if seat.answer is None or seat.state != Seat.State.SIGNED:
        raise Refused(_("There is no answer at this seat that could be taken back."))
    if seat.answer.person_id != actor.pk:
        raise NotAllowed(_("Only whoever gave an answer may take it back."))
    let_go(actor, seat, Cause.TAKEN_BACK, reason=reason)
    return _arranged(standing, policy)[1]


@verb
def let_go(
    actor: User, seat: Seat, cause: str, *, reason: str = "", sections: Sequence[str] = ()
) -> None:
    """Note that a seat's answer counts no longer, and let the seat wait for another round."""
    assert seat.answer is not None
    lapse(actor, seat.answer, cause, reason=reason, sections=sections)
    seat.answer = None
    seat.round += 1
    seat.state = Seat.State.WAITING
    seat.save(update_fields=["state", "answer", "round"])


@verb
def lapse(
    actor: User,
    sign_off: SignOff,
    cause: str,
    *,
    reason: str = "",
    sections: Sequence[str] = (),
) -> Lapse:
    """Note that a signature counts no longer, and why."""
    return Lapse.objects.create(
        sign_off=sign_off, cause=cause, reason=reason, sections=list(sections), at=timezone.now()
    )


@verb
def let_go_changed(
    actor: User,
    standing: Standing,
    policy: SignOffPolicy,
    content: Content,
    *,
    but: Seat | None = None,
) -> Sequence[Seat]:
    """Let go exactly the stage's answers whose content has changed, and ask their signers again.

    Returns the seats that are asked again.
    """
    dropped = []
    for seat in standing.seats:
        if seat == but or seat.answer is None or seat.answer.outcome == Outcome.RECUSE:
            continue
        if changed := content.changed_since(seat.answer):
            let_go(actor, seat, Cause.CONTENT_CHANGED, sections=changed)
            dropped.append(seat)
    if dropped:
        _arranged(standing, policy)
    return [seat for seat in dropped if seat.state == Seat.State.OPEN]


def _arranged(standing: Standing, policy: SignOffPolicy) -> tuple[Vote, list[Seat]]:
    result, changed = arrange(policy, standing.seats, standing.matter)
    for seat in changed:
        seat.save(update_fields=FIELDS_OF_A_TURN)
    return result, [seat for seat in changed if seat.state == Seat.State.OPEN]
