"""Approving several items of low risk in one go: what may be, why the others not, and doing it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.acting import verb
from accounts.authority import Authority
from accounts.models import User
from accounts.offices import today
from accounts.texts import rupiah
from approvals.models import Outcome, Seat
from approvals.refusals import AlreadyDecided, Changed, NotAllowed, Refused
from approvals.seats import seats_of_stage
from approvals.sign_offs import refusal_of
from approvals.standing import Answer, Standing
from innovations.models import ConflictDeclaration

from .decisions import Act, Decision, decide
from .declarations import must_declare
from .desk import answers_at, desk_of, form_class_at, read_at
from .facts import matter_of
from .locking import brief_transaction
from .models import Case
from .remarks import open_remarks
from .sealing import sealed_content
from .stages import stage_labels

MOST = 20
APPROVE = Outcome.APPROVE.value


@dataclass(frozen=True)
class Look:
    """One seat before the eyes of somebody who would approve it unopened."""

    person: User
    case: Case
    seat: Seat
    standing: Standing
    answer: Answer


@dataclass(frozen=True)
class Candidate:
    """One seat in the preview: what would be signed, or why it is left out."""

    seat: Seat
    stage_label: str
    capacity: str
    answer: str
    amount: str
    seen: str
    reason: str


@dataclass(frozen=True)
class Chosen:
    """One seat that a person chose, with the hash of the content that the preview showed."""

    seat: int
    seen: str


@dataclass(frozen=True)
class Result:
    """What came of one chosen seat: approved, repeated, faster (somebody was) or refused."""

    code: str
    title: str
    kind: str
    sentence: str
    about_rights: bool = False


# ---- the preview ----


def preview(person: User, seats: Iterable[Seat]) -> list[Candidate]:
    """What a person may approve in one go among some open seats, and why the others not."""
    seats = list(seats)
    cases = Case.objects.select_related("innovation__owning_unit", "innovation__initiator")
    found = cases.in_bulk({seat.process_id for seat in seats})
    return [_candidate(person, found[seat.process_id], seat) for seat in seats]


def _candidate(person: User, case: Case, seat: Seat) -> Candidate:
    mates = seats_of_stage(seat.task_id)
    here = next(one for one in mates if one.pk == seat.pk)
    standing = Standing(matter_of(case), mates, today())
    answer = standing.answer(here, person)
    reason = why_not(Look(person, case, here, standing, answer))
    amount = None if reason else standing.matter.fact("amount")
    return Candidate(
        seat=here,
        stage_label=stage_labels().get(seat.stage, seat.stage),
        capacity=answer.authority.capacity if answer.authority else "",
        answer=str(answers_at(here)[APPROVE]),
        amount=rupiah(amount) if amount is not None else "",
        seen="" if reason else sealed_content(case.innovation, read_at(here)).digest,
        reason=reason,
    )


def why_not(look: Look) -> str:
    """The first reason why a seat has to be opened to be decided, "" for none."""
    return next((reason for rule in RULES if (reason := rule(look))), "")


def _one_by_one(look: Look) -> str:
    if look.seat.policy.batch_ceiling is not None:
        return ""
    stage = stage_labels().get(look.seat.stage, look.seat.stage)
    return _("Items of the stage “%(stage)s” are decided one by one.") % {"stage": stage}


def _asked_again(look: Look) -> str:
    if look.seat.reconfirms_id is None and look.seat.round == 1:
        return ""
    return _("It is asked again: read first what has changed.")


def _form(look: Look) -> str:
    wanted = form_class_at(look.seat, APPROVE)
    return _("Something has to be filled in for it.") if wanted else ""


def _not_allowed(look: Look) -> str:
    return "" if look.answer.allowed else look.answer.sentence


def _limited(look: Look) -> str:
    if look.answer.authority is None or not _has_limits(look.answer.authority):
        return ""
    sentence = _("Letter %(letter)s limits what you may sign: look at each item.")
    return sentence % {"letter": look.answer.authority.basis}


def _has_limits(right: Authority) -> bool:
    letter = right.delegation
    if letter is None:
        return False
    return bool(letter.stages or letter.instrument_kinds or letter.ceiling is not None)


def _too_much(look: Look) -> str:
    amount, ceiling = look.standing.matter.fact("amount"), look.seat.policy.batch_ceiling
    assert ceiling is not None
    if amount is None:
        return _("No money is committed yet, so it is not known how much it is about.")
    if amount <= ceiling:
        return ""
    sentence = _("It is about %(amount)s; in one go you approve up to %(ceiling)s each.")
    return sentence % {"amount": rupiah(amount), "ceiling": rupiah(ceiling)}


def _remarked(look: Look) -> str:
    count = open_remarks(look.case).count()
    if not count:
        return ""
    sentence = ngettext(
        "%(count)s remark on it is still open.", "%(count)s remarks on it are still open.", count
    )
    return sentence % {"count": count}


def _interested(look: Look) -> str:
    innovation = look.case.innovation
    if must_declare(look.person, innovation, look.seat):
        return _("Declare your interests first.")
    said = innovation.declarations.filter(person=look.person).last()
    if said is not None and said.kind == ConflictDeclaration.Kind.MANAGED:
        return _("You declared a possible conflict of interest: look at it by itself.")
    return ""


# In the order in which they are asked: what costs no question to the database first.
RULES: Sequence[Callable[[Look], str]] = (
    _one_by_one,
    _asked_again,
    _form,
    _not_allowed,
    _limited,
    _too_much,
    _remarked,
    _interested,
)


# ---- doing it ----


def approve_all(actor: User, chosen: Sequence[Chosen]) -> list[Result]:
    """Approve each in a transaction of its own; what is refused stops nothing else.

    A repeat is told as one. Raises ValidationError for nothing, or for too much at once.
    """
    if not chosen:
        raise ValidationError({"seat": _("Choose at least one item.")})
    if len(chosen) > MOST:
        sentence = _("In one go you approve up to %(count)s items. Choose fewer.")
        raise ValidationError({"seat": sentence % {"count": MOST}})
    visible = Case.objects.visible_to(actor).order_by().values("pk")
    seats = Seat.objects.filter(process__in=visible).in_bulk([one.seat for one in chosen])
    return [_approve(actor, one, seats.get(one.seat)) for one in chosen]


def _approve(actor: User, chosen: Chosen, seat: Seat | None) -> Result:
    if seat is None:
        return Result("", "", "refused", _("There is no such item."))
    about = (seat.case_code, seat.case_title)
    try:
        with brief_transaction():
            decision = approve_unopened(actor, seat.case_code, seat.pk, chosen.seen)
    except AlreadyDecided as first:
        return Result(*about, "faster", first.sentence)
    except Refused as refusal:
        rights = isinstance(refusal, NotAllowed)
        return Result(*about, "refused", refusal.sentence, about_rights=rights)
    except ValidationError as error:
        return Result(*about, "refused", " ".join(error.messages))
    return Result(*about, *_told(decision))


def _told(decision: Decision) -> tuple[str, str]:
    sign_off = decision.sign_off
    if decision.repeated:
        time = formats.date_format(timezone.localtime(sign_off.decided_at), "H.i")
        sentence = _("You decided this already at %(time)s: %(answer)s. It counts once.")
        answer = answers_at(sign_off.seat).get(sign_off.outcome, sign_off.get_outcome_display())
        return "repeated", sentence % {"time": time, "answer": answer}
    return "approved", _("Approved as %(capacity)s.") % {"capacity": sign_off.capacity}


@verb
def approve_unopened(actor: User, code: str, seat_id: int, seen: str) -> Decision:
    """Approve one seat as `decide` does, where it may be approved without being opened.

    Raises what `decide` raises, Refused with the reason where it has to be opened, Changed
    without the hash of what was shown.
    """
    desk = desk_of(code, seat_id)
    if desk.seat.state == Seat.State.OPEN:
        answer = desk.standing.answer(desk.seat, actor)
        if not answer.allowed:
            raise refusal_of(answer)
        if reason := why_not(Look(actor, desk.case, desk.seat, desk.standing, answer)):
            raise Refused(reason)
        if not seen:
            raise Changed(_("It is not known what you were shown. Open it, then decide."))
    return decide(actor, code, seat_id, Act(APPROVE, seen=seen))
