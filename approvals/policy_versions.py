"""Versions of policies: proposed by one administrator, put into use by a second one.

A running case keeps the versions it started with (pitfalls.md, X7).
"""

from collections.abc import Sequence
from dataclasses import asdict

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import ValidationError
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.models import User
from accounts.offices import today

from .exclusions import ALWAYS
from .models import SignOffPolicy
from .policy_checks import Dials, check
from .refusals import NotAllowed, Refused

GOVERN = "approvals.govern_policies"
Status = SignOffPolicy.Status


@verb
def adopt_policy(actor: User, stage: str, dials: Dials, *, own_work: bool = False) -> SignOffPolicy:
    """Put a policy that came with the installation into use; the same again changes nothing.

    What administrators have put into use stays. Raises ValidationError with a sentence for each
    fault that `check` finds.
    """
    check(stage, dials, own_work=own_work)
    used = version_in_use(stage)
    if used and (used.proposed_by_id is not None or same_dials(used, dials)):
        return used
    return _create(stage, dials, status=Status.ACTIVE, decided_by=actor, decided_at=timezone.now())


@verb
def propose_policy(
    actor: User, stage: str, dials: Dials, *, reason: str, own_work: bool = False
) -> SignOffPolicy:
    """Write down a new version; it waits for a second administrator and rules over nothing yet.

    Raises NotAllowed without the right to govern policies, ValidationError with a sentence for
    each fault, or where it would change nothing.
    """
    check_governs(actor)
    check(stage, dials, own_work=own_work)
    if not reason.strip():
        raise ValidationError({"reason": _("Reason: say in a sentence why the policy changes.")})
    current = version_in_use(stage)
    if current and same_dials(current, dials):
        raise ValidationError(_("Nothing differs from the version in use. Change something first."))
    return _create(stage, dials, status=Status.PROPOSED, reason=reason, proposed_by=actor)


@verb
def approve_policy(actor: User, policy: SignOffPolicy) -> SignOffPolicy:
    """Put a proposed version into use for new cases, as the second administrator.

    Raises NotAllowed for its proposer and without the right, Refused where it was decided already.
    """
    locked = _locked_proposal(actor, policy)
    newer = SignOffPolicy.objects.filter(
        stage=locked.stage, status=Status.ACTIVE, version__gt=locked.version
    )
    if newer.exists():
        raise Refused(_("A newer version of this policy is in use. Propose the change anew."))
    locked.status, locked.valid_from = Status.ACTIVE, today()
    return _settle(actor, locked)


@verb
def refuse_policy(actor: User, policy: SignOffPolicy, *, reason: str) -> SignOffPolicy:
    """Turn a proposed version down, with the reason beside the proposer's; its proposer may too.

    Raises what `approve_policy` raises, and ValidationError without a reason.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("Reason: say in a sentence why you refuse it.")})
    locked = _locked_proposal(actor, policy, by_proposer=True)
    locked.status = Status.REFUSED
    locked.reason = f"{locked.reason}\n— {reason.strip()}"
    if locked.proposed_by_id == actor.pk:
        locked.save()
        return locked
    return _settle(actor, locked)


def same_dials(policy: SignOffPolicy, dials: Dials) -> bool:
    """Whether a stored version says just this."""
    return all(getattr(policy, name) == value for name, value in asdict(dials).items())


def dials_of(policy: SignOffPolicy) -> Dials:
    """What a stored version sets."""
    return Dials(**{name: getattr(policy, name) for name in Dials.__dataclass_fields__})


def current_versions() -> dict[str, int]:
    """The version of every stage's policy that a new case starts with."""
    running = SignOffPolicy.objects.filter(status=Status.ACTIVE, valid_from__lte=today())
    return dict(running.order_by("version").values_list("stage", "version"))


def with_always(exclusions: Sequence[str]) -> list[str]:
    """These exclusions and those that no approval may leave out."""
    return list(dict.fromkeys([*ALWAYS, *exclusions]))


def version_in_use(stage: str) -> SignOffPolicy | None:
    """The version of a stage's policy that a new case starts with."""
    running = SignOffPolicy.objects.filter(stage=stage, status=Status.ACTIVE)
    return running.filter(valid_from__lte=today()).order_by("-version").first()


def governors() -> QuerySet[User]:
    """Everybody who may propose and approve policies."""
    found: QuerySet[User] = ModelBackend().with_perm(GOVERN)
    return found


def check_governs(actor: User) -> None:
    """Raise NotAllowed for whoever may not propose and approve policies."""
    if not actor.has_perm(GOVERN):
        raise NotAllowed(_("Only administrators of the sign-off policies may do this."))


def _create(stage: str, dials: Dials, **fields: object) -> SignOffPolicy:
    # Two who propose at once wait for each other at the first version.
    SignOffPolicy.objects.select_for_update().filter(stage=stage).order_by("version").first()
    newest = SignOffPolicy.objects.filter(stage=stage).aggregate(newest=Max("version"))["newest"]
    values = asdict(dials) | fields
    return SignOffPolicy.objects.create(
        stage=stage, version=(newest or 0) + 1, valid_from=today(), **values
    )


def _locked_proposal(
    actor: User, policy: SignOffPolicy, *, by_proposer: bool = False
) -> SignOffPolicy:
    check_governs(actor)
    locked = SignOffPolicy.objects.select_for_update().get(pk=policy.pk)
    if locked.status != Status.PROPOSED:
        sentence = _("This version was decided already: %(status)s.")
        raise Refused(sentence % {"status": locked.get_status_display()})
    if locked.proposed_by_id == actor.pk and not by_proposer:
        raise NotAllowed(_("You proposed this version; a second administrator has to approve it."))
    return locked


def _settle(actor: User, policy: SignOffPolicy) -> SignOffPolicy:
    policy.decided_by, policy.decided_at = actor, timezone.now()
    policy.save()
    return policy
