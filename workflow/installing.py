"""What a new installation starts with: master data and the first version of every policy."""

from decimal import Decimal
from typing import Any

from accounts.acting import verb
from accounts.models import User
from approvals.policy_checks import Dials
from approvals.policy_versions import adopt_policy, with_always
from legal_basis import master_data as law
from planning import master_data as plan

from .checks import default_policies
from .stages import is_own_work


@verb
def install_defaults(actor: User) -> None:
    """Load pillars, nomenclature, ceilings, legal sources and sign-off policies; repeatable."""
    plan.load_master_data(actor)
    law.load_master_data(actor)
    for stage, policy in default_policies().items():
        adopt_policy(actor, stage, dials_from(policy), own_work=is_own_work(stage))


def dials_from(policy: dict[str, Any]) -> Dials:
    """The dials that a file of policies writes down for a stage."""
    ceiling = policy.get("batch_ceiling")
    return Dials(
        groups=policy["groups"],
        working_days=policy["working_days"],
        exclusions=policy.get("exclusions", with_always([])),
        covers=policy["covers"],
        declares_conflict=policy.get("declares_conflict", False),
        batch_ceiling=Decimal(ceiling) if ceiling else None,
    )
