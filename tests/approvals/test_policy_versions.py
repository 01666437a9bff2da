"""Versions of policies: one administrator proposes, a second decides, running cases keep theirs."""

from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.acting import acting_as
from approvals.models import SignOffPolicy
from approvals.policy_checks import Dials
from approvals.policy_versions import (
    adopt_policy,
    approve_policy,
    current_versions,
    dials_of,
    propose_policy,
    refuse_policy,
    same_dials,
    with_always,
)
from approvals.refusals import NotAllowed, Refused
from tests.accounts.factories import UserFactory, system_account
from tests.approvals.factories import EXCLUSIONS, PolicyFactory, group

pytestmark = [pytest.mark.integration, pytest.mark.django_db, pytest.mark.usefixtures("english")]
NOW = "2026-03-10T01:00:00Z"
DIALS = Dials(
    groups=[group("all", 1)], working_days=60, exclusions=list(EXCLUSIONS), covers=["identity"]
)
SHORTER = replace(DIALS, working_days=30)
CHANGES = {
    "groups": [group("any", 2)],
    "working_days": 30,
    "exclusions": [*EXCLUSIONS, "drafter"],
    "covers": ["identity", "design"],
    "declares_conflict": True,
    "batch_ceiling": Decimal("250000000.00"),
}
each_change = pytest.mark.parametrize("changed", CHANGES)


def administrator():
    person = UserFactory()
    with acting_as(system_account()):
        person.user_permissions.add(Permission.objects.get(codename="govern_policies"))
    return person


@pytest.fixture
def first():
    return administrator()


@pytest.fixture
def second():
    return administrator()


@pytest.fixture
def in_use(system):
    return adopt_policy(system, "trial", DIALS)


def proposed(by, dials=SHORTER):
    return propose_policy(by, "trial", dials, reason="Uji coba terlalu lama.")


# ---- what comes with the installation ----


@time_machine.travel(NOW, tick=False)
def test_policy_of_the_installation_is_in_use_from_today_on(system):
    policy = adopt_policy(system, "trial", DIALS)
    assert (policy.version, policy.valid_from, policy.status) == (1, date(2026, 3, 10), "active")
    assert dials_of(policy) == DIALS
    assert (policy.proposed_by, policy.decided_by) == (None, system)
    assert policy.decided_at == datetime(2026, 3, 10, 1, tzinfo=UTC)
    assert policy.history.get().history_user == system
    assert str(policy) == "trial v1"


@each_change
def test_changed_policy_is_a_new_version_and_the_old_one_stays(changed, system, in_use):
    later = adopt_policy(system, "trial", replace(DIALS, **{changed: CHANGES[changed]}))
    assert (in_use.version, later.version) == (1, 2)
    assert dials_of(SignOffPolicy.objects.get(pk=in_use.pk)) == DIALS
    assert current_versions() == {"trial": 2}


def test_same_policy_again_changes_nothing(system, in_use):
    assert adopt_policy(system, "trial", DIALS) == in_use
    assert SignOffPolicy.objects.get().history.count() == 1


def test_older_policy_can_return_as_a_new_version(system):
    for working_days, version in ((60, 1), (30, 2), (60, 3)):
        policy = adopt_policy(system, "trial", replace(DIALS, working_days=working_days))
        assert policy.version == version


def test_impossible_policy_is_not_adopted(system):
    with pytest.raises(ValidationError):
        adopt_policy(system, "trial", replace(DIALS, groups=[]))
    assert not SignOffPolicy.objects.exists()


def test_installation_does_not_take_a_proposal_for_its_own(system, in_use, first):
    waiting = proposed(first)
    adopted = adopt_policy(system, "trial", SHORTER)
    assert adopted != waiting
    assert (adopted.version, adopted.status) == (3, "active")


def test_installation_leaves_alone_what_administrators_have_decided(system, in_use, first, second):
    decided = approve_policy(second, proposed(first))
    assert adopt_policy(system, "trial", DIALS) == decided
    assert current_versions() == {"trial": 2}


