"""Whatever the editor lets through opens seats, and can be satisfied or says who is missing."""

from collections import Counter
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from viewflow.workflow.models import Task

from accounts.acting import acting_as
from accounts.models import User
from accounts.offices import appointments_on, end_appointment, today
from approvals.calendar import DAY
from approvals.models import SignOffPolicy
from approvals.policies import APPROVE, RULES
from approvals.policy_checks import Dials
from approvals.reach import gaps
from approvals.seats import open_seats
from approvals.sign_offs import Content, sign
from approvals.standing import Standing
from tests.accounts.factories import system_account
from tests.regency import case_at
from tests.workflow.governing import posted
from workflow.facts import matter_of
from workflow.members import places_of
from workflow.models import Case
from workflow.policy_entries import entries_from, entries_of
from workflow.policy_form import PolicyForm
from workflow.policy_words import Names
from workflow.rehearsal_cases import rehearse_version
from workflow.stages import comes_before, stages_by_name
from workflow.stalls import missing_label

pytestmark = [
    pytest.mark.integration,
    pytest.mark.one_database,
    pytest.mark.usefixtures("regency", "db", "english"),
]

MEMBERS = [
    *("sekda", "bupati", "wakil-bupati", "kabag-hukum", "perancang-hukum-1", "kepala-bpkpd"),
    *("panel-1", "panel-2", "panel-3", "kepala-dinkes", "kepala-puskesmas-kelapa-kampit"),
    *("unit:bagian-hukum", "unit:dinkes", "unit:tim-independen", "unit:setda"),
    *("@owning_unit_head", "@laboratory_head", "@assistant", "@units_involved"),
]
# What many a stage cannot ask: the editor refuses it there.
SELDOM = ["@owner", "@initiator"]
VACANT = ["panel-3", "wakil-bupati"]
CONDITIONS = st.one_of(
    st.builds(
        lambda how, much: {"fact": "amount", how: much},
        st.sampled_from(["at_least", "below"]),
        st.sampled_from(["1000000", "250000000", "5000000000"]),
    ),
    st.builds(
        lambda how, years: {"fact": "fiscal_years", how: years},
        st.sampled_from(["at_least", "below"]),
        st.integers(1, 4),
    ),
    st.sampled_from(
        [
            {"fact": "initiator_type", "any_of": ["civil_servant"]},
            {"fact": "initiator_type", "any_of": ["agency", "community"]},
            {"fact": "pillar", "any_of": ["health", "education"]},
            {"fact": "instrument_kind", "any_of": ["regent_decree"]},
        ]
    ),
)


@st.composite
def groups(draw: Any) -> dict[str, Any]:
    words = MEMBERS + draw(st.sampled_from([[], [], [], SELDOM]))
    members = draw(st.lists(st.sampled_from(words), min_size=1, max_size=4, unique=True))
    found = {"rule": draw(st.sampled_from(sorted(RULES))), "members": members}
    if RULES[found["rule"]].numbered:
        found["need"] = draw(st.integers(1, len(members)))
    if when := draw(st.lists(CONDITIONS, max_size=2)):
        found["when"] = when
    if draw(st.booleans()):
        found["definitive"] = True
    return found


@st.composite
def versions(draw: Any, stage: str) -> Dials:
    """A version as somebody might put it together for a stage."""
    earlier = [f"signer:{name}" for name in stages_by_name() if comes_before(name, stage)]
    left_out = st.sampled_from(["initiator_unit", "drafter", *earlier])
    return Dials(
        groups=draw(st.lists(groups(), min_size=1, max_size=3)),
        working_days=draw(st.integers(1, 20)),
        exclusions=[
            *("initiator", "co_initiator", "conflict"),
            *draw(st.lists(left_out, max_size=2, unique=True)),
        ],
        covers=list(stages_by_name()[stage].reads[:1]),
    )


def of_one_office_by_two_words(stage: str) -> Dials:
    """Four are needed, but two of the four words stand for one office at these cases."""
    members = ["sekda", "bupati", "kepala-puskesmas-kelapa-kampit", "@owning_unit_head"]
    return Dials(
        groups=[{"rule": "n_of_m", "members": members, "need": 4}],
        working_days=1,
        exclusions=["initiator", "co_initiator", "conflict"],
        covers=list(stages_by_name()[stage].reads[:1]),
    )


def let_through(stage: str, dials: Dials, names: Names) -> SignOffPolicy | None:
    """The version that the editor makes of it, None where it refuses."""
    entries = entries_of(dials)
    entries.reason = "Uji."
    form = PolicyForm(entries_from(posted(entries)), stage, names, checked=True)
    if not form.is_valid():
        return None
    fields = {name: getattr(form.dials, name) for name in Dials.__dataclass_fields__}
    return SignOffPolicy(stage=stage, version=99, valid_from=today(), **fields)


def sign_all(case: Case, policy: SignOffPolicy) -> tuple[str | None, str]:
    """Let everybody sign who can: what the stage amounts to, and who is said to be missing."""
    system, matter, on = User.objects.system(), matter_of(case), today()
    with acting_as(system):
        policy.save()
    with acting_as(system_account()):
        task = Task.objects.create(process_id=case.pk, flow_task=stages_by_name()[policy.stage])
    opened = open_seats(
        system,
        task,
        policy,
        places_of(case, policy, matter, on),
        matter=matter,
        case_code=case.code,
        case_title="X",
    )
    seats, result = list(opened.seats), opened.result
    while result is None:
        standing = Standing(matter, seats, on)
        able = ((s, p) for s in seats if s.state == "open" for p in standing.eligible(s))
        chosen = next(able, None)
        if chosen is None:
            return None, missing_label(gaps(policy, seats, standing))
        seat, who = chosen
        signed = sign(
            who,
            seat,
            "approve",
            standing=standing,
            answer=standing.answer(seat, who),
            policy=policy,
            content=Content({}),
            at=timezone.now(),
        )
        result = signed.result
    return result, ""


def vacate() -> None:
    """Let some offices be held by nobody from today on."""
    system = User.objects.system()
    with acting_as(system):
        for appointment in appointments_on(today()).filter(office__code__in=VACANT):
            end_appointment(system, appointment, last_day=today() - DAY)


@pytest.mark.parametrize("stage", ["completeness", "alignment", "commitment", "signing"])
def test_version_that_the_editor_lets_through_is_satisfied_or_says_who_is_missing(stage):
    case, names, seen = case_at(stage), Names(), Counter()
    vacate()

    @settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
    @given(versions(stage))
    @example(of_one_office_by_two_words(stage))
    def holds(dials: Dials) -> None:
        policy = let_through(stage, dials, names)
        if policy is None:
            seen["refused"] += 1
            return
        rehearsed = rehearse_version(policy, names)
        with transaction.atomic():
            result, missing = sign_all(case, policy)
            transaction.set_rollback(True)
        policy.pk = None
        assert result == APPROVE or missing
        assert rehearsed.played == 1
        seen[result] += 1

    holds()
    # Both what is let through and what is refused was looked at.
    assert seen[APPROVE]
    assert seen["refused"]
