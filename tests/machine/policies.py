"""Random policies that the checks let through."""

from typing import Any

from hypothesis import strategies as st

from approvals.policy_checks import Dials, check
from approvals.policy_versions import with_always

SECTIONS = ("alignment", "commitment", "instrument")
OFFICES = (
    "kepala-bappelitbangda",
    "kepala-bpkpd",
    "asisten-1",
    "asisten-2",
    "sekda",
    "panel-1",
    "panel-2",
    "@owning_unit_head",
)
UNITS = ("unit:bappelitbangda", "unit:bagian-hukum", "unit:dinkes")
STAGE = "initialling"
# Without these the machine itself could not go on.
NEEDED = ("perancang-hukum-1", "perancang-hukum-2", "kabag-hukum", "sekretariat-inovasi-1")

conditions = st.sampled_from(
    [
        [],
        [{"fact": "amount", "at_least": "1000"}],
        [{"fact": "amount", "at_least": "900000000000"}],
        [{"fact": "initiator_type", "any_of": ["civil_servant"]}],
        [{"fact": "initiator_type", "any_of": ["community"]}],
    ]
)


@st.composite
def groups(draw: Any, *, free: bool) -> dict[str, Any]:
    """One group of a policy, conditional unless `free`."""
    kind = draw(st.sampled_from(["all", "any", "n_of_m", "ordered", "one_per_unit"]))
    named = UNITS if kind == "one_per_unit" else OFFICES
    members = draw(st.lists(st.sampled_from(named), min_size=1, max_size=3, unique=True))
    group: dict[str, Any] = {"rule": kind, "members": members}
    if kind == "n_of_m":
        group["need"] = draw(st.integers(1, len(members)))
    when = [] if free else draw(conditions)
    return group | ({"when": when} if when else {})


@st.composite
def policies(draw: Any) -> Dials:
    """A policy that the checks let through."""
    first = draw(groups(free=True))
    others = draw(st.lists(groups(free=False), max_size=2))
    further = ["initiator_unit", "drafter", "signer:commitment", "signer:verification"]
    dials = Dials(
        groups=draw(st.permutations([first, *others])),
        working_days=draw(st.integers(1, 5)),
        exclusions=with_always(draw(st.lists(st.sampled_from(further), max_size=2, unique=True))),
        covers=draw(st.lists(st.sampled_from(SECTIONS), min_size=1, max_size=3, unique=True)),
        declares_conflict=draw(st.booleans()),
    )
    check(STAGE, dials)
    return dials
