"""Can a policy ever be met: what forbids a version, and what is only missing today."""

from dataclasses import replace
from typing import Any

import pytest

from accounts.acting import acting_as
from accounts.models import Office, Unit, User
from accounts.offices import appoint, appointments_on, end_appointment, today
from approvals.calendar import DAY
from approvals.policy_checks import Dials
from approvals.policy_versions import dials_of, version_in_use
from tests.regency import person
from workflow.checks import every_condition_knows_its_fact
from workflow.feasibility import faults_at, warnings_today
from workflow.policy_words import Names
from workflow.stages import stages_by_name

pytestmark = [
    pytest.mark.integration,
    pytest.mark.one_database,
    pytest.mark.usefixtures("regency", "db", "english"),
]


def group(rule: str, *members: str, **more: Any) -> dict[str, Any]:
    return {"rule": rule, "members": list(members), **more}


def changed(stage: str, *groups: dict[str, Any], **dials: Any) -> Dials:
    """The version in use with other groups or dials."""
    used = version_in_use(stage)
    assert used is not None
    if groups:
        dials["groups"] = list(groups)
    return replace(dials_of(used), **dials)


def faults(stage: str, *groups: dict[str, Any], **dials: Any) -> list[str]:
    return [str(one) for one in faults_at(stage, changed(stage, *groups, **dials), Names())]


def warnings(stage: str, *groups: dict[str, Any]) -> list[str]:
    return [str(one) for one in warnings_today(stage, changed(stage, *groups), Names(), today())]


def vacate(code: str) -> None:
    """Let everybody's appointment to an office end yesterday."""
    with acting_as(User.objects.system()):
        for appointment in appointments_on(today()).filter(office__code=code):
            end_appointment(User.objects.system(), appointment, last_day=today() - DAY)


def let_hold(username: str, code: str) -> None:
    """Give an office that is vacant to somebody."""
    with acting_as(User.objects.system()):
        appoint(
            User.objects.system(),
            person(username),
            Office.objects.get(code=code),
            start=today(),
            basis_number="800/1/2026",
            basis_date=today(),
        )


@pytest.mark.parametrize("stage", stages_by_name())
def test_policies_of_the_installation_have_no_fault(stage):
    assert faults(stage) == []


def test_facts_of_the_language_and_of_cases_agree():
    assert every_condition_knows_its_fact() == []


@pytest.mark.parametrize(
    ("stage", "groups", "sentence"),
    [
        (
            "signing",
            [group("all", "bupati", "kepala-gudang")],
            "group 1: “kepala-gudang” is no office, unit or role here. Choose one of the list.",
        ),
        (
            "commitment",
            [group("all", "@owner")],
            "group 1: the owner whom the commitment names is known only after the stage "
            "“Commitment of resources”. Choose somebody else.",
        ),
        (
            "revision",
            [group("all", "@owner")],
            "group 1: the owner whom the commitment names is known only after the stage "
            "“Commitment of resources”. Choose somebody else.",
        ),
        (
            "signing",
            [
                group("all", "bupati"),
                group("all", "sekda", when=[{"fact": "pillar", "any_of": ["x"]}]),
            ],
            "group 2: condition on pillar: “x” is not in the list.",
        ),
        (
            "signing",
            [group("n_of_m", "admin-sistem", "kepala-diskominfo", "unit:diskominfo", need=3)],
            "group 1: somebody of Dinas Komunikasi dan Informatika, Statistik dan Persandian: the "
            "same office signs in this group already, and the group wants different people; it "
            "can never be met.",
        ),
        (
            "commitment",
            [
                group("all", "kepala-bpkpd", when=[{"fact": "amount", "at_least": "1"}]),
                group("all", "sekda"),
            ],
            "group 1: it fills in the form of this stage and must always be asked: give no "
            "condition.",
        ),
    ],
)
def test_group_that_can_never_be_met_is_a_fault(stage, groups, sentence):
    assert faults(stage, *groups) == [sentence]


