"""How complete a draft is: what the editor's meter and its evidence hints show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from accounts.texts import count_words

from .models import Draft
from .proposal_form import MIN_DESIGN_WORDS, demands_on, is_yes, labels_of

NEEDED = (
    "name",
    "initiator_type",
    "owning_unit",
    "form",
    "affair",
    "innovation_class",
    "problem",
    "design_description",
    "objective",
    "benefit",
    "outcome",
)


@dataclass(frozen=True)
class Step:
    """One thing that a proposal needs, and whether it is there."""

    name: str
    label: str
    filled: bool


def steps_of(data: Mapping[str, Any], kinds: Iterable[str]) -> list[Step]:
    """Everything that a proposal with these answers needs, in the order of the form.

    `kinds` are the kinds of the files that are there.
    """
    needed = [*NEEDED, *(["running_since"] if is_yes(data.get("already_running")) else [])]
    labels = labels_of(needed)
    present = set(kinds)
    return [Step(name, labels[name], _is_filled(name, data)) for name in needed] + [
        Step(demand.kind.value, str(demand.kind.label), demand.kind.value in present)
        for demand in demands_on(data)
    ]


def _is_filled(name: str, data: Mapping[str, Any]) -> bool:
    text = str(data.get(name) or "").strip()
    if name == "design_description":
        return count_words(text) >= MIN_DESIGN_WORDS
    return bool(text)


def completeness(draft: Draft) -> dict[str, Any]:
    """The meter as plain values: filled, total, percent, words, and each step by itself."""
    steps = steps_of(draft.data, draft.files.values_list("kind", flat=True))
    filled = sum(step.filled for step in steps)
    return {
        "filled": filled,
        "total": len(steps),
        "percent": round(100 * filled / len(steps)),
        "words": count_words(str(draft.data.get("design_description") or "")),
        "words_needed": MIN_DESIGN_WORDS,
        "fields": [
            {"name": step.name, "label": step.label, "filled": step.filled} for step in steps
        ],
    }
