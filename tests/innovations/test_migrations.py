"""Conflicts of interest move from assessments to declarations of their own, and back."""

import pytest

from tests.house.migrating import at

pytestmark = [pytest.mark.integration, pytest.mark.nightly]
OLD = [("innovations", "0002_stored_files_go_down")]
ROWS = "tests.innovations.old_rows"
WHEN = "2026-03-10T01:00:00+00:00"


def test_declarations_come_from_the_assessments_and_go_back_to_them(spare_database):
    at(spare_database, OLD, f"{ROWS}.plant")
    old = at(spare_database, OLD, f"{ROWS}.read_old")
    assert old == {
        "panel-a": ["none", "", 15],
        "panel-b": ["managed", "Mantan atasan; dicatat.", 15],
    }

    new = at(spare_database, [], f"{ROWS}.read_new")
    assert new == {
        "panel-a": ["verification", "none", "", [], WHEN, [["panel-a", "+", "none"]]],
        "panel-b": [
            *("verification", "managed", "Mantan atasan; dicatat.", [], WHEN),
            [["panel-b", "+", "managed"]],
        ],
    }

    assert at(spare_database, OLD, f"{ROWS}.read_old") == old
    assert at(spare_database, [], f"{ROWS}.read_new") == new
