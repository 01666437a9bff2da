"""What policies asked about a case at a moment: its facts, and the people who stood near to it."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from approvals.exclusions import SIGNER
from approvals.matter import Matter
from approvals.models import Outcome, Seat, SignOff
from innovations.models import ConflictDeclaration, Innovation
from legal_basis.drafting import LIVING
from workflow.models import Case
from workflow.stages import stage_labels, stages_by_name

from .holders import Holders
from .moments import Moment
from .names import versions


def matter_then(moment: Moment, case: Case, seats: Sequence[Seat], holders: Holders) -> Matter:
    """The case as policies saw it; `seats` are all of the case at that moment."""
    innovation = moment.one("innovations.Innovation")
    matter = Matter(
        case.pk,
        facts=_facts(moment, innovation),
        people={
            "initiator": lambda: innovation.proposers,
            "co_initiator": lambda: _people(moment.of("innovations.Participant"), "user_id"),
            "initiator_unit": lambda: holders.people_of(holders.units_of(innovation.initiator)),
            "drafter": lambda: _drafters(moment, case, seats),
            "conflict": lambda: _people(_recused(moment), "person_id"),
        },
        labels=stage_labels,
    )
    for stage in stages_by_name():
        _tell_stage(matter, moment, stage, seats)
    return matter


def answers_of(moment: Moment, seats: Iterable[Seat]) -> list[SignOff]:
    """What had been answered at these seats, also where it counted no longer."""
    own = {seat.pk for seat in seats}
    return [one for one in moment.of("approvals.SignOff") if one.seat_id in own]


def _tell_stage(matter: Matter, moment: Moment, stage: str, seats: Sequence[Seat]) -> None:
    """Answer beforehand what the rules look up in the rows of today."""
    answers = answers_of(moment, [seat for seat in seats if seat.stage == stage])
    signed = _people((one for one in answers if one.outcome != Outcome.RECUSE), "person_id")
    matter.once(f"{SIGNER}{stage}", lambda: frozenset(signed))
    letters = moment.of("approvals.Override")
    known = any((one.process_id, one.stage) == (matter.process_id, stage) for one in letters)
    matter.once(f"override:{stage}", lambda: known)


def _people(rows: Iterable[Any], who: str) -> set[int]:
    return {getattr(row, who) for row in rows}


def _recused(moment: Moment) -> list[ConflictDeclaration]:
    declared = moment.of("innovations.ConflictDeclaration")
    return [one for one in declared if one.kind == ConflictDeclaration.Kind.RECUSE]


def _drafters(moment: Moment, case: Case, seats: Sequence[Seat]) -> set[int]:
    """Who signed for the draft, or took it up to work on it."""
    fills = stages_by_name()["drafting"].fills or ()
    drafting = [seat for seat in seats if seat.stage == "drafting" and seat.group in fills]
    claims = versions(Seat).filter(
        process=case.pk,
        stage="drafting",
        group__in=fills,
        claimed_by__isnull=False,
        history_date__lte=moment.at,
    )
    signed = _people(answers_of(moment, drafting), "person_id")
    return signed | set(claims.order_by().values_list("claimed_by", flat=True).distinct())


def _facts(moment: Moment, innovation: Innovation) -> dict[str, Callable[[], Any]]:
    """The facts by the names of `approvals.conditions.FACTS`, and what the act would bind."""
    lines = moment.of("planning.CommitmentLine")
    links = moment.of("planning.PillarLink")
    return {
        "amount": lambda: _amount(moment),
        "fiscal_years": lambda: len({line.fiscal_year for line in lines}) or None,
        "pillar": lambda: {link.pillar.code for link in links} or None,
        "initiator_type": lambda: innovation.initiator_type,
        "instrument_kind": lambda: _instrument_kind(moment),
        "binds": lambda: _binds(moment),
    }


def _amount(moment: Moment) -> Decimal | None:
    if not moment.of("planning.Commitment"):
        return None
    return sum((line.amount for line in moment.of("planning.CommitmentLine")), Decimal(0))


def _instrument_kind(moment: Moment) -> str | None:
    living = [one for one in moment.of("legal_basis.Instrument") if one.status in LIVING]
    return living[-1].kind if living else None


def _binds(moment: Moment) -> str:
    bound = [_("the budget")] if _amount(moment) else []
    bound += [_("personnel")] if moment.of("planning.StaffLine") else []
    return _(" and ").join(bound)
