"""A policy in plain sentences: for its page, for comparing versions, for whoever approves one."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from difflib import SequenceMatcher
from functools import cached_property
from itertools import zip_longest
from typing import Any

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Office, Unit
from accounts.texts import rupiah
from approvals.conditions import FACTS as LANGUAGE
from approvals.conditions import Condition, Kind, comparison_of
from approvals.exclusions import label_of
from approvals.models import SignOffPolicy
from approvals.policies import RULES
from approvals.policy_checks import UNIT, Dials

from .content import section_titles
from .facts import FACTS
from .members import ROLES
from .stages import stage_labels
from .templatetags.payung import word_diff

# Titles of offices contain commas.
BETWEEN = "; "
Stored = SignOffPolicy | Dials


class Names:
    """What the words of policies are called; offices, units and choices are read once."""

    @cached_property
    def office_rows(self) -> list[tuple[str, str, str, str]]:
        """Code and title of every office, code and name of its unit."""
        rows = Office.objects.order_by("unit__name", "title")
        return list(rows.values_list("code", "title", "unit__code", "unit__name"))

    @cached_property
    def offices(self) -> dict[str, str]:
        """The title of every office by its code; with its unit where two have the same."""
        same = Counter(title for _code, title, _unit, _name in self.office_rows)
        return {
            code: f"{title} ({unit})" if same[title] > 1 else title
            for code, title, _unit, unit in self.office_rows
        }

    @cached_property
    def units(self) -> dict[str, str]:
        """The name of every unit by its code."""
        return dict(Unit.objects.values_list("code", "name"))

    @cached_property
    def stages(self) -> dict[str, str]:
        """The name of every stage."""
        return stage_labels()

    def choices(self, fact: str) -> Mapping[str, str]:
        """The values of a fact, with their names."""
        if fact not in self._choices:
            self._choices[fact] = FACTS[fact].choices()
        return self._choices[fact]

    @cached_property
    def _choices(self) -> dict[str, Mapping[str, str]]:
        return {}

    def member(self, word: str) -> str:
        """Whom a policy's word stands for."""
        if word.startswith("@"):
            role = ROLES.get(word[1:])
            return str(role.label) if role else word
        if word.startswith(UNIT):
            code = word.removeprefix(UNIT)
            return _("somebody of %(unit)s") % {"unit": self.units.get(code, code)}
        return self.offices.get(word, word)

    def exclusion(self, name: str) -> str:
        """Whom an exclusion means."""
        return label_of(name, lambda stage: self.stages.get(stage, stage))


def group_sentence(group: Mapping[str, Any], names: Names) -> str:
    """Whom a group asks, and when: one sentence with neither capital letter nor full stop."""
    members = [names.member(member) for member in group["members"]]
    rule = RULES[group["rule"]]
    if len(members) == 1 and not rule.numbered:
        asked = members[0]
    else:
        need = group.get("need", 0)
        asked = str(rule.sentence) % {"members": BETWEEN.join(members), "need": need}
    if group.get("definitive"):
        asked = _("%(asked)s – as the last word") % {"asked": asked}
    if group.get("when"):
        conditions = _(" and ").join(condition_sentence(one, names) for one in group["when"])
        asked = _("%(asked)s – only where %(conditions)s") % {
            "asked": asked,
            "conditions": conditions,
        }
    return asked


def group_sentences(groups: Sequence[Mapping[str, Any]], names: Names) -> list[str]:
    """Whom the groups ask, in order, a sentence each."""
    sentences = [group_sentence(group, names) for group in groups]
    if len(sentences) < 2:
        return [f"{capfirst(sentence)}." for sentence in sentences]
    first = _("First %(asked)s.") % {"asked": sentences[0]}
    return [first, *(_("Then %(asked)s.") % {"asked": sentence} for sentence in sentences[1:])]


def condition_sentence(condition: Condition, names: Names) -> str:
    """What a case must meet for its group to be asked."""
    name, comparison = condition["fact"], comparison_of(condition)
    value = _value(name, condition[comparison], names)
    return str(LANGUAGE[name].sentences[comparison]) % {"value": value}


def _value(fact: str, value: Any, names: Names) -> str:
    kind = LANGUAGE[fact].kind
    if kind is Kind.MONEY:
        return rupiah(Decimal(value))
    if kind is Kind.NUMBER:
        return number_format(Decimal(value))
    choices = names.choices(fact)
    return _(" or ").join(choices.get(one, one) for one in value)


def policy_rows(policy: Stored, names: Names) -> dict[str, str]:
    """Everything that a version says, each dial under its name; a sentence on each line."""
    covers = section_titles()
    return {
        _("Who signs"): "\n".join(group_sentences(policy.groups, names)),
        _("Who never signs"): _listed(map(names.exclusion, policy.exclusions), _("Nobody.")),
        _("What a signature covers"): _listed(
            (covers.get(one, one) for one in policy.covers), _("Nothing.")
        ),
        _("Time to answer"): ngettext(
            "%(days)s working day.", "%(days)s working days.", policy.working_days
        )
        % {"days": policy.working_days},
        _("Interests"): _("Declared before the content opens.")
        if policy.declares_conflict
        else _("No declaration before the content opens."),
        _("Several at once"): _("Up to %(amount)s of committed money.")
        % {"amount": rupiah(policy.batch_ceiling)}
        if policy.batch_ceiling is not None
        else _("Never: each is decided by itself."),
    }


def _listed(words: Iterable[str], none: str) -> str:
    found = BETWEEN.join(words)
    return f"{capfirst(found)}." if found else none


def differences(old: Stored | None, new: Stored, names: Names) -> list[dict[str, Any]]:
    """What a version says otherwise than another one, for `components/diff_table.html`."""
    before = policy_rows(old, names) if old else {}
    after = policy_rows(new, names)
    found: list[dict[str, Any]] = [
        {"label": label, "old": before.get(label, ""), "new": said}
        for label, said in after.items()
        if before.get(label, "") != said
    ]
    for row in found:
        if old and row["label"] == _("Who signs"):
            row["parts"] = _group_parts(old.groups, new.groups, names)
    return found


def _group_parts(
    old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]], names: Names
) -> list[dict[str, str]]:
    """The words that differ, group by group: a group is known again by its members."""
    before, after = (group_sentences(groups, names) for groups in (old, new))
    known, found = ([tuple(group["members"]) for group in groups] for groups in (old, new))
    parts: list[dict[str, str]] = []
    for _kind, a, b, c, d in SequenceMatcher(None, known, found, autojunk=False).get_opcodes():
        for was, becomes in zip_longest(before[a:b], after[c:d], fillvalue=""):
            parts += [*word_diff(was, becomes), {"kind": "equal", "text": "\n"}]
    return parts[:-1]
