"""Promise resources for an innovation, set the money aside in the ceilings, and give it back."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.models import Office, User
from accounts.offices import today
from accounts.texts import rupiah
from innovations.models import Innovation

from .lines import replace_lines, save_changed
from .models import Ceiling, Commitment, CommitmentLine
from .rules import (
    MoneyRow,
    StaffRow,
    TechnologyRow,
    check_means,
    check_money,
    check_offices,
    check_staff,
    check_technology,
    complain,
)
from .signals import planning_act

Status = Commitment.Status
CeilingKey = tuple[int, int, int]


@verb
def record_commitment(
    actor: User,
    innovation: Innovation,
    *,
    statement: str,
    owner_office: Office,
    custodian_office: Office,
    monitoring_months: int,
    money: Sequence[MoneyRow] = (),
    staff: Sequence[StaffRow] = (),
    technology: Sequence[TechnologyRow] = (),
    no_money_reason: str = "",
) -> Commitment:
    """Record what is promised; a changed promise gives back what was reserved for the earlier one.

    Raises ValidationError with sentences when a rule of `planning.rules` is broken.
    """
    check_means(money, no_money_reason)
    check_money(money)
    check_staff(staff)
    check_technology(technology)
    check_offices(owner_office, custodian_office, today())
    commitment = _locked_or_new(innovation)
    if _money_differs(commitment, money):
        _give_back(commitment.lines.exclude(ceiling=None))
        save_changed(commitment, status=Status.PROPOSED)
    save_changed(
        commitment,
        statement=statement,
        no_money_reason=no_money_reason,
        owner_office=owner_office,
        custodian_office=custodian_office,
        monitoring_months=monitoring_months,
    )
    replace_lines(commitment.lines, ["fiscal_year", "sub_activity", "source"], money)
    replace_lines(commitment.staff_lines, ["role"], staff)
    replace_lines(commitment.technology_lines, ["kind", "description"], technology)
    _tell("committed", actor, commitment)
    return commitment


def _locked_or_new(innovation: Innovation) -> Commitment:
    found = Commitment.objects.select_for_update().filter(innovation=innovation).first()
    return found or Commitment(innovation=innovation)


def _money_differs(commitment: Commitment, money: Sequence[MoneyRow]) -> bool:
    """True when a recorded promise of money is about to change."""
    if commitment._state.adding:
        return False
    recorded = commitment.lines.values_list("fiscal_year", "sub_activity", "source", "amount")
    wanted = {
        (row["fiscal_year"], row["sub_activity"].pk, row["source"].pk, row["amount"])
        for row in money
    }
    return set(recorded) != wanted or commitment.status == Status.RELEASED


@verb
def reserve(actor: User, commitment: Commitment) -> Commitment:
    """Set the money of `commitment` aside in its ceilings; a second call changes nothing.

    Sources outside the DPA need no ceiling, and respect it where there is one. Raises
    ValidationError, one sentence per line that has no ceiling or asks more than is left.
    """
    commitment.refresh_from_db(from_queryset=Commitment.objects.select_for_update())
    if commitment.status == Status.RESERVED:
        return commitment
    lines = list(commitment.lines.filter(ceiling=None).select_related("sub_activity", "source"))
    ceilings = _lock_ceilings(lines)
    complain(fault for line in lines if (fault := _ceiling_fault(line, ceilings)))
    for line in lines:
        if ceiling := ceilings.get(_ceiling_key(line)):
            _set_aside(line, ceiling)
    save_changed(commitment, status=Status.RESERVED, release_reason="")
    _tell("money_reserved", actor, commitment)
    return commitment


def _ceiling_key(row: CommitmentLine | Ceiling) -> CeilingKey:
    return row.fiscal_year, row.sub_activity_id, row.source_id


def _lock_ceilings(lines: Iterable[CommitmentLine]) -> dict[CeilingKey, Ceiling]:
    """The ceilings of the lines, locked in the order of their keys, so that nobody deadlocks."""
    wanted = {_ceiling_key(line) for line in lines}
    candidates = Ceiling.objects.filter(
        fiscal_year__in={key[0] for key in wanted},
        sub_activity__in={key[1] for key in wanted},
        source__in={key[2] for key in wanted},
    )
    pks = [ceiling.pk for ceiling in candidates if _ceiling_key(ceiling) in wanted]
    return {_ceiling_key(ceiling): ceiling for ceiling in _locked(pks)}


def _locked(pks: Iterable[int]) -> list[Ceiling]:
    return list(Ceiling.objects.select_for_update().filter(pk__in=list(pks)).order_by("pk"))


def _ceiling_fault(line: CommitmentLine, ceilings: Mapping[CeilingKey, Ceiling]) -> str | None:
    ceiling = ceilings.get(_ceiling_key(line))
    if ceiling is None and not line.source.in_dpa:
        return None
    names: dict[str, Any] = {
        "year": line.fiscal_year,
        "sub_activity": line.sub_activity,
        "source": line.source,
        "asked": rupiah(line.amount),
    }
    if ceiling is None:
        return (
            _(
                "Fiscal year %(year)s, %(sub_activity)s, %(source)s: there is no ceiling, and "
                "%(asked)s is asked. Choose another line, or let the finance agency "
                "enter a ceiling."
            )
            % names
        )
    if ceiling.left >= line.amount:
        return None
    return _(
        "Fiscal year %(year)s, %(sub_activity)s, %(source)s: %(left)s is left of the ceiling, and "
        "%(asked)s is asked. Lower the amount, or choose another source or year."
    ) % (names | {"left": rupiah(max(ceiling.left, Decimal(0)))})


def _set_aside(line: CommitmentLine, ceiling: Ceiling) -> None:
    ceiling.reserved += line.amount
    ceiling.save()
    line.ceiling = ceiling
    line.save()


@verb
def release(
    actor: User, commitment: Commitment, reason: str, *, after_year: int | None = None
) -> Commitment:
    """Give back what is reserved, or only that of the fiscal years after `after_year`.

    A second call changes nothing. Raises ValidationError without a reason.
    """
    if not reason.strip():
        raise ValidationError(_("Write why the money is given back."))
    commitment.refresh_from_db(from_queryset=Commitment.objects.select_for_update())
    if commitment.status == Status.RELEASED:
        return commitment
    lines = commitment.lines.exclude(ceiling=None)
    _give_back(lines if after_year is None else lines.filter(fiscal_year__gt=after_year))
    save_changed(commitment, status=Status.RELEASED, release_reason=reason.strip())
    _tell("money_released", actor, commitment, reason=reason.strip())
    return commitment


def _give_back(lines: Iterable[CommitmentLine]) -> None:
    reserved = list(lines)
    ceilings = {c.pk: c for c in _locked(line.ceiling_id for line in reserved if line.ceiling_id)}
    for line in reserved:
        if line.ceiling_id is None:
            continue
        ceiling = ceilings[line.ceiling_id]
        ceiling.reserved -= line.amount
        ceiling.save()
        line.ceiling = None
        line.save()


def _tell(act: str, actor: User, commitment: Commitment, **details: str) -> None:
    lines = commitment.lines.values_list("amount", flat=True)
    planning_act.send(
        sender=Innovation,
        act=act,
        innovation=commitment.innovation,
        actor=actor,
        details={"total": str(sum(lines, Decimal("0.00"))), **details},
    )
