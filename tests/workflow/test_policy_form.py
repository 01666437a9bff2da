from decimal import Decimal
from typing import Any

import pytest

from approvals.policy_checks import Dials
from approvals.policy_versions import same_dials, version_in_use
from tests.workflow.governing import posted, typed
from workflow.policy_entries import ConditionEntry, Entries, GroupEntry, entries_from
from workflow.policy_form import PolicyForm
from workflow.policy_words import Names
from workflow.stages import stages_by_name

pytestmark = [
    pytest.mark.integration,
    pytest.mark.one_database,
    pytest.mark.usefixtures("regency", "db", "english"),
]


def form_of(stage: str, entries: Entries) -> PolicyForm:
    """The editor after these entries were sent."""
    return PolicyForm(entries_from(posted(entries)), stage, Names(), checked=True)


def errors_of(form: PolicyForm) -> dict[str, list[Any]]:
    """Every error under the place where it is shown."""
    assert not form.is_valid()
    found = {name: list(errors) for name, errors in form.errors.items()}
    for group in form.groups:
        found |= {f"{group.number} {name}": list(e) for name, e in group.errors.items()}
        for number, condition in enumerate(group.conditions):
            for name, errors in condition.errors.items():
                found[f"{group.number} {number} {name}"] = list(errors)
    return found


@pytest.mark.parametrize("stage", stages_by_name())
def test_version_in_use_comes_back_from_the_editor_as_it_was(stage):
    form = form_of(stage, typed(stage))

    assert form.is_valid()
    policy = version_in_use(stage)
    assert policy is not None
    assert same_dials(policy, form.dials)


@pytest.mark.parametrize("stage", stages_by_name())
def test_editor_that_nobody_has_sent_judges_nothing(stage):
    form = PolicyForm(typed(stage, reason=""), stage, Names())

    assert not form.is_bound
    assert form["reason"].errors == []


def test_everything_that_can_be_said_is_said_in_the_language():
    entries = Entries(
        groups=[
            GroupEntry("any", ["kepala-bpkpd", "@owning_unit_head"]),
            GroupEntry(
                "n_of_m",
                ["panel-1", "panel-2", "unit:bagian-hukum"],
                need="2",
                definitive=True,
                when=[
                    ConditionEntry("amount", "at_least", "Rp 500.000.000"),
                    ConditionEntry("fiscal_years", "below", "3"),
                    ConditionEntry("pillar", "any_of", values=["education", "health"]),
                ],
            ),
        ],
        exclusions=["signer:trial", "initiator_unit"],
        covers=["commitment", "identity"],
        working_days="9",
        declares_conflict=True,
        batch_ceiling="250.000.000",
        reason="Uang besar perlu tim.",
    )

    form = form_of("commitment", entries)

    assert form.is_valid()
    assert form.dials == Dials(
        groups=[
            {"rule": "any", "members": ["kepala-bpkpd", "@owning_unit_head"]},
            {
                "rule": "n_of_m",
                "members": ["panel-1", "panel-2", "unit:bagian-hukum"],
                "need": 2,
                "when": [
                    {"fact": "amount", "at_least": "500000000"},
                    {"fact": "fiscal_years", "below": 3},
                    {"fact": "pillar", "any_of": ["education", "health"]},
                ],
                "definitive": True,
            },
        ],
        working_days=9,
        exclusions=["initiator", "co_initiator", "conflict", "initiator_unit", "signer:trial"],
        covers=["identity", "commitment"],
        declares_conflict=True,
        batch_ceiling=Decimal(250_000_000),
    )


def test_every_empty_field_gets_its_sentence():
    entries = Entries(
        groups=[
            GroupEntry("n_of_m", ["sekda"]),
            GroupEntry(
                "all",
                ["sekda"],
                when=[
                    ConditionEntry("amount"),
                    ConditionEntry("fiscal_years", "below", "banyak"),
                    ConditionEntry("pillar"),
                ],
            ),
        ],
        exclusions=[],
        covers=[],
        working_days="",
    )

    assert errors_of(form_of("commitment", entries)) == {
        "covers": ["Choose at least one section."],
        "working_days": ["This field is required."],
        "reason": ["This field is required."],
        "1 need": ["Type how many signatures are enough."],
        "2 0 value": ["This field is required."],
        "2 1 value": ["This is not a whole number. Type digits only."],
        "2 2 value": ["Choose at least one."],
    }


@pytest.mark.parametrize(
    ("groups", "errors"),
    [
        ([], {"__all__": ["A policy needs at least one group."]}),
        ([GroupEntry()], {"1 __all__": ["Name at least one office."]}),
        (
            [GroupEntry(members=["bupati", "entah"])],
            {
                "1 __all__": [
                    "“entah” is no office, unit or role here. Choose one of the list.",
                ]
            },
        ),
        (
            [GroupEntry("n_of_m", ["bupati"], need="2")],
            {"1 __all__": ["2 of 1 can never be met."]},
        ),
        (
            [GroupEntry("one_per_unit", ["bupati"])],
            {"1 __all__": ["“one per unit” names units; “bupati” is an office."]},
        ),
    ],
)
def test_fault_of_a_group_is_told_at_the_group(groups, errors):
    entries = typed("signing")
    entries.groups = groups

    assert errors_of(form_of("signing", entries)) == errors


def test_what_cannot_be_chosen_is_refused_at_its_field():
    entries = typed("signing")
    entries.covers, entries.exclusions = ["monitoring"], ["signer:publication"]

    assert set(errors_of(form_of("signing", entries))) == {"covers", "exclusions"}


def test_excluded_for_good_are_shown_and_cannot_be_left_out():
    entries = typed("signing")
    entries.exclusions = []
    form = form_of("signing", entries)

    assert form.is_valid()
    assert form.dials.exclusions == ["initiator", "co_initiator", "conflict"]
    assert form.always_excluded == [
        "The initiator",
        "The co-initiators",
        "Those who declared a conflict of interest and stepped back",
    ]


def test_initiators_own_work_excludes_whom_it_likes():
    form = PolicyForm(typed("revision"), "revision", Names())

    assert form.always_excluded == []
    assert "initiator" in dict(form.fields["exclusions"].choices)


def test_only_earlier_stages_are_offered_and_only_sections_that_the_screen_shows():
    form = PolicyForm(typed("alignment"), "alignment", Names())

    offered = dict(form.fields["exclusions"].choices)
    assert [name for name in offered if name.startswith("signer:")] == [
        "signer:completeness",
        "signer:verification",
        "signer:trial",
    ]
    assert offered["signer:trial"] == "Who signed the stage “Trial”"
    assert list(dict(form.fields["covers"].choices)) == list(stages_by_name()["alignment"].reads)


def test_members_are_offered_by_name_once():
    form = PolicyForm(typed("alignment"), "alignment", Names())
    (first, _second) = form.groups

    offered = {word: label for _kind, rows in first.addable for word, label in rows}

    assert offered["bupati"] == "Bupati Belitung Timur"
    assert offered["@assistant"] == "The assistant of the regional secretary for the field"
    assert offered["unit:dinkes"].startswith("Dinas Kesehatan")
    assert not set(first.entry.members) & set(offered)
    assert [row.name for row in first.members][1] == "Kepala Bidang Penelitian dan Pengembangan"


def test_too_many_groups_are_refused_in_a_sentence():
    entries = typed("signing")
    entries.groups = [GroupEntry(members=["bupati"]) for _ in range(13)]
    form = form_of("signing", entries)

    assert errors_of(form) == {"__all__": ["13 groups are too many; 12 fit."]}
    assert not form.can_add
