"""Anchoring that is late: told after ten minutes, and after a day no instrument is issued."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.clock import telling_a_story
from audit import hindrances
from audit.anchoring import anchor_new
from audit.lateness import health, tell_administrators, waits
from notifications.jobs import beat
from notifications.models import Message
from tests.accounts.factories import administrator
from tests.audit.entering import enter
from tests.legal_basis.factories import draft, number

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

DAY = datetime.timedelta(hours=24, seconds=5)
TEN_MINUTES = datetime.timedelta(minutes=10, seconds=5)


@pytest.fixture(autouse=True)
def places(settings, tmp_path, checkpoint_key):
    settings.VAR_DIR = tmp_path
    settings.AUDIT_ANCHOR_DIR = tmp_path / "anchors"
    settings.AUDIT_ANCHORS = ["file"]
    # What the tests before have left is signed.
    anchor_new()


def later(by: datetime.timedelta):
    return time_machine.travel(timezone.now() + by, tick=True)


def in_the_way(settings):
    """From now on the folder cannot be written."""
    settings.AUDIT_ANCHOR_DIR = settings.AUDIT_ANCHOR_DIR.parent / "blocked"
    settings.AUDIT_ANCHOR_DIR.write_text("")
    enter("PYG-1")
    anchor_new()


def test_nothing_waits_once_everything_is_taken():
    enter("PYG-1")
    anchor_new()
    assert waits() == []
    with later(DAY):
        assert health() == "ok"


def test_what_no_worker_signs_is_late(settings):
    enter("PYG-1")
    assert [(wait.name, wait.is_late) for wait in waits()] == [("checkpoint", False)]
    with later(TEN_MINUTES):
        assert [(wait.is_late, wait.stops) for wait in waits()] == [(True, False)]
        assert health().startswith("nothing was signed since 20")
    settings.AUDIT_ANCHORS = []
    assert waits() == []


def test_an_anchor_that_takes_nothing_is_late_since_the_first_it_did_not_take(settings):
    in_the_way(settings)
    first = waits()[0].since
    enter("PYG-2")
    anchor_new()
    (wait,) = waits()
    assert (wait.name, wait.since) == ("file", first)
    with later(TEN_MINUTES):
        assert health().startswith("file took nothing since 20")


def test_an_anchor_that_never_took_any_is_late_since_it_failed(settings):
    settings.AUDIT_ANCHORS = ["file", "email"]
    with later(DAY):
        assert waits() == []
        settings.EMAIL_BACKEND = "no.such.Backend"
        hindrances.note("email", "Sebab.")
        (wait,) = waits()
        assert (wait.name, wait.reason, wait.is_late) == ("email", "Sebab.", False)


def test_the_health_page_says_so(client, settings):
    in_the_way(settings)
    with later(TEN_MINUTES):
        beat("one")
        answer = client.get(reverse("healthz"))
    assert answer.status_code == 503
    assert answer.json()["checks"]["anchoring"].startswith("file took nothing since")
    with later(DAY):
        beat("one")
        told = client.get(reverse("healthz")).json()["checks"]["anchoring"]
    assert told.endswith("no instrument is issued until this is mended")


def test_each_administrator_is_told_once_and_once_more_when_issuing_stops(settings):
    people = [administrator(), administrator()]
    in_the_way(settings)
    tell_administrators()
    assert not Message.objects.exists()
    for by, events in ((TEN_MINUTES, 1), (TEN_MINUTES, 1), (DAY, 2)):
        with later(by):
            tell_administrators()
        told = Message.objects.order_by("pk").values_list("recipient", "event")
        wanted = ["anchoring_late", "issuing_stopped"][:events]
        assert list(told) == [(one.pk, event) for event in wanted for one in people]


def test_after_a_day_no_number_is_taken_and_none_is_lost(settings):
    instrument = draft()
    in_the_way(settings)
    with later(DAY):
        with pytest.raises(ValidationError) as refused:
            number(instrument)
        (sentence,) = refused.value.messages
        assert "berkas" in sentence or "file" in sentence
        instrument.refresh_from_db()
        assert instrument.number == ""
        settings.AUDIT_ANCHOR_DIR = settings.AUDIT_ANCHOR_DIR.parent / "anchors"
        anchor_new()
        number(instrument)
    instrument.refresh_from_db()
    assert "/001/" in instrument.number


def test_demo_that_tells_of_the_past_is_not_late(settings):
    instrument = draft()
    in_the_way(settings)
    with later(DAY), telling_a_story():
        number(instrument)
    instrument.refresh_from_db()
    assert "/001/" in instrument.number


def test_late_by_less_than_a_day_stops_nothing(settings):
    instrument = draft()
    in_the_way(settings)
    with later(TEN_MINUTES):
        number(instrument)


def test_a_number_that_was_taken_before_is_answered_all_the_same(settings):
    instrument = draft()
    entry = number(instrument)
    in_the_way(settings)
    with later(DAY):
        assert number(instrument) == entry
