"""Two administrators change who signs: told, refused, put into use for new cases alone."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.acting import acting_as
from accounts.models import User
from accounts.offices import today
from approvals.models import Seat, SignOffPolicy
from approvals.policy_versions import governors, propose_policy, version_in_use
from approvals.refusals import NotAllowed, NotFound, Refused
from notifications.models import Message
from tests.accounts.factories import system_account
from tests.regency import RUNS_ALREADY, case_at, person, record_of
from tests.workflow.governing import FIRST, REASON, SECOND, adopted, in_use, proposed
from workflow.installing import install_defaults
from workflow.models import Case
from workflow.policy_changes import approve_version, propose_version, refuse_version
from workflow.walking import walk

pytestmark = [
    pytest.mark.integration,
    pytest.mark.one_database,
    pytest.mark.usefixtures("regency", "db", "english"),
]

Status = SignOffPolicy.Status


def slower(stage: str = "signing", days: int = 9):
    return replace(in_use(stage), working_days=days)


def told() -> list[tuple[str, str, str]]:
    """Who was told what, and where the message leads."""
    rows = Message.objects.filter(event__startswith="policy_").order_by("pk")
    return [(row.recipient.username, row.event, row.path) for row in rows]


@transaction.atomic
def propose(username: str, stage: str, dials, reason: str = REASON) -> SignOffPolicy:
    return propose_version(person(username), stage, dials, reason=reason)


@transaction.atomic
def approve_now(policy: SignOffPolicy) -> None:
    approve_version(person(SECOND), policy)


@transaction.atomic
def refuse_now(policy: SignOffPolicy, reason: str) -> None:
    refuse_version(person(SECOND), policy, reason=reason)


def test_proposal_waits_rules_over_nothing_and_is_told_to_the_others():
    before = version_in_use("signing")
    policy = proposed("signing", slower())

    assert (policy.status, policy.proposed_by.username) == (Status.PROPOSED, FIRST)
    assert (policy.decided_by, policy.reason, policy.version) == (None, REASON, 2)
    assert version_in_use("signing") == before
    assert told() == [(SECOND, "policy_proposed", "/policies/signing/2/")]
    assert policy.history.get().history_user.username == FIRST


def test_second_administrator_puts_it_into_use_and_the_proposer_is_told():
    policy = proposed("signing", slower())
    with transaction.atomic():
        approve_version(person(SECOND), policy)

    policy.refresh_from_db()
    assert version_in_use("signing") == policy
    assert (policy.decided_by.username, policy.valid_from) == (SECOND, today())
    assert told()[1:] == [(FIRST, "policy_approved", "/policies/signing/2/")]


def test_proposer_cannot_approve_by_the_verb():
    policy = proposed("signing", slower())

    with pytest.raises(NotAllowed, match="You proposed this version"), transaction.atomic():
        approve_version(person(FIRST), policy)

    assert SignOffPolicy.objects.get(pk=policy.pk).status == Status.PROPOSED


def test_proposer_cannot_approve_by_the_database():
    policy = proposed("signing", slower())
    policy.decided_by, policy.status = policy.proposed_by, Status.ACTIVE

    with (
        acting_as(User.objects.system()),
        pytest.raises(IntegrityError, match="policy_is_approved_by_a_second_person"),
        transaction.atomic(),
    ):
        policy.save()


def test_second_administrator_refuses_with_a_reason_that_stays():
    policy = proposed("signing", slower())
    with transaction.atomic():
        refuse_version(person(SECOND), policy, reason="Terlalu lama.")

    policy.refresh_from_db()
    assert (policy.status, policy.decided_by.username) == (Status.REFUSED, SECOND)
    assert policy.reason == f"{REASON}\n— Terlalu lama."
    assert told()[1:] == [(FIRST, "policy_refused", "/policies/signing/2/")]


def test_proposer_takes_a_proposal_back_and_nobody_is_told_of_that():
    policy = proposed("signing", slower())
    with transaction.atomic():
        refuse_version(person(FIRST), policy, reason="Belum waktunya.")

    policy.refresh_from_db()
    assert (policy.status, policy.decided_by) == (Status.REFUSED, None)
    assert [event for _who, event, _path in told()] == ["policy_proposed"]


def test_refusal_without_a_reason_is_refused():
    policy = proposed("signing", slower())

    with pytest.raises(ValidationError, match="say in a sentence why you refuse"):
        refuse_now(policy, "  ")


def test_what_was_decided_is_decided():
    policy = proposed("signing", slower())
    refuse_now(policy, "Terlalu lama.")

    with pytest.raises(Refused, match="This version was decided already"):
        approve_now(policy)
    with pytest.raises(Refused, match="This version was decided already"):
        refuse_now(policy, "Lagi.")


def test_older_proposal_does_not_overtake_a_newer_version():
    older, newer = proposed("signing", slower()), proposed("signing", slower(days=11))
    with transaction.atomic():
        approve_version(person(SECOND), newer)

    with pytest.raises(Refused, match="A newer version of this policy is in use"):
        approve_now(older)


def test_nobody_without_the_right_proposes_approves_or_refuses():
    policy = proposed("signing", slower())

    for act in (
        lambda who: propose_version(who, "signing", slower(days=3), reason=REASON),
        lambda who: approve_version(who, policy),
        lambda who: refuse_version(who, policy, reason=REASON),
    ):
        with pytest.raises(NotAllowed, match="Only administrators"), transaction.atomic():
            act(person("bupati"))
    assert SignOffPolicy.objects.filter(stage="signing").count() == 2


def test_right_is_asked_before_anything_is_said_about_the_policy():
    with pytest.raises(NotAllowed):
        propose("bupati", "signing", replace(slower(), groups=[]))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"groups": []}, "a policy needs at least one group."),
        ({"covers": []}, "sections covered: choose at least one"),
        (
            {"groups": [{"rule": "all", "members": ["gudang"]}]},
            "group 1: “gudang” is no office, unit or role here.",
        ),
    ],
)
def test_version_that_can_never_be_met_is_not_proposed(changes, sentence):
    with pytest.raises(ValidationError, match=sentence):
        propose(FIRST, "signing", replace(in_use("signing"), **changes))
    assert told() == []


def test_version_that_changes_nothing_or_says_no_reason_is_not_proposed():
    with pytest.raises(ValidationError, match="Nothing differs from the version in use"):
        propose(FIRST, "signing", in_use("signing"))
    with pytest.raises(ValidationError, match="say in a sentence why the policy changes"):
        propose(FIRST, "signing", slower(), reason=" ")


def test_stage_of_no_flow_has_no_policy():
    with pytest.raises(NotFound, match="There is no such stage"):
        propose(FIRST, "harvest", in_use("signing"))


def test_proposal_that_came_by_another_way_is_checked_when_it_is_approved():
    unchecked = replace(in_use("signing"), covers=["monitoring"])
    with transaction.atomic():
        policy = propose_policy(person(FIRST), "signing", unchecked, reason=REASON)

    with pytest.raises(ValidationError, match="does not show “Monitoring”"):
        approve_now(policy)


def test_administrators_are_those_with_the_right_by_name_by_group_or_as_superuser():
    right = Permission.objects.get(codename="govern_policies")
    with acting_as(User.objects.system()):
        User.objects.create_superuser("akar", name_plain="Akar", email="a@example.test")
        with acting_as(system_account()):
            person("keuangan").user_permissions.add(right)
        gone = person(SECOND)
        gone.is_active = False
        gone.save()

    assert {user.username for user in governors()} == {"akar", "keuangan", FIRST}


def test_new_version_holds_for_new_cases_and_running_ones_keep_theirs():
    running = case_at("completeness")
    dials = in_use("commitment")
    adopted("commitment", replace(dials, groups=dials.groups[:2]))
    later = case_at("completeness", "LAIS")

    assert running.policy_versions["commitment"] == 1
    assert later.policy_versions["commitment"] == 2
    assert asked_at_commitment(running, RUNS_ALREADY) == 3
    assert asked_at_commitment(later, "LAIS") == 2


def test_installation_overrules_no_administrator():
    changed = adopted("signing", slower())
    pending = proposed("trial", replace(in_use("trial"), working_days=9))
    before = SignOffPolicy.objects.count()

    with transaction.atomic():
        install_defaults(User.objects.system())

    assert version_in_use("signing") == changed
    assert version_in_use("trial").version < pending.version
    assert SignOffPolicy.objects.count() == before


def asked_at_commitment(case: Case, name: str) -> int:
    """Walk a case through the stage; how many seats it opened there."""
    with transaction.atomic():
        walk(case, record_of(name), until="drafting")
    assert Case.objects.get(pk=case.pk).stage == "drafting"
    seats = Seat.objects.filter(process_id=case.pk, stage="commitment")
    assert {seat.policy.version for seat in seats} == {case.policy_versions["commitment"]}
    return seats.count()