def test_unit_without_an_office_can_never_sign():
    with acting_as(User.objects.system()):
        Unit.objects.create(code="kosong", name="Balai Kosong", kind=Unit.Kind.AGENCY)
    sentence = (
        "group 1: somebody of Balai Kosong: the unit has no office that could sign; it can never "
        "be met."
    )

    assert faults("signing", group("all", "bupati", "unit:kosong")) == [sentence]
    assert faults("signing", group("any", "bupati", "unit:kosong")) == []
    assert faults("signing", group("n_of_m", "bupati", "sekda", "unit:kosong", need=2)) == []


@pytest.mark.parametrize(
    ("dials", "sentence"),
    [
        (
            {"covers": []},
            "sections covered: choose at least one, else a signature binds nothing.",
        ),
        (
            {"covers": ["commitment", "monitoring"]},
            "sections covered: the screen of this stage does not show “Monitoring”.",
        ),
        (
            {"exclusions": ["initiator", "co_initiator", "conflict", "signer:publication"]},
            "exclusions: “publication” is no stage before this one.",
        ),
        (
            {"exclusions": ["initiator", "co_initiator"]},
            "those who declared a conflict of interest and stepped back must stay excluded: "
            "nobody signs on their own innovation.",
        ),
    ],
)
def test_dial_that_does_not_fit_the_stage_is_a_fault(dials, sentence):
    assert faults("signing", **dials) == [sentence]


def test_signers_of_an_earlier_stage_may_be_excluded():
    kept = ["initiator", "co_initiator", "conflict"]

    assert faults("signing", exclusions=[*kept, "signer:commitment"]) == []


def test_policies_of_the_demo_warn_of_nothing():
    assert {stage: found for stage in stages_by_name() if (found := warnings(stage))} == {}


def test_vacant_office_is_a_warning_even_where_others_suffice():
    vacate("panel-5")
    office = "Nobody holds the office Anggota Tim Independen (teknologi informasi dan usaha) today."

    assert warnings("verification") == [f"group 1: {office}"]


def test_too_few_people_are_a_warning_with_their_number():
    for code in ("panel-3", "panel-4", "panel-5"):
        vacate(code)

    *_vacant, last = warnings("verification")

    assert last == ("group 1: with today's holders it lacks 1, and cases would wait for somebody.")


def test_unit_whose_offices_nobody_holds_is_a_warning():
    for code in ("kabag-hukum", "perancang-hukum-1", "perancang-hukum-2"):
        vacate(code)

    assert warnings("signing", group("all", "bupati"), group("all", "unit:bagian-hukum")) == [
        "group 2: Nobody holds an office of Bagian Hukum Sekretariat Daerah today.",
        "group 2: with today's holders it lacks 1, and cases would wait for somebody.",
    ]


def test_one_person_in_two_offices_is_a_warning_where_people_are_counted():
    vacate("panel-5")
    let_hold("panel1", "panel-5")
    holder = person("panel1")

    assert warnings("verification") == [
        f"group 1: {holder} alone signs for Ketua Tim Independen (kebijakan publik); Anggota Tim "
        "Independen (teknologi informasi dan usaha), and counts once here."
    ]
    assert warnings("signing", group("any", "panel-1", "panel-5")) == []


def test_fact_that_is_not_known_yet_is_a_warning():
    rich = group("all", "sekda", when=[{"fact": "amount", "at_least": "1"}])

    assert warnings("alignment", group("all", "kabid-litbang"), rich) == [
        "group 2: committed money (Rp) is known only from the stage “Commitment of resources” on: "
        "before it has been there, a case meets no condition on it."
    ]
    assert warnings("commitment", group("all", "kepala-bpkpd"), rich) == []


def test_roles_are_taken_for_filled():
    assert warnings("initialling", group("n_of_m", "@owner", "@assistant", "sekda", need=3)) == []
