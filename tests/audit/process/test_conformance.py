"""What the written process does not say is found, and nothing else."""

import datetime

import pytest
from viewflow.workflow.models import Task

from audit.process.conformance import DEVIATION, FAULTS, REOPENED, WRITTEN, faults, moves
from audit.process.scope import Scope
from tests.approvals.factories import TaskFactory
from workflow.flows.institutionalisation import Institutionalisation

from .factories import REJECTED, REVISED, answered, asked, link, save, step_of, travelled

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def verdicts():
    return {(one.before, one.after): one.verdict for one in moves(Scope())}


def found():
    return {one.name: one.example for one in faults(Scope()) if one.cases}


def lawful(code="INV-A"):
    case = travelled(*REJECTED, code=code)
    answered(asked(case, "completeness"), 1)
    return case


def test_lawful_ways_are_as_written_and_have_no_fault():
    lawful()
    case = travelled(*REVISED, code="INV-B")
    for task in Task.objects.filter(process_id=case.pk, flow_task_type="HUMAN"):
        answered(asked(case, task.flow_task.name, task=task), 1)
    assert set(verdicts().values()) == {WRITTEN}
    assert found() == {}


def test_moves_are_counted_with_their_cases_and_an_example():
    travelled(*REVISED, code="INV-B")
    one = next(one for one in moves(Scope()) if one.before == "completeness")
    assert (one.after, one.times, one.cases, one.example) == ("after_completeness", 2, 1, "INV-B")


def test_stage_that_was_passed_over_is_a_deviation_and_comes_first():
    travelled("start", "completeness", "alignment", code="INV-B")
    first = moves(Scope())[0]
    assert (first.before, first.after, first.verdict) == ("completeness", "alignment", DEVIATION)


def test_case_opened_anew_is_told_from_a_deviation():
    case = lawful()
    end = step_of(case, "rejected")
    again = TaskFactory(process=case.process_ptr, flow_task=Institutionalisation.revision)
    link(end, again)
    assert verdicts()["rejected", "revision"] == REOPENED


def _finished_early(case):
    TaskFactory(process=case.process_ptr, flow_task=Institutionalisation.trial)
    link(step_of(case, "completeness"), step_of(case, "trial"))


def _lost_its_end(case):
    end = step_of(case, "rejected")
    end.status = "CANCELED"
    save(end)


def _from_nothing(case):
    task = TaskFactory(
        process=case.process_ptr, flow_task=Institutionalisation.numbering, finished=case.finished
    )
    task.created = case.finished
    save(task)


def _unanswered(case):
    seat = step_of(case, "completeness").seats.get()
    seat.task = step_of(case, "rejected")
    save(seat)


def _backwards(case):
    task = step_of(case, "completeness")
    task.finished = task.created - datetime.timedelta(seconds=1)
    save(task)


@pytest.mark.parametrize(
    ("fault", "spoil"),
    [
        ("unfinished", _finished_early),
        ("endless", _lost_its_end),
        ("unbegun", _from_nothing),
        ("unanswered", _unanswered),
        ("backwards", _backwards),
    ],
)
def test_fault_is_found_by_its_name_alone(fault, spoil):
    lawful("INV-A")
    spoil(lawful("INV-B"))
    assert found() == {fault: "INV-B"}


def test_withdrawal_needs_nobody_s_answer():
    travelled("start", "completeness", "after_completeness", "withdrawn")
    assert found() == {}


def test_every_fault_is_listed_even_where_there_is_none():
    assert [one.name for one in faults(Scope())] == list(FAULTS)