def test_proposal_that_was_refused_does_not_keep_the_installation_away(
    system, in_use, first, second
):
    refuse_policy(second, proposed(first), reason="Belum perlu.")
    assert adopt_policy(system, "trial", SHORTER).version == 3


# ---- proposing ----


def test_proposal_waits_and_rules_over_nothing(first, in_use):
    policy = proposed(first)
    assert (policy.version, policy.status, policy.reason) == (
        2,
        "proposed",
        "Uji coba terlalu lama.",
    )
    assert (policy.proposed_by, policy.decided_by, policy.decided_at) == (first, None, None)
    assert current_versions() == {"trial": 1}
    assert policy.history.get().history_user == first


@each_change
def test_every_dial_can_be_proposed(changed, first, in_use):
    policy = proposed(first, replace(DIALS, **{changed: CHANGES[changed]}))
    assert asdict(dials_of(SignOffPolicy.objects.get(pk=policy.pk)))[changed] == CHANGES[changed]


def test_proposal_that_changes_nothing_is_refused(first, in_use):
    with pytest.raises(ValidationError, match="Nothing differs from the version in use"):
        proposed(first, DIALS)


def test_proposal_is_compared_with_what_is_in_use_not_with_another_proposal(first, in_use):
    proposed(first)
    assert proposed(first).version == 3


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_proposal_needs_a_reason(reason, first, in_use):
    with pytest.raises(ValidationError, match="Reason: say in a sentence why the policy changes"):
        propose_policy(first, "trial", SHORTER, reason=reason)
    assert SignOffPolicy.objects.get() == in_use


def test_impossible_policy_is_not_proposed(first, in_use):
    with pytest.raises(ValidationError, match="must stay excluded"):
        proposed(first, replace(DIALS, exclusions=[]))


# ---- deciding ----


@time_machine.travel(NOW, tick=False)
def test_second_administrator_puts_a_proposal_into_use_for_new_cases(first, second):
    PolicyFactory(stage="trial", version=1)
    policy = approve_policy(second, proposed(first))
    assert (policy.status, policy.valid_from) == ("active", date(2026, 3, 10))
    assert (policy.proposed_by, policy.decided_by) == (first, second)
    assert current_versions() == {"trial": 2}
    assert {version.history_user for version in policy.history.all()} == {first, second}


@time_machine.travel(NOW, tick=False)
def test_proposal_of_last_week_is_valid_from_the_day_of_its_approval(first, second, in_use):
    with time_machine.travel("2026-03-01T01:00:00Z", tick=False):
        policy = proposed(first)
    assert approve_policy(second, policy).valid_from == date(2026, 3, 10)


def test_proposer_does_not_approve_the_own_proposal(first, in_use):
    policy = proposed(first)
    with pytest.raises(NotAllowed, match="a second administrator has to approve it") as refusal:
        approve_policy(first, policy)
    assert refusal.value.status == 403
    assert SignOffPolicy.objects.get(pk=policy.pk).status == "proposed"


def test_superuser_does_not_approve_the_own_proposal(in_use):
    alone = UserFactory(is_superuser=True)
    with pytest.raises(NotAllowed, match="second administrator"):
        approve_policy(alone, proposed(alone))


@pytest.mark.parametrize("act", ["propose", "approve", "refuse"])
@pytest.mark.parametrize("who", ["official", "deactivated"])
def test_governing_policies_is_for_administrators(act, who, first, in_use):
    person = UserFactory() if who == "official" else administrator()
    if who == "deactivated":
        with acting_as(person):
            person.is_active = False
            person.save()
    acts = {
        "propose": lambda: proposed(person),
        "approve": lambda: approve_policy(person, proposed(first)),
        "refuse": lambda: refuse_policy(person, proposed(first), reason="Belum perlu."),
    }
    with pytest.raises(NotAllowed, match="Only administrators of the sign-off policies"):
        acts[act]()
    assert current_versions() == {"trial": 1}


