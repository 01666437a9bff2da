"""What a new installation starts with: master data and the first version of every policy."""

from accounts.acting import verb
from accounts.models import User
from approvals.policies import EXCLUSIONS, adopt_policy
from legal_basis import master_data as law
from planning import master_data as plan

from .checks import default_policies


@verb
def install_defaults(actor: User) -> None:
    """Load pillars, nomenclature, ceilings, legal sources and sign-off policies; repeatable."""
    plan.load_master_data(actor)
    law.load_master_data(actor)
    for stage, policy in default_policies().items():
        adopt_policy(
            actor,
            stage,
            groups=policy["groups"],
            working_days=policy["working_days"],
            exclusions=policy.get("exclusions", EXCLUSIONS),
        )
