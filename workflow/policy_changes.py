"""Changing who must sign a stage: one administrator proposes, a second one puts it into use."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.models import User
from approvals import policy_versions
from approvals.models import SignOffPolicy
from approvals.policy_checks import Dials, Fault
from approvals.policy_versions import check_governs, dials_of, governors
from approvals.refusals import NotFound

from .announcements import announce_to
from .feasibility import faults_at
from .policy_words import Names
from .stages import is_own_work, stages_by_name


@verb
def propose_version(actor: User, stage: str, dials: Dials, *, reason: str) -> SignOffPolicy:
    """Propose a new version of a stage's policy, and tell the other administrators.

    Raises NotAllowed, NotFound for a stage of no flow, ValidationError with a sentence for each
    fault.
    """
    check_governs(actor)
    check_stage(stage)
    _refuse(faults_at(stage, dials, Names()))
    policy = policy_versions.propose_policy(
        actor, stage, dials, reason=reason, own_work=is_own_work(stage)
    )
    _tell(policy, "policy_proposed", [p for p in governors() if p != actor], actor)
    return policy


@verb
def approve_version(actor: User, policy: SignOffPolicy) -> SignOffPolicy:
    """Put a proposed version into use for new cases, and tell its proposer.

    Raises what `approve_policy` raises, and ValidationError where the house has changed so that
    the version could never be met any more.
    """
    check_governs(actor)
    _refuse(faults_at(policy.stage, dials_of(policy), Names()))
    approved = policy_versions.approve_policy(actor, policy)
    _tell(approved, "policy_approved", _proposer(approved), actor)
    return approved


@verb
def refuse_version(actor: User, policy: SignOffPolicy, *, reason: str) -> SignOffPolicy:
    """Turn a proposed version down and tell its proposer, who may do so too: it is withdrawn then.

    Raises what `refuse_policy` raises.
    """
    refused = policy_versions.refuse_policy(actor, policy, reason=reason)
    _tell(refused, "policy_refused", [p for p in _proposer(refused) if p != actor], actor)
    return refused


def check_stage(stage: str) -> None:
    """Raise NotFound for what is no stage of a flow."""
    if stage not in stages_by_name():
        raise NotFound(_("There is no such stage."))


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise ValidationError([str(fault) for fault in faults])


def _proposer(policy: SignOffPolicy) -> list[User]:
    return [policy.proposed_by] if policy.proposed_by else []


def _tell(policy: SignOffPolicy, event: str, people: list[User], actor: User) -> None:
    announce_to(
        people,
        event,
        occurrence=f"policy:{policy.pk}",
        stage=policy.stage,
        version=policy.version,
        who=actor.get_short_name(),
    )
