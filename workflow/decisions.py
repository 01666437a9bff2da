"""The one decision command: page, API and shell decide by it (design.md section 3)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.models import User
from accounts.offices import holders_of, today
from approvals.models import Outcome, Seat, SignOff
from approvals.refusals import AlreadyDecided, Changed, NotAllowed, NotFound
from approvals.sign_offs import Answer, Signed, close_seats, may_sign, seats_of_stage, sign
from innovations.models import Innovation
from innovations.stage_forms import StageForm
from innovations.texts import clean_text

from .announcements import announce, initiators_of
from .content import covered_hash, sections_of
from .facts import excluded_people
from .flows.routes import WITHDRAW
from .locking import lock_case
from .models import Case
from .nodes import Stage
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

    Raises NotFound, NotAllowed, AlreadyDecided, Changed, Busy (each with a sentence),
    ValidationError or InvalidRecord; nothing is changed then. A repeat by the same person
    answers with the first outcome.
    """
    case = lock_case(code)
    seats = _seats_around(case, seat_id)
    seat = next(one for one in seats if one.pk == seat_id)
    if first := _first_answer(actor, seat, seats):
        return Decision(first, repeated=True, stage_result=None)
    node = stage_of(seat)
    excluded = excluded_people(case.innovation)
    answer = may_sign(seat, actor, excluded=excluded)
    if not answer.allowed:
        raise NotAllowed(answer.sentence)
    _check(node, seat, act)
    shown = content_hash(case, node)
    if act.seen and act.seen != shown:
        raise Changed(
            _("The content has changed since you opened this page. Read it again, then decide.")
        )
    _record(act)
    signed = sign(
        actor,
        seat,
        act.outcome,
        excluded=excluded,
        note=act.note,
        remarks=act.remarks,
        content_hash=shown,
        answer=answer,
        seats=seats,
    )
    _move_on(actor, case, seat, signed)
    return Decision(signed.sign_off, repeated=False, stage_result=signed.result)


@verb
def keep_record(actor: User, code: str, seat_id: int, form: StageForm) -> None:
    """Keep what a stage's form holds without deciding, so that its author can look at the result.

    Raises what `decide` raises.
    """
    case = lock_case(code)
    seat = seat_of(case, seat_id)
    answer = may_sign(seat, actor, excluded=excluded_people(case.innovation))
    if not answer.allowed:
        raise NotAllowed(answer.sentence)
    if not stage_of(seat).kept or not isinstance(form, stage_of(seat).form_class(seat.group) or ()):
        raise NotAllowed(_("At this stage the form is kept with the decision."))
    if not form.is_valid():
        raise InvalidRecord(form)
    form.record()


def seat_of(case: Case, seat_id: int) -> Seat:
    """The seat, found through its case: a seat of another case does not exist here (VF1)."""
    seat = (
        Seat.objects.select_related("task", "policy", "office", "office__unit", "person")
        .filter(process_id=case.pk, pk=seat_id)
        .first()
    )
    if seat is None:
        raise NotFound(_("There is no such case, or you may not see it."))
    return seat


def _seats_around(case: Case, seat_id: int) -> list[Seat]:
    """The seats of the stage that this seat of the case belongs to."""
    task = Seat.objects.filter(process_id=case.pk, pk=seat_id).values("task_id")[:1]
    seats = seats_of_stage(task)
    if not seats:
        raise NotFound(_("There is no such case, or you may not see it."))
    return seats


def stage_of(seat: Seat) -> Stage:
    """The node of the flow that the seat belongs to."""
    return seat.task.flow_task


def content_hash(case: Case, node: Stage) -> str:
    """The hash of what a signature at this stage covers, as it is now."""
    return covered_hash(sections_of(case.innovation, node.covers), node.covers)


def explain(actor: User, case: Case, seat: Seat) -> Answer:
    """Whether this person may sign this seat now, and why: the same rule that `decide` enforces."""
    return may_sign(seat, actor, excluded=excluded_people(case.innovation))


