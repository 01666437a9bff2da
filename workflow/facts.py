"""What the sign-off policies may ask about a case: its facts, and the people near to it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, partial
from typing import Any

from django.db.models import Count, Q, Sum, TextChoices, Value
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.offices import appointments_on, today
from approvals.matter import Matter
from approvals.models import Seat, SignOff
from innovations.conflicts import recusals_of
from innovations.models import Innovation
from legal_basis.drafting import current_instrument
from legal_basis.models import Instrument
from planning.models import Commitment, CommitmentLine, Pillar, PillarLink, StaffLine

from .models import Case
from .stages import stage_labels, stages_by_name


def matter_of(case: Case) -> Matter:
    """The case as policies see it; each fact is looked up when a policy first asks for it."""
    innovation, near = case.innovation, _Near(case.innovation)
    facts = {name: partial(fact.find, innovation) for name, fact in FACTS.items()}
    return Matter(
        case.pk,
        facts=facts | {"binds": partial(_binds, innovation)},
        people={
            "initiator": lambda: innovation.proposers,
            "co_initiator": lambda: near.people("co_initiator"),
            "initiator_unit": lambda: colleagues_of(innovation.initiator),
            "drafter": lambda: _drafters(case),
            "conflict": lambda: near.people("conflict"),
        },
        labels=stage_labels,
    )


class _Near:
    """The co-initiators and those who stepped back, in one query: every policy asks for both."""

    def __init__(self, innovation: Innovation) -> None:
        self.innovation = innovation

    def people(self, relation: str) -> set[int]:
        """The people who stand so to the innovation."""
        return {person for person, how in self._all if how == relation}

    @cached_property
    def _all(self) -> list[tuple[int, str]]:
        taking_part = self.innovation.participants.order_by().values_list(
            "user_id", Value("co_initiator")
        )
        recused = recusals_of(self.innovation).order_by()
        return list(taking_part.union(recused.values_list("person_id", Value("conflict"))))


def committed_amount(innovation: Innovation) -> Decimal | None:
    """All money promised, None before a promise was recorded."""
    if not Commitment.objects.filter(innovation=innovation).exists():
        return None
    lines = CommitmentLine.objects.filter(commitment__innovation=innovation)
    return lines.aggregate(total=Sum("amount"))["total"] or Decimal(0)


def _fiscal_years(innovation: Innovation) -> int | None:
    lines = CommitmentLine.objects.filter(commitment__innovation=innovation)
    years = lines.aggregate(years=Count("fiscal_year", distinct=True))["years"]
    return years or None


def _pillars(innovation: Innovation) -> set[str] | None:
    links = PillarLink.objects.filter(alignment__innovation=innovation)
    return set(links.values_list("pillar__code", flat=True)) or None


def _instrument_kind(innovation: Innovation) -> str | None:
    instrument = current_instrument(innovation)
    return instrument.kind if instrument else None


def _binds(innovation: Innovation) -> str:
    """What the act would bind, in words; empty where it binds neither money nor people."""
    bound = []
    if committed_amount(innovation):
        bound.append(_("the budget"))
    if StaffLine.objects.filter(commitment__innovation=innovation).exists():
        bound.append(_("personnel"))
    return _(" and ").join(bound)


@dataclass(frozen=True)
class CaseFact:
    """How a case is asked for a fact that the conditions of policies know.

    choices: its values with their names, where a condition chooses among them.
    known_from: the stage that finds it out; conditions of an earlier one are never met.
    """

    find: Callable[[Innovation], Any]
    choices: Callable[[], Mapping[str, str]] = dict
    known_from: str = ""


# By the names of `approvals.conditions.FACTS`; a start-up check sees that both agree.
FACTS = {
    "amount": CaseFact(committed_amount, known_from="commitment"),
    "fiscal_years": CaseFact(_fiscal_years, known_from="commitment"),
    "pillar": CaseFact(
        _pillars, lambda: dict(Pillar.objects.values_list("code", "name")), "alignment"
    ),
    "initiator_type": CaseFact(
        lambda innovation: innovation.initiator_type, lambda: _named(Innovation.InitiatorType)
    ),
    "instrument_kind": CaseFact(_instrument_kind, lambda: _named(Instrument.Kind), "drafting"),
}


def _named(choices: type[TextChoices]) -> dict[str, str]:
    return {value: str(label) for value, label in choices.choices}


def colleagues_of(person: User) -> set[int]:
    """Everybody whose unit, by place of work or by office, is one of the person's units."""
    held = appointments_on(today()).filter(user=person).values_list("office__unit", flat=True)
    units = {*held, person.home_unit_id} - {None}
    in_offices = appointments_on(today()).filter(office__unit__in=units)
    at_home = User.objects.filter(home_unit__in=units).values_list("pk", flat=True)
    return {*at_home, *in_offices.values_list("user", flat=True)}


def _drafters(case: Case) -> Iterable[int]:
    """Who wrote the instrument: signed for the draft, or took it up to work on it."""
    fills = stages_by_name()["drafting"].fills or ()
    drafting = Q(stage="drafting", group__in=fills)
    signed = SignOff.objects.filter(
        seat__process=case.pk, seat__stage="drafting", seat__group__in=fills
    )
    taken_up = Seat.history.filter(drafting, process=case.pk, claimed_by__isnull=False)
    return {
        *signed.values_list("person", flat=True),
        *taken_up.values_list("claimed_by", flat=True),
    }
