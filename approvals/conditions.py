"""When a group of a policy is asked at all: small comparisons with the facts of a case.

A condition is `{"fact": <name>, <comparison>: <value>}`; a kind of fact is one row of `FACTS`.
A fact that the case does not know yet meets no condition.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .matter import Matter

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

# Ten to the eighteenth with two decimals is the most that an amount holds.
MOST = Decimal("9999999999999999.99")


class Kind(Enum):
    """What a fact is: it decides how it is shown, and what the editor asks for."""

    MONEY = "money"
    NUMBER = "number"
    CHOICE = "choice"


@dataclass(frozen=True)
class Fact:
    """A kind of fact: its name in words, and the sentence of each comparison that it allows."""

    label: "_StrPromise"
    kind: Kind
    # What a case must meet, without a full stop; names `value`.
    sentences: Mapping[str, "_StrPromise"]

    @property
    def comparisons(self) -> tuple[str, ...]:
        """How the fact may be compared."""
        return tuple(self.sentences)


FACTS = {
    "amount": Fact(
        gettext_lazy("committed money (Rp)"),
        Kind.MONEY,
        {
            "at_least": gettext_lazy("the committed money is at least %(value)s"),
            "below": gettext_lazy("the committed money is below %(value)s"),
        },
    ),
    "fiscal_years": Fact(
        gettext_lazy("number of fiscal years"),
        Kind.NUMBER,
        {
            "at_least": gettext_lazy("the money runs over at least %(value)s fiscal years"),
            "below": gettext_lazy("the money runs over fewer than %(value)s fiscal years"),
        },
    ),
    "pillar": Fact(
        gettext_lazy("pillar"),
        Kind.CHOICE,
        {"any_of": gettext_lazy("it serves the pillar %(value)s")},
    ),
    "initiator_type": Fact(
        gettext_lazy("kind of initiator"),
        Kind.CHOICE,
        {"any_of": gettext_lazy("the initiator is: %(value)s")},
    ),
    "instrument_kind": Fact(
        gettext_lazy("kind of instrument"),
        Kind.CHOICE,
        {"any_of": gettext_lazy("the instrument is: %(value)s")},
    ),
}
Condition = Mapping[str, Any]


def comparison_of(condition: Condition) -> str:
    """The comparison that a condition makes."""
    return next(key for key in condition if key != "fact")


def holds(condition: Condition, matter: Matter) -> bool:
    """Whether a case meets a condition now."""
    found = matter.fact(condition["fact"])
    if found is None:
        return False
    return COMPARISONS[comparison_of(condition)](found, condition[comparison_of(condition)])


def _at_least(found: Any, wanted: Any) -> bool:
    return bool(found >= Decimal(wanted))


def _below(found: Any, wanted: Any) -> bool:
    return bool(found < Decimal(wanted))


def _any_of(found: Any, wanted: Sequence[str]) -> bool:
    """One of several, of a single value or of a set."""
    have = {found} if isinstance(found, str) else set(found)
    return bool(have & set(wanted))


COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "at_least": _at_least,
    "below": _below,
    "any_of": _any_of,
}
COMPARISON_LABELS = {
    "at_least": gettext_lazy("at least"),
    "below": gettext_lazy("below"),
    "any_of": gettext_lazy("one of"),
}


def contradict(conditions: Sequence[Condition]) -> bool:
    """Whether no case could meet all of these, so that the group would never be asked."""
    return any(_no_value_left(name, conditions) for name in {one["fact"] for one in conditions})


def _no_value_left(name: str, conditions: Sequence[Condition]) -> bool:
    own = [one for one in conditions if one["fact"] == name]
    least = [Decimal(one["at_least"]) for one in own if "at_least" in one]
    below = [Decimal(one["below"]) for one in own if "below" in one]
    if least and below and max(least) >= min(below):
        return True
    # A case may serve several pillars; it has one initiator and one instrument.
    lists = [set(one["any_of"]) for one in own if "any_of" in one]
    return bool(lists) and name != "pillar" and not set.intersection(*lists)


def faults_of(condition: Any) -> list[str]:
    """What is wrong with a condition, a sentence each."""
    if not isinstance(condition, dict) or condition.get("fact") not in list(FACTS):
        return [_("condition: name one of %(facts)s.") % {"facts": ", ".join(FACTS)}]
    fact = FACTS[condition["fact"]]
    comparisons = sorted(set(condition) - {"fact"})
    if len(comparisons) != 1 or comparisons[0] not in fact.comparisons:
        sentence = _("condition on %(fact)s: compare it by one of %(comparisons)s.")
        return [
            sentence % {"fact": fact.label, "comparisons": ", ".join(fact.comparisons)},
        ]
    return _value_faults(fact, condition[comparisons[0]], listed=comparisons[0] == "any_of")


def _value_faults(fact: Fact, value: Any, *, listed: bool) -> list[str]:
    if listed:
        named = isinstance(value, list) and value and all(isinstance(one, str) for one in value)
        sentence = _("condition on %(fact)s: choose at least one value.")
    else:
        named = _is_number(value)
        sentence = _("condition on %(fact)s: write a number above zero, of at most 16 digits.")
    return [] if named else [sentence % {"fact": fact.label}]


def _is_number(value: Any) -> bool:
    if not isinstance(value, str | int) or isinstance(value, bool):
        return False
    try:
        return Decimal(0) < Decimal(value) <= MOST
    except InvalidOperation:
        return False
