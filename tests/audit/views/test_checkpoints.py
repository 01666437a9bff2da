"""The pages of the checkpoints: state, keys, one checkpoint, the signed text."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from audit.anchoring import anchor_new
from audit.keys import rotate_key
from audit.models import Checkpoint
from tests.accounts.factories import UserFactory, administrator
from tests.audit.entering import enter
from tests.audit.factories import sees_everything

pytestmark = [pytest.mark.integration, pytest.mark.one_database, pytest.mark.django_db]

LIST = "/audit/checkpoints/"


@pytest.fixture(autouse=True)
def places(settings, tmp_path, checkpoint_key):
    settings.VAR_DIR = tmp_path
    settings.AUDIT_ANCHOR_DIR = tmp_path / "anchors"
    settings.AUDIT_ANCHORS = ["file"]
    enter("PYG-1", "PYG-2")
    anchor_new()
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def reader(client):
    client.force_login(sees_everything())
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def text(client, path):
    return " ".join(client.get(path).content.decode().split())


def test_the_list_tells_who_has_taken_what_and_who_vouches_for_the_key(reader, checkpoint_key):
    new = rotate_key()
    anchor_new()
    shown = text(reader, LIST)
    assert "What a checkpoint that left the machine covers cannot be changed unseen." in shown
    assert shown.count("Not handed over by itself") == 0
    assert checkpoint_key.public in shown
    assert new in shown
    assert "The key before vouches for it." in shown
    assert "Issuing has stopped" not in shown


@pytest.mark.parametrize(
    ("signed", "words"),
    [
        ("key", "a new key"),
        ("pack 2b6c8a7f", "an evidence pack"),
        ("regent_decree 100.3.3.2/001/KUM/2026", "Regent decree 100.3.3.2/001/KUM/2026"),
        ("<b>", "&lt;b&gt;"),
    ],
)
def test_occasion_is_told_in_words(reader, signed, words):
    enter("PYG-3")
    anchor_new(signed)
    assert f"· {words}<" in text(reader, LIST)
    assert f"· {words}<" in text(reader, reverse("audit_checkpoint", args=[2]))


def test_one_page_shows_25_and_leads_to_the_older_ones(reader):
    for turn in range(26):
        enter(f"PYG-{turn}")
        anchor_new()
    first = text(reader, LIST)
    assert [f"Checkpoint {number}<" in first for number in (27, 3, 2)] == [True, True, False]
    second = text(reader, f"{LIST}?cursor=3")
    assert [f"Checkpoint {number}<" in second for number in (3, 2, 1)] == [False, True, True]


def test_a_page_asks_as_little_for_many_as_for_one(client, django_assert_num_queries):
    client.force_login(administrator())
    client.get(LIST)
    with CaptureQueriesContext(connection) as asked:
        client.get(LIST)
    assert len(asked) <= 16
    for turn in range(30):
        enter(f"PYG-{turn}")
        anchor_new()
    with django_assert_num_queries(len(asked)):
        client.get(LIST)


@pytest.mark.parametrize(
    ("hours", "told", "untold"),
    [
        (1, "Late by more than ten minutes", "Issuing has stopped"),
        (25, "Issuing has stopped", "Late by more than ten minutes"),
    ],
)
def test_lateness_is_told_with_its_cause(client, settings, hours, told, untold):
    settings.AUDIT_ANCHOR_DIR.rename(settings.AUDIT_ANCHOR_DIR.with_name("away"))
    settings.AUDIT_ANCHOR_DIR.write_text("")
    enter("PYG-3")
    anchor_new()
    person = administrator()
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=hours), tick=False):
        client.force_login(person)
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
        shown = text(client, LIST)
    assert told in shown
    assert untold not in shown
    assert "cannot be written" in shown


def test_one_checkpoint_is_checked_and_shows_what_it_covers(reader):
    shown = text(reader, f"{LIST}1/")
    assert "valid, by a key that the ledger knows" in shown
    assert "is the one that it names" in shown
    assert reverse("audit_entry", args=["PYG-1", 1]) in shown


def test_a_checkpoint_that_another_anchor_took_later_is_covered_by_that(reader, settings):
    settings.AUDIT_ANCHORS, settings.AUDIT_EMAIL = ["email"], ["inspektorat@example.test"]
    enter("PYG-3")
    anchor_new()
    assert "with checkpoint 2, which names it" in text(reader, f"{LIST}1/")


def test_the_signed_text_is_handed_out_as_it_was_signed(reader):
    answer = reader.get(f"{LIST}1/statement.txt")
    made = Checkpoint.objects.get()
    assert answer.content.decode() == f"{made.statement}signature: {made.signature}\n"
    assert answer["Content-Disposition"] == 'attachment; filename="checkpoint-1.txt"'


@pytest.mark.parametrize("path", ["", "1/", "1/statement.txt"])
def test_only_full_sight_and_administrators_read_them(client, path):
    for person, status in ((UserFactory(), 403), (administrator(), 200), (sees_everything(), 200)):
        client.force_login(person)
        assert client.get(f"{LIST}{path}").status_code == status


def test_what_does_not_exist_is_not_found(reader):
    assert reader.get(f"{LIST}9/").status_code == 404
    assert reader.get(f"{LIST}{10**30}/").status_code == 404