def test_refused_proposal_keeps_both_reasons(first, second, in_use):
    policy = refuse_policy(second, proposed(first), reason=" Belum perlu. ")
    assert (policy.status, policy.decided_by) == ("refused", second)
    assert policy.reason == "Uji coba terlalu lama.\n— Belum perlu."
    assert policy.decided_at is not None
    assert current_versions() == {"trial": 1}


def test_proposer_takes_the_own_proposal_back(first, in_use):
    policy = refuse_policy(first, proposed(first), reason="Keliru.")
    assert (policy.status, policy.decided_by) == ("refused", None)


@pytest.mark.parametrize("reason", ["", "  "])
def test_refusal_needs_a_reason(reason, first, second, in_use):
    policy = proposed(first)
    with pytest.raises(ValidationError, match="Reason: say in a sentence why you refuse it"):
        refuse_policy(second, policy, reason=reason)
    assert SignOffPolicy.objects.get(pk=policy.pk).status == "proposed"


@pytest.mark.parametrize("decided", ["approved", "refused"])
def test_proposal_is_decided_once(decided, first, second, in_use):
    policy = proposed(first)
    if decided == "approved":
        approve_policy(second, policy)
    else:
        refuse_policy(second, policy, reason="Belum perlu.")
    third = administrator()
    for act in (
        lambda: approve_policy(third, policy),
        lambda: refuse_policy(third, policy, reason="Belum perlu."),
    ):
        with pytest.raises(Refused, match="This version was decided already") as refusal:
            act()
        assert refusal.value.status == 409


def test_proposal_that_a_newer_version_has_overtaken_is_not_approved(first, second, in_use):
    older = proposed(first)
    approve_policy(second, proposed(first, replace(DIALS, working_days=20)))
    with pytest.raises(Refused, match="A newer version of this policy is in use"):
        approve_policy(second, older)
    assert current_versions() == {"trial": 3}
    assert refuse_policy(second, older, reason="Sudah diganti.").status == "refused"


def test_database_refuses_one_person_as_both_administrators(first, in_use):
    policy = proposed(first)
    with pytest.raises(IntegrityError), transaction.atomic(), acting_as(first):
        SignOffPolicy.objects.filter(pk=policy.pk).update(status="active", decided_by=first)
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyFactory(stage="trial", version=9, proposed_by=first, decided_by=first)
    assert SignOffPolicy.objects.get(pk=policy.pk).decided_by is None


# ---- reading ----


@time_machine.travel(NOW, tick=False)
def test_new_case_starts_with_the_newest_versions_that_run():
    PolicyFactory(stage="trial", version=1, valid_from=date(2026, 1, 1))
    PolicyFactory(stage="trial", version=2, valid_from=date(2026, 3, 10))
    PolicyFactory(stage="trial", version=3, valid_from=date(2026, 3, 11))
    PolicyFactory(stage="trial", version=4, status="proposed")
    PolicyFactory(stage="trial", version=5, status="refused")
    PolicyFactory(stage="signing", version=1, valid_from=date(2025, 1, 1))
    PolicyFactory(stage="report", version=1, valid_from=date(2027, 1, 1))
    assert current_versions() == {"trial": 2, "signing": 1}


def test_current_versions_cost_one_query(django_assert_num_queries):
    PolicyFactory.create_batch(3, stage="trial")
    with django_assert_num_queries(1):
        assert len(current_versions()) == 1


@each_change
def test_version_says_the_same_or_not(changed, in_use):
    stored = SignOffPolicy.objects.get(pk=in_use.pk)
    assert same_dials(stored, DIALS) is True
    assert same_dials(stored, replace(DIALS, **{changed: CHANGES[changed]})) is False


def test_amount_is_the_same_however_it_is_written(system):
    stored = adopt_policy(system, "trial", replace(DIALS, batch_ceiling=Decimal("250000000")))
    stored.refresh_from_db()
    assert same_dials(stored, replace(DIALS, batch_ceiling=Decimal("250000000.00")))


def test_exclusions_get_what_no_approval_may_leave_out():
    assert with_always(["drafter", "conflict"]) == [*EXCLUSIONS, "drafter"]
