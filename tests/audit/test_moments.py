import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.acting import acting_as
from audit.moments import moment_of
from audit.registry import GOVERNED
from audit.values import shown
from tests.audit.factories import DESIGN, NEW_DESIGN, START, aligned, at, story
from tests.notifications.factories import CaseFactory, system

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

INNOVATION, SCORE = "innovations.Innovation", "innovations.AssessmentScore"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def after(minute, case, **more):
    return moment_of(case.innovation_id, START + datetime.timedelta(minutes=minute, **more))


def test_moment_before_the_case_was_recorded_is_empty():
    assert after(-1, story().case).is_empty


def test_moment_shows_every_row_as_it_was_then():
    case = story().case
    moments = [after(minute, case) for minute in (0, 9, 10, 20, 30)]
    assert [moment.one(INNOVATION).name for moment in moments] == [
        "Sirup Pala",
        "Sirup Pala",
        "Sirup Pala Maju",
        "Sirup Pala Maju",
        "Sirup Pala Maju",
    ]
    assert moments[1].one(INNOVATION).design_description == DESIGN
    assert moments[2].one(INNOVATION).design_description == NEW_DESIGN
    assert [[score.score for score in moment.of(SCORE)] for moment in moments] == [
        [],
        [],
        [],
        [3, 3],
        [4, 3],
    ]


def test_moment_takes_in_what_was_written_in_that_very_microsecond():
    case = story().case
    assert after(10, case).one(INNOVATION).name == "Sirup Pala Maju"
    assert after(10, case, microseconds=-1).one(INNOVATION).name == "Sirup Pala"


def test_removed_row_is_there_until_it_was_removed():
    told = story()
    with at(40, told.initiator):
        link, indicator, target = aligned(told.case)
    with at(50, told.initiator):
        target.delete()
        link.delete()
    kinds = ("planning.PillarLink", "planning.Indicator", "planning.Target")
    counts = [[len(after(n, told.case).of(kind)) for kind in kinds] for n in (39, 40, 50)]
    assert counts == [[0, 0, 0], [1, 1, 1], [0, 1, 0]]
    assert after(40, told.case).one("planning.Target").indicator == indicator


def test_references_bear_the_names_of_the_moment():
    told = story()
    unit = told.case.innovation.owning_unit
    named_at_first = [str(told.initiator), str(unit)]
    with at(-10, system()):
        told.initiator.save()
    with at(40, system()):
        told.initiator.name_plain, unit.name = "Nama Baru", "Unit Baru"
        told.initiator.save()
        unit.save()
    for minute, names in ((39, named_at_first), (40, [str(told.initiator), "Unit Baru"])):
        innovation = after(minute, told.case).one(INNOVATION)
        assert [str(innovation.initiator), str(innovation.owning_unit)] == names


def test_rows_of_another_case_stay_out():
    told = story()
    with at(5, told.initiator):
        CaseFactory()
    assert len(after(30, told.case).of(INNOVATION)) == 1
    assert len(after(30, told.case).of("workflow.Case")) == 1


def _queries(case):
    with CaptureQueriesContext(connection) as asked:
        moment = moment_of(case.innovation_id, START + datetime.timedelta(days=1))
        for governed in GOVERNED:
            for row in moment.of(governed.label):
                for field in governed.fields():
                    shown(field, row)
    return len(asked)


def test_moment_costs_the_same_however_long_the_history_is():
    told = story()
    short = _queries(told.case)
    score = told.assessment.scores.get(criterion="renewal")
    for minute in range(40, 100):
        with at(minute, told.assessor):
            score.score = minute % 5
            score.save()
            told.case.innovation.name = f"Sirup Pala {minute}"
            told.case.innovation.save()
    assert _queries(told.case) == short
    # The versions that count, those of five kinds, units, and people (who are entered later here).
    assert short == 1 + 5 + 1 + 2


def test_newest_version_counts_where_clocks_disagree():
    told = story()
    with at(9, told.initiator), acting_as(told.initiator):
        told.case.innovation.name = "Ditulis kemudian, dengan jam yang terlambat"
        told.case.innovation.save()
    assert after(30, told.case).one(INNOVATION).name.startswith("Ditulis kemudian")