def explain_all(actor: User, innovation: Innovation, seats: Sequence[Seat]) -> list[Answer]:
    """The same for several seats of an innovation's cases, in a few queries."""
    if not seats:
        return []
    excluded = excluded_people(innovation)
    speaking = holders_of([seat.office for seat in seats if seat.office], today())
    return [may_sign(seat, actor, excluded=excluded, speaking=speaking) for seat in seats]


def _first_answer(actor: User, seat: Seat, seats: Sequence[Seat]) -> SignOff | None:
    """The answer this person gave already; raises AlreadyDecided when somebody else answered."""
    given = [one.sign_off for one in seats if one.state == Seat.State.SIGNED]
    given.sort(key=lambda sign_off: (sign_off.decided_at, sign_off.pk))
    if seat.state == Seat.State.SIGNED:
        mine = seat.sign_off
    elif seat.state == Seat.State.CLOSED and given:
        own = [sign_off for sign_off in given if sign_off.person_id == actor.pk]
        mine = (own or given)[-1]
    else:
        return None
    if mine.person_id == actor.pk:
        return mine
    raise AlreadyDecided(mine)


def _check(node: Stage, seat: Seat, act: Act) -> None:
    if act.outcome not in node.outcomes:
        raise ValidationError({"outcome": _("Choose one of the answers of this stage.")})
    if act.outcome != Outcome.APPROVE and not (act.note.strip() or act.remarks):
        raise ValidationError(
            {"note": _("Reason: say in a sentence why, so that it can be mended.")}
        )
    clean_text(act.note, max_length=NOTE_LENGTH, field=_("Reason"))
    for _section, text in act.remarks:
        clean_text(text, max_length=NOTE_LENGTH, field=_("Remark"))
    wanted = node.wants_form(seat.group, act.outcome)
    if wanted and not isinstance(act.form, wanted):
        raise ValidationError({"form": _("Fill in the form of this stage first.")})


def _record(act: Act) -> None:
    if act.form is None:
        return
    act.form.outcome = act.outcome
    if not act.form.is_valid():
        raise InvalidRecord(act.form)
    act.form.record()


def _move_on(actor: User, case: Case, seat: Seat, signed: Signed) -> None:
    """Ask the next signers, or execute the task when the policy is satisfied."""
    tell_holders(case, list(signed.opened))
    if signed.result is None:
        return
    node = stage_of(seat)
    # The locked row is the one that goes on, not a copy that viewflow would load anew.
    seat.task.process = case
    activation = node.activation_class(seat.task)
    if signed.result != Outcome.APPROVE:
        case.reason = signed.sign_off.note or _joined(signed.sign_off)
        case.asked_by = node.name
    activation.finish(actor, signed.result)
    if signed.result == Outcome.APPROVE and node.name != "revision":
        announce(
            case,
            "stage_passed",
            initiators_of(case),
            occurrence=f"task:{seat.task_id}",
            stage=node.name,
        )


def _joined(sign_off: SignOff) -> str:
    return "\n".join(sign_off.remarks.values_list("text", flat=True))


@verb
def withdraw(actor: User, code: str, reason: str) -> None:
    """Let the initiator take the case back before it is signed; the reason stays on the record."""
    case = lock_case(code)
    if actor.pk != case.innovation.initiator_id:
        raise NotAllowed(_("Only the initiator may withdraw the innovation."))
    reason = clean_text(reason, max_length=NOTE_LENGTH, field=_("Reason"))
    if not reason:
        raise ValidationError({"reason": _("Reason: say in a sentence why you withdraw it.")})
    task = case.task_set.filter(flow_task_type="HUMAN", finished__isnull=True).first()
    if task is None or case.stage == "publication":
        raise NotAllowed(_("The decree has its number; the innovation can no longer be withdrawn."))
    close_seats(actor, task)
    case.reason = reason
    task.process = case
    activation = task.flow_task.activation_class(task)
    activation.finish(actor, WITHDRAW)
