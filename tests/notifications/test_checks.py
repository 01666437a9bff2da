import datetime

import pytest
from django.utils.translation import gettext_lazy as _

from notifications import schedule
from notifications.checks import check_tables
from notifications.event import Event
from notifications.events import EVENTS
from notifications.schedule import Periodic

pytestmark = pytest.mark.unit


def test_tables_of_the_house_are_in_order():
    assert check_tables() == []


def test_event_with_an_unknown_channel_is_an_error(monkeypatch):
    monkeypatch.setitem(EVENTS, "harvested", Event(_("Yes"), _("No"), channels=("pigeon",)))
    assert [fault.id for fault in check_tables()] == ["notifications.E002"]


def test_schedule_of_a_missing_function_is_an_error(monkeypatch):
    row = Periodic("notifications.delivery.missing", datetime.timedelta(minutes=1))
    monkeypatch.setattr(schedule, "PERIODIC", [row])
    monkeypatch.setattr("notifications.checks.PERIODIC", [row])
    assert [fault.id for fault in check_tables()] == ["notifications.E003"]
