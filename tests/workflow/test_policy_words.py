import pytest

from tests.workflow.policy_world import group, known_names, version
from workflow.policy_words import (
    condition_sentence,
    differences,
    group_sentences,
    policy_rows,
)

pytestmark = [pytest.mark.unit, pytest.mark.usefixtures("english")]

SEKDA = group("all", "sekda")


@pytest.mark.parametrize(
    ("groups", "sentences"),
    [
        ([SEKDA], ["Sekretaris Daerah."]),
        ([group("any", "sekda", "kabag")], ["One of: Sekretaris Daerah; Kepala Bagian Hukum."]),
        (
            [group("any", "sekda", "kabag"), SEKDA],
            ["First one of: Sekretaris Daerah; Kepala Bagian Hukum.", "Then Sekretaris Daerah."],
        ),
        (
            [group("n_of_m", "sekda", "kabag", "dinkes", need=2)],
            [
                "2 of these, different people: Sekretaris Daerah; Kepala Bagian Hukum; "
                "Kepala Dinas Kesehatan."
            ],
        ),
        (
            [group("one_per_unit", "unit:hukum", "unit:dinkes")],
            ["Each of these, different people: somebody of Hukum; somebody of Dinkes."],
        ),
        (
            [group("ordered", "@assistant", "sekda")],
            [
                "One after the other: the assistant of the regional secretary for the field; "
                "Sekretaris Daerah."
            ],
        ),
        ([group("all", "sekda", definitive=True)], ["Sekretaris Daerah – as the last word."]),
        (
            [group("all", "sekda", when=[{"fact": "amount", "at_least": "500000000"}]), SEKDA],
            [
                "First Sekretaris Daerah – only where the committed money is at least "
                "Rp500.000.000.",
                "Then Sekretaris Daerah.",
            ],
        ),
    ],
)
def test_groups_are_said_in_order(groups, sentences):
    assert group_sentences(groups, known_names()) == sentences


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        ({"fact": "amount", "at_least": "500000000"}, "money is at least Rp500.000.000"),
        ({"fact": "amount", "below": "0.5"}, "money is below Rp0,50"),
        ({"fact": "fiscal_years", "at_least": 2}, "runs over at least 2 fiscal years"),
        ({"fact": "fiscal_years", "below": 3}, "runs over fewer than 3 fiscal years"),
        (
            {"fact": "initiator_type", "any_of": ["agency", "community"]},
            "the initiator is: Agency or Member of the community",
        ),
        (
            {"fact": "instrument_kind", "any_of": ["regent_decree"]},
            "the instrument is: Regent decree",
        ),
    ],
)
def test_condition_is_said_with_its_value(condition, sentence):
    assert condition_sentence(condition, known_names()).endswith(sentence)


def test_several_conditions_are_joined():
    when = [{"fact": "amount", "at_least": "1"}, {"fact": "fiscal_years", "below": 3}]

    (sentence,) = group_sentences([group("all", "sekda", when=when)], known_names())

    assert sentence == (
        "Sekretaris Daerah – only where the committed money is at least Rp1 and the money runs "
        "over fewer than 3 fiscal years."
    )


def test_word_that_stands_for_nothing_is_shown_as_it_is():
    assert known_names().member("gone") == "gone"
    assert known_names().member("@gone") == "@gone"
    assert known_names().member("unit:gone") == "somebody of gone"


def test_offices_of_one_title_are_told_apart_by_their_units():
    names = known_names()
    names.__dict__["office_rows"] = [
        ("a", "Kepala Bidang", "x", "Dinas X"),
        ("b", "Kepala Bidang", "y", "Dinas Y"),
        ("c", "Sekretaris", "y", "Dinas Y"),
    ]

    assert [names.member(code) for code in "abc"] == [
        "Kepala Bidang (Dinas X)",
        "Kepala Bidang (Dinas Y)",
        "Sekretaris",
    ]


def test_version_says_every_dial():
    policy = version(
        SEKDA,
        exclusions=["initiator", "signer:trial"],
        covers=["identity", "alignment"],
        working_days=1,
        declares_conflict=True,
        batch_ceiling=250_000_000,
    )

    assert policy_rows(policy, known_names()) == {
        "Who signs": "Sekretaris Daerah.",
        "Who never signs": "The initiator; who signed the stage “Trial”.",
        "What a signature covers": "Identity; Alignment.",
        "Time to answer": "1 working day.",
        "Interests": "Declared before the content opens.",
        "Several at once": "Up to Rp250.000.000 of committed money.",
    }


def test_bare_version_says_what_it_leaves_out():
    rows = policy_rows(version(SEKDA, working_days=5), known_names())

    assert rows["Who never signs"] == "Nobody."
    assert rows["What a signature covers"] == "Nothing."
    assert rows["Time to answer"] == "5 working days."
    assert rows["Interests"] == "No declaration before the content opens."
    assert rows["Several at once"] == "Never: each is decided by itself."


def test_differences_name_the_dials_that_differ_and_no_others():
    old, new = version(SEKDA, working_days=5), version(SEKDA, working_days=7)

    assert differences(old, new, known_names()) == [
        {"label": "Time to answer", "old": "5 working days.", "new": "7 working days."}
    ]
    assert differences(old, old, known_names()) == []


def test_first_version_differs_in_everything_it_says():
    assert [row["old"] for row in differences(None, version(SEKDA, working_days=5), known_names())]


def test_groups_are_compared_by_their_members():
    old = version(group("all", "kabag"), SEKDA, working_days=5)
    new = version(group("all", "kabag"), group("all", "dinkes"), SEKDA, working_days=5)

    (row,) = differences(old, new, known_names())

    line_ends = {"kind": "equal", "text": "\n"}
    assert row["parts"] == [
        {"kind": "equal", "text": "First Kepala Bagian Hukum."},
        line_ends,
        {"kind": "insert", "text": "Then Kepala Dinas Kesehatan."},
        line_ends,
        {"kind": "equal", "text": "Then Sekretaris Daerah."},
    ]
