"""The editor of a policy: what was typed, checked field by field, as the dials of a version."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.texts import MoneyField, PlainTextField
from approvals.conditions import COMPARISON_LABELS, Kind
from approvals.conditions import FACTS as LANGUAGE
from approvals.exclusions import ALWAYS, EXCLUSIONS
from approvals.matter import SIGNER
from approvals.policies import RULES
from approvals.policy_checks import LONGEST_TERM, MOST_GROUPS, UNIT, Dials, Fault
from planning.fields import WholeField

from .content import section_titles
from .feasibility import faults_at
from .members import ROLES
from .policy_entries import ConditionEntry, Entries, GroupEntry
from .policy_words import Names
from .stages import comes_before, is_own_work, stages_by_name

REASON_LENGTH = 2_000
MOST_YEARS = 99
Choices = list[Any]


class EntryForm(forms.Form):
    """A part of the editor: it shows what was typed, and judges it only when asked to."""

    def __init__(self, typed: Mapping[str, Any], *, checked: bool, prefix: str = "") -> None:
        if checked:
            super().__init__({self._key(prefix, k): v for k, v in typed.items()}, prefix=prefix)
        else:
            super().__init__(initial=dict(typed), prefix=prefix)

    @staticmethod
    def _key(prefix: str, name: str) -> str:
        return f"{prefix}-{name}" if prefix else name


class RuleSelect(forms.Select):
    """Tells the style sheet which rules go by a number and which by the order of members."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """One rule."""
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"] |= {"data-numbered": RULES[value].numbered}
        option["attrs"] |= {"data-ordered": RULES[value].one_by_one}
        return option


@dataclass(frozen=True)
class MemberRow:
    """A member as the editor shows it; `wish` is what its buttons ask for."""

    word: str
    name: str
    wish: str


class ConditionForm(EntryForm):
    """A condition on one fact."""

    comparison = forms.ChoiceField(label=gettext_lazy("Comparison"))

    def __init__(self, entry: ConditionEntry, names: Names, wish: str, **kwargs: Any) -> None:
        self.fact, self.wish = entry.fact, wish
        self.language = LANGUAGE[entry.fact]
        choice = self.language.kind is Kind.CHOICE
        value = entry.values if choice else entry.value
        comparison = entry.comparison or self.language.comparisons[0]
        super().__init__({"comparison": comparison, "value": value}, **kwargs)
        self.fields["comparison"].choices = [  # type: ignore[attr-defined]
            (name, COMPARISON_LABELS[name]) for name in self.language.comparisons
        ]
        if len(self.language.comparisons) == 1:
            self.fields["comparison"].widget = forms.HiddenInput()
        self.fields["value"] = self._value_field(names)

    @property
    def title(self) -> str:
        """What the condition is about."""
        return capfirst(str(self.language.label))

    def _value_field(self, names: Names) -> forms.Field:
        if self.language.kind is Kind.MONEY:
            return MoneyField(label=_("Amount (Rp)"))
        if self.language.kind is Kind.NUMBER:
            return WholeField(label=_("Number"), min_value=1, max_value=MOST_YEARS)
        return forms.MultipleChoiceField(
            label=_("One of these"),
            choices=list(names.choices(self.fact).items()),
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Choose at least one.")},
        )

    def condition(self) -> dict[str, Any]:
        """The condition as the language writes it, once it is valid."""
        value = self.cleaned_data["value"]
        if isinstance(value, Decimal):
            value = f"{value.normalize():f}"
        return {"fact": self.fact, self.cleaned_data["comparison"]: value}


class GroupForm(EntryForm):
    """A group: its rule, members and conditions."""

    rule = forms.ChoiceField(label=gettext_lazy("Who must sign"), widget=RuleSelect)
    need = WholeField(
        label=gettext_lazy("How many of them"),
        required=False,
        min_value=1,
        max_value=MOST_YEARS,
    )
    definitive = forms.BooleanField(
        label=gettext_lazy("The last word"),
        required=False,
        help_text=gettext_lazy(
            "Where the act binds budget or personnel, a Plt., a Plh. or a delegate cannot sign "
            "here without a letter that allows it."
        ),
    )

    def __init__(self, entry: GroupEntry, number: int, names: Names, *, checked: bool) -> None:
        self.entry, self.index, self.number = entry, number, number + 1
        self.names = names
        typed = {"rule": entry.rule, "need": entry.need, "definitive": entry.definitive}
        super().__init__(typed, checked=checked, prefix=f"g{number}")
        self.fields["rule"].choices = [(name, rule.label) for name, rule in RULES.items()]  # type: ignore[attr-defined]
        self.conditions = [
            ConditionForm(
                one, names, f"when:{place}", checked=checked, prefix=f"g{number}-c{place}"
            )
            for place, one in enumerate(entry.when)
        ]

    @property
    def title(self) -> str:
        """How the editor calls the group."""
        return _("Group %(number)s") % {"number": self.number}

    @property
    def members(self) -> list[MemberRow]:
        """The members in order."""
        return [
            MemberRow(word, capfirst(self.names.member(word)), f"members:{place}")
            for place, word in enumerate(self.entry.members)
        ]

    @property
    def addable(self) -> Choices:
        """Whom the group does not ask yet, by kind and unit."""
        return [
            (kind, left)
            for kind, rows in member_choices(self.names)
            if (left := [row for row in rows if row[0] not in self.entry.members])
        ]

    @property
    def facts(self) -> Choices:
        """What a condition can be about."""
        return [(name, capfirst(str(fact.label))) for name, fact in LANGUAGE.items()]

    def is_valid(self) -> bool:
        """True when the group and its conditions are in order."""
        return all([super().is_valid(), *(one.is_valid() for one in self.conditions)])

    def clean(self) -> dict[str, Any]:
        """Ask for a number where the rule goes by one."""
        cells = self.cleaned_data
        rule = RULES.get(cells.get("rule", ""))
        if rule and rule.numbered and not cells.get("need") and "need" not in self.errors:
            self.add_error("need", _("Type how many signatures are enough."))
        return cells

    def group(self) -> dict[str, Any]:
        """The group as the language writes it, once it is valid."""
        cells = self.cleaned_data
        found = {"rule": cells["rule"], "members": list(self.entry.members)}
        if RULES[cells["rule"]].numbered:
            found["need"] = cells["need"]
        if self.conditions:
            found["when"] = [one.condition() for one in self.conditions]
        if cells["definitive"]:
            found["definitive"] = True
        return found


def member_choices(names: Names) -> Choices:
    """Everybody whom a policy can ask: roles of the case, offices unit by unit, whole units."""
    roles = [(f"@{name}", capfirst(str(role.label))) for name, role in ROLES.items()]
    by_unit = groupby(names.office_rows, key=lambda row: row[3])
    return [
        (_("By role in the case"), roles),
        *((unit, [(row[0], names.offices[row[0]]) for row in rows]) for unit, rows in by_unit),
        (
            _("Whoever holds an office of a unit"),
            [(f"{UNIT}{code}", name) for code, name in names.units.items()],
        ),
    ]


class PolicyForm(EntryForm):
    """The editor as a whole."""

    exclusions = forms.MultipleChoiceField(
        label=gettext_lazy("Moreover these never sign"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    covers = forms.MultipleChoiceField(
        label=gettext_lazy("What a signature covers"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "When one of these sections changes, the signature lapses and its signer is asked "
            "again. Only what the screen of the stage shows can be covered."
        ),
        error_messages={"required": gettext_lazy("Choose at least one section.")},
    )
    declares_conflict = forms.BooleanField(
        label=gettext_lazy("Interests are declared before the content opens"), required=False
    )
    working_days = WholeField(
        label=gettext_lazy("Working days to answer"), min_value=1, max_value=LONGEST_TERM
    )
    batch_ceiling = MoneyField(
        label=gettext_lazy("Several at once up to (Rp)"),
        required=False,
        help_text=gettext_lazy(
            "Cases with no more committed money than this may be approved together. Left empty, "
            "each is decided by itself."
        ),
    )
    reason = PlainTextField(
        label=gettext_lazy("Why it changes"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("The second administrator reads it, and so does who audits later."),
    )

    def __init__(
        self, entries: Entries, stage: str, names: Names, *, checked: bool = False
    ) -> None:
        self.stage = stage
        self.names = names
        self.fixed = [] if is_own_work(stage) else list(ALWAYS)
        super().__init__(
            {
                "exclusions": [name for name in entries.exclusions if name not in self.fixed],
                "covers": entries.covers,
                "declares_conflict": entries.declares_conflict,
                "working_days": entries.working_days,
                "batch_ceiling": entries.batch_ceiling,
                "reason": entries.reason,
            },
            checked=checked,
        )
        self.fields["exclusions"].choices = self._exclusions()  # type: ignore[attr-defined]
        self.fields["covers"].choices = self._sections()  # type: ignore[attr-defined]
        self.groups = [
            GroupForm(group, number, names, checked=checked)
            for number, group in enumerate(entries.groups)
        ]

    @property
    def can_add(self) -> bool:
        """Whether another group fits."""
        return len(self.groups) < MOST_GROUPS

    @property
    def always_excluded(self) -> list[str]:
        """Who never signs and cannot be left out, in words."""
        return [capfirst(self.names.exclusion(name)) for name in self.fixed]

    def _exclusions(self) -> Choices:
        signers = (
            f"{SIGNER}{name}" for name in self.names.stages if comes_before(name, self.stage)
        )
        offered = [name for name in (*EXCLUSIONS, *signers) if name not in self.fixed]
        return [(name, capfirst(self.names.exclusion(name))) for name in offered]

    def _sections(self) -> Choices:
        titles = section_titles()
        return [(key, titles[key]) for key in stages_by_name()[self.stage].reads]

    def is_valid(self) -> bool:
        """True when every field is in order and the version could come into use."""
        if not all([super().is_valid(), *(group.is_valid() for group in self.groups)]):
            return False
        faults = faults_at(self.stage, self.dials, self.names)
        for fault in faults:
            self._tell(fault)
        return not faults

    def _tell(self, fault: Fault) -> None:
        form = self.groups[fault.group - 1] if fault.group else self
        form.add_error(None, capfirst(fault.sentence))

    @cached_property
    def dials(self) -> Dials:
        """What was filled in, once fields and groups are valid."""
        cells = self.cleaned_data
        return Dials(
            groups=[group.group() for group in self.groups],
            working_days=cells["working_days"],
            exclusions=[*self.fixed, *_in_order(cells["exclusions"], self._exclusions())],
            covers=_in_order(cells["covers"], self._sections()),
            declares_conflict=cells["declares_conflict"],
            batch_ceiling=cells["batch_ceiling"],
        )


def _in_order(chosen: Iterable[str], offered: Choices) -> list[str]:
    """What was chosen, in the order in which it is offered: the same choice reads the same."""
    return [name for name, _label in offered if name in chosen]
