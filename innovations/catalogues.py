"""The checklist and the criteria: versioned data in both languages, not code."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

from .models import Innovation

DATA = Path(__file__).with_name("data")
HIGHEST_SCORE = 4


def localised(texts: Mapping[str, str]) -> str:
    """The text in the reader's language, else in Indonesian."""
    language = (get_language() or "id").split("-")[0]
    return texts.get(language, texts["id"])


@dataclass(frozen=True)
class ChecklistItem:
    """One question of the administrative check; `only_for` limits it to some proposals."""

    code: str
    texts: Mapping[str, str]
    required: bool
    only_for: Mapping[str, list[Any]]

    @property
    def label(self) -> str:
        """The question in the reader's language."""
        return localised(self.texts)

    def concerns(self, innovation: Innovation) -> bool:
        """Whether the item is to be answered for this innovation."""
        return all(getattr(innovation, name) in wanted for name, wanted in self.only_for.items())


@dataclass(frozen=True)
class Criterion:
    """One criterion of PP 38/2017, art. 6, with a sentence for every score from 0 to 4."""

    code: str
    names: Mapping[str, str]
    questions: Mapping[str, str]
    sentences: tuple[Mapping[str, str], ...]

    @property
    def label(self) -> str:
        """The name of the criterion in the reader's language."""
        return localised(self.names)

    @property
    def question(self) -> str:
        """What the assessor asks, in the reader's language."""
        return localised(self.questions)

    @property
    def rubric(self) -> list[tuple[int, str]]:
        """Each score with what it means, in the reader's language."""
        return [(score, localised(texts)) for score, texts in enumerate(self.sentences)]


@cache
def _load(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((DATA / name).read_text(encoding="utf-8"))
    return data


def checklist_version() -> str:
    """Which checklist answers are given to now."""
    return str(_load("checklist.json")["version"])


def all_checklist_items() -> list[ChecklistItem]:
    """Every item of the checklist in its order."""
    return [
        ChecklistItem(row["code"], row["label"], row["required"], row.get("only_for", {}))
        for row in _load("checklist.json")["items"]
    ]


def checklist_for(innovation: Innovation) -> list[ChecklistItem]:
    """The items to be answered for this innovation."""
    return [item for item in all_checklist_items() if item.concerns(innovation)]


def criteria() -> list[Criterion]:
    """The five criteria in the order of the law."""
    return [
        Criterion(row["code"], row["label"], row["question"], tuple(row["rubric"]))
        for row in _load("criteria.json")["items"]
    ]
