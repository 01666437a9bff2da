import pytest

from audit import checks, registry
from audit.checks import UNRECORDED, check_history
from audit.registry import GOVERNED, OF_THE_HOUSE, Governed

pytestmark = pytest.mark.unit


def faults():
    return sorted((fault.id, fault.msg.split()[0]) for fault in check_history())


def test_every_model_of_the_house_is_recorded_or_excused():
    assert faults() == []


def test_every_excuse_has_a_reason():
    assert all(len(reason) > 5 for reason in UNRECORDED.values())


def test_model_without_history_or_excuse_is_an_error(monkeypatch):
    monkeypatch.delitem(checks.UNRECORDED, "innovations.Draft")
    assert faults() == [("audit.E001", "innovations.Draft")]


@pytest.mark.parametrize("label", ["accounts.User", "innovations.Forgotten"])
def test_excuse_of_a_recorded_or_missing_model_is_an_error(monkeypatch, label):
    monkeypatch.setitem(checks.UNRECORDED, label, "because it was so")
    assert faults() == [("audit.E002", label)]


def test_recorded_model_without_a_place_in_the_registry_is_an_error(monkeypatch):
    monkeypatch.setattr(checks, "OF_THE_HOUSE", OF_THE_HOUSE - {"accounts.Unit"})
    assert faults() == [("audit.E003", "accounts.Unit")]


@pytest.mark.parametrize(
    "broken",
    [
        Governed("innovations.Trial", titles=("shoe_size",)),
        Governed("innovations.Trial", up="laboratory"),
        Governed("innovations.Trial", up="grandmother"),
    ],
)
def test_row_of_the_registry_with_a_wrong_name_is_an_error(monkeypatch, broken):
    rows = [broken if row.label == broken.label else row for row in GOVERNED]
    monkeypatch.setattr(checks, "GOVERNED", rows)
    monkeypatch.setattr(registry, "GOVERNED", rows)
    assert [fault.id for fault in check_history()] == ["audit.E004"]
