import pytest

from accounts.acting import acting_as
from audit.registry import GOVERNED, governed_by_key, parent_of, versions_of
from tests.audit.factories import aligned, story
from tests.notifications.factories import CaseFactory, system

pytestmark = pytest.mark.integration


def versions(key, case):
    governed = governed_by_key(key)
    return versions_of(governed, case.innovation_id)


def test_every_governed_model_leads_to_the_innovation():
    for governed in GOVERNED[1:]:
        above, steps = parent_of(governed), 1
        while above.up:
            above, steps = parent_of(above), steps + 1
        assert above is GOVERNED[0]
        assert steps <= 4


def test_no_governed_model_shows_its_key_or_the_way_up():
    for governed in GOVERNED:
        names = [field.name for field in governed.fields()]
        assert names
        assert governed.up not in names
        assert "id" not in names
        assert "process_ptr" not in names
        assert set(governed.titles) <= set(names)


def test_governed_by_key_of_no_model_is_none():
    assert governed_by_key("accounts.user") is None


@pytest.mark.django_db
def test_versions_of_a_case_are_its_own_at_every_depth():
    told = story()
    story()
    assert versions("innovations.innovation", told.case).count() == 2
    assert versions("workflow.case", told.case).count() == 1
    assert versions("innovations.participant", told.case).count() == 1
    assert versions("innovations.assessmentscore", told.case).count() == 3


@pytest.mark.django_db
def test_versions_of_removed_rows_stay_even_when_the_row_above_is_removed_too():
    case = CaseFactory()
    with acting_as(system()):
        link, indicator, target = aligned(case)
        for row in (target, indicator, link):
            row.delete()
    for key in ("planning.target", "planning.indicator", "planning.pillarlink"):
        kinds = versions(key, case).order_by("history_id").values_list("history_type", flat=True)
        assert list(kinds) == ["+", "-"]
