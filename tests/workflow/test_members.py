"""Whom a policy's words stand for on a case."""

import pytest
from django.core.exceptions import ValidationError

from accounts.acting import acting_as
from accounts.models import Office, Unit, User
from accounts.offices import today
from approvals.exclusions import ALWAYS
from approvals.models import SignOffPolicy
from innovations.models import Participant
from tests.accounts.factories import system_account
from tests.regency import person
from tests.workflow.steps import decided, leave, offices, seats, sign, take_office
from workflow.facts import matter_of
from workflow.members import ROLES, check_known, eligible_member, named, places_of

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("english")]
WALKED = ("completeness", "commitment", "drafting")


def words(case, *members, rule="all", **more):
    """Whom each place of a group of these words asks, by code or user name."""
    policy = SignOffPolicy(
        groups=[{"rule": rule, "members": list(members)} | more], exclusions=list(ALWAYS)
    )
    (places,) = places_of(case, policy, matter_of(case), today())
    return [(place.member, code_of(place.who)) for place in places]


def code_of(who):
    return who.username if isinstance(who, User) else who.code


@pytest.mark.parametrize(
    ("member", "code"),
    [
        ("sekda", "sekda"),
        ("unit:dinkes", "dinkes"),
        ("@initiator", "bidan.kampit"),
        ("@owning_unit_head", "kepala-puskesmas-kelapa-kampit"),
        ("@laboratory_head", "kepala-puskesmas-kelapa-kampit"),
        ("@assistant", "asisten-1"),
    ],
)
def test_word_stands_for_somebody_on_the_case(member, code, at):
    assert [code_of(who) for who in named(member, at("completeness"))] == [code]


def test_owner_is_whom_the_commitment_names(at):
    case = at("drafting")
    (owner,) = named("@owner", case)
    assert owner == case.innovation.commitment.owner_office


def test_units_involved_are_the_owners_and_the_initiators(at):
    case = at("completeness")
    assert words(case, "@units_involved", rule="one_per_unit") == [
        ("@units_involved", "puskesmas-kelapa-kampit")
    ]
    with acting_as(system_account()):
        for name in ("pengawas", "gizi"):
            Participant.objects.create(innovation=case.innovation, user=person(name))
    assert {code for _word, code in words(case, "@units_involved", rule="one_per_unit")} == {
        "puskesmas-kelapa-kampit",
        "disdik",
        "dinkes",
    }


def test_who_stands_in_a_group_twice_sits_there_once(at):
    case = at("completeness")
    own = "kepala-puskesmas-kelapa-kampit"
    assert words(case, own, "@owning_unit_head") == [(own, own)]


def test_office_above_takes_the_place_of_a_barred_holder(at):
    case = at("completeness")
    with acting_as(system_account()):
        Participant.objects.create(innovation=case.innovation, user=person("kapus.kampit"))
    assert words(case, "@owning_unit_head") == [("@owning_unit_head", "kepala-dinkes")]
    # The head of the health agency signs once for both.
    assert words(case, "@owning_unit_head", "kepala-dinkes") == [
        ("@owning_unit_head", "kepala-dinkes")
    ]


def test_quorum_keeps_a_place_for_each_of_its_words(at):
    case = at("completeness")
    with acting_as(system_account()):
        Participant.objects.create(innovation=case.innovation, user=person("panel2"))
    asked = words(case, "panel-1", "panel-2", "panel-3", rule="n_of_m", need=2)
    assert asked == [(f"panel-{number}", f"panel-{number}") for number in (1, 2, 3)]


def test_delegates_of_a_barred_holder_do_not_keep_the_office(at):
    case = at("completeness")
    take_office("gizi", "kepala-puskesmas-kelapa-kampit", "plh")
    with acting_as(system_account()):
        Participant.objects.create(innovation=case.innovation, user=person("kapus.kampit"))
    assert words(case, "@owning_unit_head") == [("@owning_unit_head", "kepala-dinkes")]


def test_vacant_office_keeps_its_place(at):
    case = at("completeness")
    leave("kapus.kampit")
    own = "kepala-puskesmas-kelapa-kampit"
    assert words(case, "@owning_unit_head") == [("@owning_unit_head", own)]


def test_units_and_people_are_asked_as_they_are(at):
    case = at("completeness")
    policy = SignOffPolicy.objects.get(stage="completeness")
    for who in (Unit.objects.get(code="dinkes"), case.innovation.initiator):
        assert eligible_member(who, policy, matter_of(case), today()) == who


def test_offices_above_that_lead_in_a_circle_are_asked_once(at):
    case = at("completeness")
    bupati = Office.objects.get(code="bupati")
    with acting_as(system_account()):
        bupati.superior = Office.objects.get(code="sekda")
        bupati.save()
        for name in ("bupati", "sekda"):
            Participant.objects.create(innovation=case.innovation, user=person(name))
    assert words(case, "sekda") == [("sekda", "sekda")]


@pytest.mark.parametrize(
    ("members", "unknown"),
    [
        (["sekda", "unit:dinkes", "@initiator", "@units_involved"], []),
        (["sekdaa"], ["sekdaa"]),
        (["unit:dinkess", "@nobody", "unit:"], ["@nobody", "unit:", "unit:dinkess"]),
    ],
)
def test_words_that_stand_for_nobody_are_refused(members, unknown, at):
    at("completeness")
    sentences = [
        f"“{name}” is no office, unit or role here. Choose one of the list." for name in unknown
    ]
    try:
        check_known(members)
        found: list[str] = []
    except ValidationError as refusal:
        found = refusal.messages
    assert found == sentences


def test_every_role_finds_somebody_on_a_case(at):
    case = at("drafting")
    assert all(named(f"@{role}", case) for role in ROLES)


def test_one_of_each_unit_signs_for_all(at):
    """A policy that asks each unit involved: two units, two people, whatever their offices."""
    case = at("drafting")
    policy = SignOffPolicy.objects.get(stage="initialling")
    with acting_as(system_account()):
        Participant.objects.create(innovation=case.innovation, user=person("pengawas"))
        policy.groups = [{"rule": "one_per_unit", "members": ["@units_involved"]}]
        policy.save()
    while case.stage == "drafting":
        case = sign(case, drafting={})

    asked = seats(case)
    assert [seat.unit.code for seat in asked] == ["puskesmas-kelapa-kampit", "disdik"]
    assert offices(asked) == ["None", "None"]
    assert decided(person("kapus.kampit"), asked[0], "approve").stage_result is None
    decision = decided(person("dinsos"), asked[1], "approve")
    assert decision.stage_result == "approve"
    assert decision.sign_off.capacity == "Plt. Kepala Dinas Pendidikan"
