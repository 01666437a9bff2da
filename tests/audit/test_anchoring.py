"""Handing checkpoints over: all to some, the newest to others, and again after a failure."""

import pytest
from django.core import mail
from django_tasks_db.models import DBTaskResult

from audit import anchoring, hindrances
from audit.anchoring import anchor_new, anchor_now, instrument_was_issued, last_taken
from audit.anchors import file
from audit.checkpoints import Rewritten
from audit.models import Checkpoint, Receipt
from tests.audit.entering import enter

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def places(settings, tmp_path, checkpoint_key):
    settings.VAR_DIR = tmp_path
    settings.AUDIT_ANCHOR_DIR = tmp_path / "anchors"
    settings.AUDIT_ANCHORS = ["file", "email"]
    settings.AUDIT_EMAIL = ["inspektorat@example.test"]


@pytest.fixture
def no_mail(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    yield settings
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def receipts():
    rows = Receipt.objects.order_by("checkpoint__number", "anchor")
    return list(rows.values_list("checkpoint__number", "anchor"))


def test_every_anchor_takes_what_is_new_once():
    enter("PYG-1")
    anchor_new()
    anchor_new()
    assert receipts() == [(1, "email"), (1, "file")]
    assert len(mail.outbox) == 1
    assert [one.statement for one in file.kept()] == [Checkpoint.objects.get().statement]


def test_after_a_failure_some_take_all_and_others_the_newest(no_mail):
    for chain in ("PYG-1", "PYG-2", "PYG-3"):
        enter(chain)
        anchor_new()
    assert receipts() == [(1, "file"), (2, "file"), (3, "file")]
    assert "ConnectionRefusedError" in hindrances.known()["email"].reason
    no_mail.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    anchor_new()
    assert receipts()[-2:] == [(3, "email"), (3, "file")]
    assert (last_taken("email"), last_taken("timestamp")) == (3, 0)
    assert len(mail.outbox) == 1
    assert hindrances.known() == {}


def test_one_that_fails_keeps_no_other_waiting(settings, tmp_path):
    settings.AUDIT_ANCHOR_DIR.write_text("in the way")
    enter("PYG-1")
    anchor_new()
    assert receipts() == [(1, "email")]


def test_a_folder_that_comes_later_is_given_everything_in_turns(settings, monkeypatch):
    monkeypatch.setattr(anchoring, "MOST_AT_ONCE", 2)
    settings.AUDIT_ANCHORS = []
    for chain in ("PYG-1", "PYG-2", "PYG-3"):
        enter(chain)
        anchor_new()
    settings.AUDIT_ANCHORS = ["file"]
    anchor_new()
    assert receipts() == [(1, "file"), (2, "file")]
    anchor_new()
    assert receipts() == [(1, "file"), (2, "file"), (3, "file")]


def test_without_a_key_the_reason_is_remembered(settings, tmp_path):
    settings.AUDIT_KEY_DIR = tmp_path / "none"
    enter("PYG-1")
    anchor_new()
    assert "checkpoint_key" in hindrances.known()[hindrances.SIGNING].reason


def test_a_rewritten_chain_is_named(monkeypatch):
    def refuse(_occasion):
        raise Rewritten("PYG-7")

    with monkeypatch.context() as patch:
        patch.setattr(anchoring, "make_checkpoint", refuse)
        anchor_new()
    assert "PYG-7" in hindrances.known()[hindrances.SIGNING].reason
    enter("PYG-1")
    anchor_new()
    assert hindrances.known() == {}


class Issued:
    kind, number = "regent_decree", "100.3.3.2/004/KUM/2026"


def test_every_instrument_leaves_a_job_that_signs_at_once():
    instrument_was_issued(Issued)
    (job,) = DBTaskResult.objects.all()
    assert job.task_path == "audit.anchoring.anchor_now"
    enter("PYG-1")
    anchor_now.call(*job.args_kwargs["args"])
    assert Checkpoint.objects.get().occasion == "regent_decree 100.3.3.2/004/KUM/2026"
    assert receipts() == [(1, "email"), (1, "file")]


def test_without_anchors_an_instrument_leaves_no_job(settings):
    settings.AUDIT_ANCHORS = []
    instrument_was_issued(Issued)
    assert not DBTaskResult.objects.exists()
