"""The closed lists of the clause library: what a clause may name, and when it is written.

A clause names `{variables}`, refers to others by `{ref:key}`, and holds parts in double brackets:
`[[ part ]]` is left out, and `[[ part || other ]]` gives way to the other, where one of the part's
variables is empty.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from innovations.models import Innovation

from .facts import CostPart, DraftFacts
from .models import Instrument
from .references import TOKEN
from .wording import amount, counted, first_sentence, joined, long_date, lowered, without_stop

LONGEST_QUOTE = 600
VARIABLE = re.compile(r"( ?)\{([a-z_]+)\}")
PART = re.compile(r"\[\[((?:(?!\[\[|\]\]|\|\|).)*)(?:\|\|((?:(?!\[\[|\]\]|\|\|).)*))?\]\]", re.S)
REGULATION = Instrument.Kind.REGENT_REGULATION

Values = dict[str, str]


@dataclass(frozen=True)
class Variable:
    """What a variable stands for, and what it looks like; the sample is always Indonesian."""

    label: Any
    sample: str


VARIABLES: dict[str, Variable] = {
    "innovation": Variable(gettext_lazy("name of the innovation"), "SIE CANTIK"),
    "further": Variable(
        gettext_lazy("the other innovations, where there are several"), "KERITAK dan GEMPAR"
    ),
    "owning_unit": Variable(gettext_lazy("unit that owns it"), "Dinas Kesehatan"),
    "aim": Variable(
        gettext_lazy("first sentence of its objective"),
        "meningkatkan skrining kesehatan calon pengantin",
    ),
    "region": Variable(gettext_lazy("the region"), "Kabupaten Belitung Timur"),
    "region_short": Variable(gettext_lazy("the region's short name"), "Belitung Timur"),
    "laboratory": Variable(gettext_lazy("unit of the successful trial"), "Puskesmas Gantung"),
    "trial_start": Variable(gettext_lazy("first day of the trial"), "2 Februari 2026"),
    "trial_end": Variable(gettext_lazy("last day of the trial"), "29 Mei 2026"),
    "running_since": Variable(
        gettext_lazy("day since which it already runs, without a trial"), "1 Maret 2021"
    ),
    "pillar": Variable(gettext_lazy("leading pillar"), "Kesehatan"),
    "programme": Variable(
        gettext_lazy("programme of the plan"), "Program Pemenuhan Upaya Kesehatan"
    ),
    "owner": Variable(gettext_lazy("first responsible office"), "Kepala Dinas Kesehatan"),
    "custodian": Variable(gettext_lazy("second responsible office"), "Kepala Puskesmas Gantung"),
    "coordinator": Variable(
        gettext_lazy("office that coordinates"), "Kepala Badan Perencanaan Pembangunan"
    ),
    "months": Variable(gettext_lazy("months between two reports"), "6 (enam)"),
    "cost": Variable(
        gettext_lazy("money by fiscal year, amount and source"),
        "Tahun Anggaran 2026 sebesar Rp5.000.000,00 (lima juta rupiah) yang bersumber dari APBD",
    ),
    "last_year": Variable(gettext_lazy("last fiscal year with money"), "2027"),
    "annex": Variable(gettext_lazy("the word “Lampiran”, where there is an annex"), "Lampiran"),
    "target_form": Variable(
        gettext_lazy("form of the instrument acted on"), "Keputusan Bupati Belitung Timur"
    ),
    "target_number": Variable(gettext_lazy("its number"), "100.3.3.2/012/KUM/2026"),
    "target_title": Variable(
        gettext_lazy("its title"), "Penetapan SIE CANTIK sebagai Inovasi Daerah"
    ),
    "target_dated": Variable(gettext_lazy("its date"), "9 Juni 2026"),
    "target_parts": Variable(gettext_lazy("its parts that are acted on"), "Diktum KEDUA"),
    "reason": Variable(
        gettext_lazy("why it is acted on"), "penanggung jawab pertama telah berganti"
    ),
}


@dataclass(frozen=True)
class Condition:
    """When a clause is written, in words and as a rule over the variables."""

    label: Any
    holds: Callable[[Mapping[str, str]], bool]


def _filled(*names: str) -> Callable[[Mapping[str, str]], bool]:
    return lambda values: all(values.get(name) for name in names)


CONDITIONS: dict[str, Condition] = {
    "": Condition(gettext_lazy("always"), lambda _values: True),
    "has_owner": Condition(gettext_lazy("a responsible office is named"), _filled("owner")),
    "has_cost": Condition(gettext_lazy("money is committed"), _filled("cost")),
    "no_cost": Condition(
        gettext_lazy("no money is committed"), lambda values: not values.get("cost")
    ),
    "trial_succeeded": Condition(gettext_lazy("its trial succeeded"), _filled("laboratory")),
    "already_runs": Condition(
        gettext_lazy("it already runs, without a trial"), _filled("running_since")
    ),
    "tried_or_runs": Condition(
        gettext_lazy("its trial succeeded or it already runs"),
        lambda values: bool(values.get("laboratory") or values.get("running_since")),
    ),
    "has_plan": Condition(
        gettext_lazy("pillar and programme are known"), _filled("pillar", "programme")
    ),
    "has_annex": Condition(gettext_lazy("there is an annex"), _filled("annex")),
    "several_innovations": Condition(gettext_lazy("several innovations"), _filled("further")),
    "has_parts": Condition(
        gettext_lazy("the parts that are acted on are named"), _filled("target_parts")
    ),
    "has_reason": Condition(gettext_lazy("a reason is told"), _filled("reason")),
}


def values_of(
    innovation: Innovation, facts: DraftFacts, kind: str = Instrument.Kind.REGENT_DECREE
) -> Values:
    """What each variable stands for in this case; empty where the case knows nothing."""
    return {
        "innovation": innovation.name,
        "further": joined(facts.get("further", [])),
        "owning_unit": innovation.owning_unit.name,
        "aim": lowered(first_sentence(innovation.objective))[:LONGEST_QUOTE],
        "region": settings.REGION["name"],
        "region_short": settings.REGION["short"],
        **_run(innovation),
        "pillar": facts.get("pillar", ""),
        "programme": _programme(facts.get("programme", "")),
        "owner": facts.get("owner", ""),
        "custodian": facts.get("custodian", ""),
        "coordinator": facts.get("coordinator", ""),
        "months": counted(facts.get("monitoring_months", 12)),
        "cost": _cost([_cost_part(part) for part in facts.get("cost", [])], kind),
        "last_year": str(max([part["fiscal_year"] for part in facts.get("cost", [])], default="")),
        "annex": "Lampiran" if facts.get("annex_rows") else "",
        **_target(facts),
    }


def samples(without: frozenset[str] = frozenset()) -> Values:
    """Every variable with its sample, those of `without` empty."""
    return {
        name: "" if name in without else variable.sample for name, variable in VARIABLES.items()
    }


def filled(template: str, values: Mapping[str, str]) -> str:
    """The clause with its variables filled in; references stay as they are."""

    def chosen(part: re.Match[str]) -> str:
        return part[1] if all(values.get(name) for name in names_in(part[1])) else part[2] or ""

    def value(found: re.Match[str]) -> str:
        text = values.get(found[2], "")
        return text if text.startswith(":") else found[1] + text

    return VARIABLE.sub(value, PART.sub(chosen, template)).strip()


def names_in(template: str) -> list[str]:
    """The variables that a clause names."""
    return [found[2] for found in VARIABLE.finditer(template)]


def check_template(template: str) -> None:
    """Raise ValidationError where a clause names an unknown variable or leaves a brace open."""
    known = ", ".join(f"{{{name}}}" for name in VARIABLES)
    if unknown := [name for name in names_in(template) if name not in VARIABLES]:
        raise ValidationError(
            _("Text: {%(name)s} is not known. Known are: %(known)s.")
            % {"name": unknown[0], "known": known}
        )
    rest = TOKEN.sub(
        "", VARIABLE.sub("", PART.sub(lambda part: part[1] + (part[2] or ""), template))
    )
    if odd := re.search(r"[{}]|\[\[|\]\]|\|\|", rest):
        start = rest[max(0, odd.start() - 20) : odd.end() + 20]
        raise ValidationError(
            _(
                "Text: near “%(near)s” a brace or bracket stands alone. Write a variable as "
                "{name}, a reference as {ref:key}, an optional part as [[…]] or [[…||…]]. "
                "Known variables are: %(known)s."
            )
            % {"near": start.strip(), "known": known}
        )


def _run(innovation: Innovation) -> Values:
    """Its successful trial, or since when it runs without one (PP 38/2017)."""
    done = innovation.trials.filter(result="apply").select_related("laboratory").last()
    since = innovation.running_since if innovation.already_running and not done else None
    return {
        "laboratory": done.laboratory.name if done else "",
        "trial_start": long_date(done.start) if done else "",
        "trial_end": long_date(done.end) if done else "",
        "running_since": long_date(since) if since else "",
    }


def _target(facts: DraftFacts) -> Values:
    """The instrument that is acted on; a regulation is cited with its year."""
    number, dated = facts.get("target_number", ""), facts.get("target_dated")
    if dated and re.fullmatch(r"\d+[A-Z]*", number):
        number = f"{number} Tahun {dated.year}"
    return {
        "target_form": facts.get("target_form", ""),
        "target_number": number,
        "target_title": without_stop(facts.get("target_title", "")),
        "target_dated": long_date(dated) if dated else "",
        "target_parts": without_stop(facts.get("target_parts", "")),
        "reason": lowered(without_stop(facts.get("reason", ""))),
    }


def _programme(name: str) -> str:
    return name if not name or name.lower().startswith("program") else f"Program {name}"


def _cost(parts: list[str], kind: str) -> str:
    """One amount in the sentence, several as letters; a regulation counts its letters itself."""
    if len(parts) < 2:
        return "".join(parts)
    marks = ["-" if kind == REGULATION else f"{chr(97 + n)}." for n in range(len(parts))]
    lines = [f"{mark} {part};" for mark, part in zip(marks, parts, strict=True)]
    lines[-2] += " dan"
    return "\n".join([":", *lines])[:-1]


def _cost_part(part: CostPart) -> str:
    """Sources other than the budget are named as they are; the year and the amount always."""
    line = f" pada sub kegiatan {part['sub_activity']}" if part.get("sub_activity") else ""
    return (
        f"Tahun Anggaran {part['fiscal_year']} sebesar {amount(part['amount'])} "
        f"yang bersumber dari {part['source']}{line}"
    )
