"""The one decision command: page, API and shell decide by it (design.md section 3)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.models import User
from accounts.texts import clean_text
from approvals.models import Outcome, Seat, SignOff
from approvals.refusals import AlreadyDecided, Changed, Refused
from approvals.seats import claim
from approvals.sign_offs import Signed, sign
from approvals.standing import holds_claim, refusal_of
from innovations.stage_forms import StageForm

from .announcements import announce, initiators_of
from .declarations import check_declared
from .desk import Desk, answers_at, ask_again, desk_of, form_class_at, read_at
from .seating import tell_holders

NOTE_LENGTH = 4000


class InvalidRecord(Exception):
    """The stage's form does not hold; it carries its errors and what was typed."""

    def __init__(self, form: StageForm) -> None:
        super().__init__("; ".join(form.sentences()))
        self.form = form


@dataclass(frozen=True)
class Decision:
    """What came of an act: its sign-off, and whether it repeats an earlier call."""

    sign_off: SignOff
    repeated: bool
    stage_result: str | None


@dataclass(frozen=True)
class Act:
    """What a signer answers: outcome, reason, and what the stage asked to be filled in."""

    outcome: str
    note: str = ""
    remarks: Sequence[tuple[str, str]] = ()
    form: StageForm | None = None
    seen: str = ""


@verb
def decide(actor: User, code: str, seat_id: int, act: Act) -> Decision:
    """Sign one seat of a case, and move the case on when its policy is satisfied.

    Raises NotFound, NotAllowed, Claimed, AlreadyDecided, Changed, Busy (each with a sentence),
    ValidationError or InvalidRecord; nothing is changed then. A repeat by the same person
    answers with the first outcome.
    """
    desk = desk_of(code, seat_id)
    seat, standing = desk.seat, desk.standing
    if first := _first_answer(actor, seat, standing.seats):
        return Decision(first, repeated=True, stage_result=None)
    answer = standing.answer(seat, actor)
    if not answer.allowed:
        raise refusal_of(answer)
    check_declared(actor, desk.case.innovation, seat)
    note = _checked_note(seat, act)
    content = desk.content()
    if act.seen and act.seen != content.of(read_at(seat)).digest:
        raise Changed(
            _("The content has changed since you opened this page. Read it again, then decide.")
        )
    if act.form is not None:
        _record(act.form, act.outcome)
        act.form.check_complete()
        content = ask_again(actor, desk, but=seat)
    signed = sign(
        actor,
        seat,
        act.outcome,
        standing=standing,
        answer=answer,
        policy=desk.policy,
        content=content.of(seat.policy.covers),
        at=desk.moment,
        note=note,
        remarks=act.remarks,
    )
    move_on(actor, desk, signed)
    return Decision(signed.sign_off, repeated=False, stage_result=signed.result)


@verb
def keep_record(actor: User, code: str, seat_id: int, form: StageForm) -> None:
    """Keep what a stage's form holds without deciding, so that its author can look at the result.

    The seat is its author's for today. Raises what `decide` raises.
    """
    desk = desk_of(code, seat_id)
    if not desk.node.kept or not isinstance(form, form_class_at(desk.seat) or ()):
        raise Refused(_("At this stage the form is kept with the decision."))
    claim(actor, desk.seat, desk.standing, at=desk.moment)
    check_declared(actor, desk.case.innovation, desk.seat)
    _record(form, Outcome.APPROVE.value)
    ask_again(actor, desk, but=desk.seat)


@verb
def take_up(actor: User, code: str, seat_id: int, *, take_over: bool = False) -> None:
    """Let the others see that somebody works on a seat; one of many that ask is told it is theirs.

    Whoever had taken it up is told when somebody takes it over. Raises NotFound, NotAllowed, Busy,
    and Claimed where a colleague was first.
    """
    desk = desk_of(code, seat_id)
    others = _working_on(desk, but=actor) if take_over else []
    claim(actor, desk.seat, desk.standing, at=desk.moment, take_over=take_over)
    if others:
        announce(
            desk.case,
            "taken_over",
            others,
            occurrence=f"taken_over:{desk.seat.pk}:{desk.moment.isoformat()}",
            seat=desk.seat.pk,
            stage=desk.seat.stage,
            person=actor.get_short_name(),
        )


def _working_on(desk: Desk, *, but: User) -> list[User]:
    """The colleagues who have taken up the seat, or one that the same answer settles, today."""
    seats = [desk.seat, *desk.standing.shared_with(desk.seat)]
    people = [seat.claimed_by for seat in seats if holds_claim(seat, desk.standing.on)]
    return [person for person in people if person is not None and person.pk != but.pk]


@verb
def move_on(actor: User, desk: Desk, signed: Signed) -> None:
    """Ask the next signers, or execute the task when the policy is satisfied."""
    tell_holders(desk.case, signed.opened, desk.standing)
    if signed.result is None:
        return
    finish_stage(actor, desk, signed.result, signed.sign_off)


@verb
def finish_stage(actor: User, desk: Desk, result: str, last: SignOff) -> None:
    """Execute the task of a stage whose signatures amount to a result."""
    case, node, task = desk.case, desk.node, desk.seat.task
    # The locked row is the one that goes on, not a copy that viewflow would load anew.
    task.process = case
    if result != Outcome.APPROVE:
        case.reason = last.note or "\n".join(last.remarks.values_list("text", flat=True))
        case.asked_by = node.name
    node.activation_class(task).finish(actor, result)
    if result == Outcome.APPROVE and not node.own_work:
        announce(
            case,
            "stage_passed",
            initiators_of(case),
            occurrence=f"task:{task.pk}",
            stage=node.name,
        )


def _first_answer(actor: User, seat: Seat, seats: Sequence[Seat]) -> SignOff | None:
    """The answer this person gave already; raises AlreadyDecided when somebody else answered."""
    given = [one.answer for one in seats if one.state == Seat.State.SIGNED and one.answer]
    given.sort(key=lambda sign_off: (sign_off.decided_at, sign_off.pk))
    if seat.answer is not None:
        mine = seat.answer
    elif seat.state == Seat.State.CLOSED and given:
        own = [sign_off for sign_off in given if sign_off.person_id == actor.pk]
        mine = (own or given)[-1]
    else:
        return None
    if mine.person_id == actor.pk:
        return mine
    raise AlreadyDecided(mine)


def _checked_note(seat: Seat, act: Act) -> str:
    """The reason, cleaned; raises ValidationError for what does not belong to the seat."""
    if act.outcome not in answers_at(seat):
        raise ValidationError({"outcome": _("Choose one of the answers of this stage.")})
    note = clean_text(act.note, max_length=NOTE_LENGTH, field=_("Reason"))
    for _section, text in act.remarks:
        clean_text(text, max_length=NOTE_LENGTH, field=_("Remark"))
    if act.outcome != Outcome.APPROVE and not (note or act.remarks):
        raise ValidationError(
            {"note": _("Reason: say in a sentence why, so that it can be mended.")}
        )
    wanted = form_class_at(seat, act.outcome)
    if wanted and not isinstance(act.form, wanted):
        raise ValidationError({"form": _("Fill in the form of this stage first.")})
    return note


def _record(form: StageForm, outcome: str) -> None:
    form.outcome = outcome
    if not form.is_valid():
        raise InvalidRecord(form)
    form.record()
