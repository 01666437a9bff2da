"""The file of what fails: the first time counts, and whatever lies there instead is nothing."""

import datetime

import pytest
import time_machine

from audit import hindrances

pytestmark = [pytest.mark.unit]

NOON = datetime.datetime(2026, 3, 9, 5, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return tmp_path / "anchoring.json"


def test_the_first_failure_counts_and_the_last_reason():
    with time_machine.travel(NOON, tick=False):
        hindrances.note("email", "first")
    hindrances.note("email", "second")
    hindrances.note("file", "third")
    assert hindrances.known()["email"] == hindrances.Hindrance(NOON, "second")
    hindrances.forget("email")
    hindrances.forget("email")
    assert list(hindrances.known()) == ["file"]


@pytest.mark.parametrize("content", ["", "[]", "{", '{"file": {}}', '{"file": 1}'])
def test_what_is_not_ours_is_nothing(place, content):
    place.write_text(content)
    assert hindrances.known() == {}
