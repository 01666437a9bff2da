"""A rehearsal as a page tells it: each number with its cases, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext

from accounts.models import User

from .models import Case
from .rehearsal import Effect, Finding, Rehearsal


@dataclass(frozen=True)
class CaseLine:
    """A case that a version would have treated otherwise; named only to who may read it."""

    code: str
    title: str
    url: str


@dataclass(frozen=True)
class WhyLine:
    """Why, in sentences, and the cases of which that is true."""

    sentences: Sequence[str]
    cases: list[CaseLine]


@dataclass(frozen=True)
class EffectLine:
    """One effect: how many cases, in a sentence, which and why."""

    effect: str
    sentence: str
    reasons: list[WhyLine]


def rehearsal_lines(reader: User, rehearsal: Rehearsal) -> dict[str, Any]:
    """What a page shows of a rehearsal."""
    cases = {finding.case.pk for finding in rehearsal.findings}
    seen = set(Case.objects.visible_to(reader).filter(pk__in=cases).values_list("pk", flat=True))
    return {
        "played": rehearsal.played,
        "unchanged": rehearsal.unchanged,
        "left_out": rehearsal.left_out,
        "effects": [
            EffectLine(effect.value, sentence_of(effect, len(found)), _reasons(found, seen))
            for effect in Effect
            if (found := rehearsal.of(effect))
        ],
    }


def _reasons(findings: Iterable[Finding], seen: set[int]) -> list[WhyLine]:
    """The cases by what is said of them: most have the same to tell."""
    found: dict[tuple[str, ...], WhyLine] = {}
    for finding in findings:
        sentences = tuple(finding.sentences)
        line = found.setdefault(sentences, WhyLine(sentences, []))
        line.cases.append(_line(finding.case, seen))
    return list(found.values())


def _line(case: Case, seen: set[int]) -> CaseLine:
    if case.pk not in seen:
        return CaseLine(case.code, "", "")
    url = reverse("case", args=[case.innovation.code])
    return CaseLine(case.code, case.innovation.name, url)


def sentence_of(effect: Effect, count: int) -> str:
    """How many cases an effect would have had."""
    sentences = {
        Effect.NEEDS: ngettext(
            "%(count)s case would have needed another signature.",
            "%(count)s cases would have needed another signature.",
            count,
        ),
        Effect.STALLS: ngettext(
            "%(count)s case would stand still: nobody can sign there today.",
            "%(count)s cases would stand still: nobody can sign there today.",
            count,
        ),
        Effect.EARLIER: ngettext(
            "%(count)s case would have passed earlier.",
            "%(count)s cases would have passed earlier.",
            count,
        ),
        Effect.OTHERWISE: ngettext(
            "%(count)s case would have ended otherwise.",
            "%(count)s cases would have ended otherwise.",
            count,
        ),
        Effect.ASKS: ngettext(
            "In %(count)s case it would ask somebody who was not asked.",
            "In %(count)s cases it would ask somebody who was not asked.",
            count,
        ),
        Effect.SPARES: ngettext(
            "In %(count)s case it would no longer ask somebody.",
            "In %(count)s cases it would no longer ask somebody.",
            count,
        ),
    }
    return sentences[effect] % {"count": count}
