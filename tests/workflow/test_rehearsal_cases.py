"""Which cases a rehearsal plays, what it costs, and that it writes nothing."""

from dataclasses import asdict, replace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.acting import acting_as
from accounts.models import User
from approvals.models import Lapse, SignOff, SignOffPolicy
from approvals.sign_offs import lapse
from tests.innovations.factories import InnovationFactory
from tests.regency import RUNS_ALREADY, case_at, person, record_of
from tests.workflow.factories import CaseFactory
from tests.workflow.governing import adopted, in_use
from workflow import rehearsal_cases
from workflow.flows.monitoring import Monitoring
from workflow.models import Case
from workflow.policy_words import Names
from workflow.rehearsal import Effect, Rehearsal
from workflow.rehearsal_cases import rehearse_version
from workflow.rehearsal_words import CaseLine, rehearsal_lines, sentence_of
from workflow.reversals import withdraw
from workflow.walking import next_seat, sign_one

pytestmark = [
    pytest.mark.integration,
    pytest.mark.one_database,
    pytest.mark.usefixtures("regency", "db", "english"),
]

INITIALLING = [
    {"rule": "all", "members": ["@owning_unit_head", "kepala-bappelitbangda", "inspektur"]},
    {"rule": "ordered", "members": ["@assistant", "sekda"]},
]


def rehearsed(stage: str, **changes: Any) -> Rehearsal:
    """The rehearsal of the version in use with these changes."""
    dials = asdict(replace(in_use(stage), **changes))
    return rehearse_version(SignOffPolicy(stage=stage, **dials), Names())


def told(rehearsal: Rehearsal) -> dict[str, list[str]]:
    """The effects with the codes of their cases."""
    found: dict[str, list[str]] = {}
    for finding in rehearsal.findings:
        found.setdefault(finding.effect.value, []).append(finding.case.code)
    return found


def test_finished_and_running_cases_are_played_with_what_they_have():
    finished, running = case_at("done"), case_at("completeness", "LAIS")

    found = rehearsed("initialling", groups=INITIALLING)

    assert (found.played, found.left_out) == (2, [])
    assert told(found) == {
        "asks": [running.code, finished.code],
        "needs": [finished.code],
    }
    needs = found.of(Effect.NEEDS)[0]
    assert needs.sentences == ["It would have needed a signature more: Inspektur Daerah."]


def test_same_version_plays_without_effect_wherever_the_cases_stand():
    case_at("done")
    for stage in ("verification", "commitment", "initialling"):
        found = rehearsed(stage)
        assert (found.played, found.unchanged, found.findings) == (1, 1, [])


def test_open_stage_that_its_signatures_would_satisfy_passes_earlier():
    case = case_at("initialling")
    with transaction.atomic():
        sign_one(case, next_seat(case), record_of(RUNS_ALREADY))

    found = rehearsed("initialling", groups=[{"rule": "any", "members": ["@owning_unit_head"]}])

    assert told(found) == {"spares": [case.code], "earlier": [case.code]}


def test_answers_that_lapsed_do_not_count():
    case = case_at("commitment")
    with transaction.atomic():
        sign_one(case, next_seat(case), record_of(RUNS_ALREADY))
        signed = SignOff.objects.get(seat__process=case.pk, seat__stage="commitment")
    first_group = in_use("commitment").groups[:1]
    assert told(rehearsed("commitment", groups=first_group)) == {
        "spares": [case.code],
        "earlier": [case.code],
    }

    with transaction.atomic():
        lapse(User.objects.system(), signed, Lapse.Cause.ASKED_ANEW)

    assert told(rehearsed("commitment", groups=first_group)) == {"spares": [case.code]}


def test_stage_that_sent_the_case_back_would_have_ended_otherwise():
    case = case_at("commitment")
    record = record_of(RUNS_ALREADY)
    for outcome in ("approve", "send_back"):
        with transaction.atomic():
            sign_one(case, next_seat(case), record, outcome, "Selaraskan dahulu.")

    found = rehearsed("commitment", groups=in_use("commitment").groups[:1])

    assert found.of(Effect.OTHERWISE)[0].sentences == [
        "It ended: Sent back one stage. It would have ended: Approved."
    ]


def test_role_that_the_case_cannot_fill_yet_is_left_out_and_said():
    case_at("completeness")

    found = rehearsed("initialling", groups=[{"rule": "all", "members": ["@owner"]}])

    assert (found.played, found.findings) == (0, [])
    assert found.left_out == ["1 case is not played: it does not say yet who would be asked."]


def test_case_that_started_before_the_stage_had_a_policy_is_left_out():
    case = case_at("completeness")
    with acting_as(User.objects.system()):
        del case.policy_versions["signing"]
        case.save()

    assert rehearsed("signing").played == 0


def test_each_case_is_compared_with_its_own_version():
    old = case_at("completeness")
    dials = in_use("commitment")
    adopted("commitment", replace(dials, groups=dials.groups[:2]))
    new = case_at("completeness", "LAIS")

    found = rehearsed("commitment")
    assert told(found) == {"spares": [old.code]}
    again = rehearsed("commitment", groups=dials.groups)
    assert told(again) == {"asks": [new.code]}


def test_finished_case_that_never_came_to_the_stage_is_not_played():
    case = case_at("completeness")
    with transaction.atomic():
        withdraw(case.innovation.initiator, case.code, "Digabung.")

    assert rehearsed("signing").played == 0
    assert rehearsed("completeness").played == 1


def test_cases_of_the_other_flow_are_not_played():
    case = case_at("done")
    assert Case.objects.filter(code=f"{case.code}-M", flow_class=Monitoring).exists()

    assert rehearsed("evaluation").played == 1
    assert rehearsed("signing").played == 1


def many(count: int) -> list[Case]:
    """Running cases without a journey behind them."""
    versions = case_at("completeness").policy_versions
    with acting_as(User.objects.system()):
        return [
            CaseFactory.create(
                innovation=InnovationFactory.create(owning_unit=person("kapus.kampit").home_unit),
                policy_versions=versions,
                stage_since=timezone.now(),
            )
            for _ in range(count)
        ]


def test_too_many_cases_are_cut_and_the_rest_is_counted(monkeypatch):
    many(6)
    monkeypatch.setattr(rehearsal_cases, "MOST_RUNNING", 4)

    found = rehearsed("initialling", groups=INITIALLING)

    assert found.played == 4
    assert found.left_out == [
        "3 more running cases are not played: they have not moved for longer."
    ]


def test_cost_grows_by_few_queries_for_each_case():
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            rehearsed("initialling", groups=INITIALLING)
        return len(found)

    many(1)
    before = queries()
    many(10)

    assert (queries() - before) / 11 <= 4


def test_nothing_is_written():
    case_at("commitment")
    with CaptureQueriesContext(connection) as found:
        rehearsed("commitment", groups=in_use("commitment").groups[1:])

    assert {query["sql"].lstrip("(").split()[0] for query in found} == {"SELECT"}


def test_cases_are_named_only_to_who_may_read_them():
    case = case_at("done")
    found = rehearsed("initialling", groups=INITIALLING)

    seen = rehearsal_lines(person("inspektur"), found)
    hidden = rehearsal_lines(person("guru"), found)

    (line,) = [one for one in seen["effects"] if one.effect == "needs"]
    assert line.sentence == "1 case would have needed another signature."
    (reason,) = line.reasons
    assert reason.sentences == ("It would have needed a signature more: Inspektur Daerah.",)
    assert reason.cases == [CaseLine(case.code, case.innovation.name, f"/cases/{case.code}/")]
    (line,) = [one for one in hidden["effects"] if one.effect == "needs"]
    assert line.reasons[0].cases == [CaseLine(case.code, "", "")]


def test_cases_of_which_the_same_is_true_stand_together():
    first, second = case_at("completeness"), case_at("completeness", "LAIS")
    found = rehearsed("signing", groups=[{"rule": "all", "members": ["bupati", "sekda"]}])

    (line,) = rehearsal_lines(person("inspektur"), found)["effects"]

    assert line.sentence == "In 2 cases it would ask somebody who was not asked."
    assert [[case.code for case in reason.cases] for reason in line.reasons] == [
        [second.code, first.code]
    ]


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("effect", Effect)
def test_every_effect_is_told_with_its_number(effect, count):
    assert sentence_of(effect, count).startswith((f"{count} case", f"In {count} case"))
