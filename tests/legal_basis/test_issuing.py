"""From the number to the signed file: every step can fail, be killed, be repeated."""

import datetime
import threading

import pytest
from django.db import connection, transaction
from pypdf import PdfReader

from accounts.acting import acting_as
from accounts.files.storage import orphan_files, remove_orphans
from accounts.models import StoredFile
from legal_basis import issuing, jobs
from legal_basis.models import Instrument, RegisterEntry
from legal_basis.numbering import cancel_number
from legal_basis.signals import instrument_issued, issuing_failed
from legal_basis.validation import Indication, verdict
from tests.innovations.factories import UserFactory
from tests.legal_basis.factories import draft, on_its_way, system

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]


class Killed(BaseException):
    """Stands for the kill of a process: nothing catches it."""


@pytest.fixture
def ears():
    """Which instruments were told to be issued, and which failures."""
    heard = {"issued": [], "failed": []}

    def hear_issued(sender, instrument, actor, **_):
        assert transaction.get_connection().in_atomic_block
        heard["issued"].append((instrument.pk, instrument.status, actor.username))

    def hear_failed(sender, instrument, **_):
        heard["failed"].append((instrument.pk, instrument.failure))

    instrument_issued.connect(hear_issued)
    issuing_failed.connect(hear_failed)
    yield heard
    instrument_issued.disconnect(hear_issued)
    issuing_failed.disconnect(hear_failed)


def again(instrument: Instrument) -> Instrument:
    return Instrument.objects.get(pk=instrument.pk)


def test_numbered_instrument_is_issued_whole(ears):
    instrument = on_its_way()
    issuing.issue(instrument.pk)
    after = again(instrument)
    assert (after.status, after.number, after.failure) == ("issued", instrument.number, "")
    assert after.entries.get().status == RegisterEntry.Status.ISSUED
    assert ears == {"issued": [(instrument.pk, "issued", "sistem")], "failed": []}
    signed = after.document.read()
    assert signed.startswith(after.rendered.read())
    assert verdict(signed).verdict == Indication.PASSED


def test_issued_instrument_is_left_alone(ears):
    instrument = on_its_way()
    issuing.issue(instrument.pk)
    before = again(instrument)
    issuing.issue(instrument.pk)
    after = again(instrument)
    assert (after.document_id, after.issued_at) == (before.document_id, before.issued_at)
    assert (len(ears["issued"]), StoredFile.objects.count()) == (1, 2)


def test_instrument_without_a_number_is_not_issued():
    with pytest.raises(issuing.NotNumbered):
        issuing.issue(draft().pk)


def test_cancelled_instrument_is_left_alone(ears):
    instrument = on_its_way()
    with transaction.atomic():
        cancel_number(system(), instrument.register_entry, "Ditarik.")
    issuing.issue(instrument.pk)
    assert (again(instrument).status, ears["issued"]) == ("cancelled", [])


def test_no_transaction_is_open_while_it_renders_and_signs(monkeypatch):
    seen = []

    def watched(step):
        def act(*args):
            seen.append((step.__name__, connection.in_atomic_block))
            return step(*args)

        return act

    monkeypatch.setattr(issuing, "render_pdf", watched(issuing.render_pdf))
    monkeypatch.setattr(issuing, "sign", watched(issuing.sign))
    issuing.issue(on_its_way().pk)
    assert seen == [("render_pdf", False), ("sign", False)]


def test_issuing_inside_a_transaction_is_refused():
    instrument = on_its_way()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        issuing.issue(instrument.pk)


def fails_once(monkeypatch, step: str, error: BaseException) -> None:
    """Let a step raise the first time, before it does anything."""
    real = getattr(issuing, step)
    raised: list[bool] = []

    def act(*args, **kwargs):
        if not raised:
            raised.append(True)
            raise error
        return real(*args, **kwargs)

    monkeypatch.setattr(issuing, step, act)


STEPS = ["render_pdf", "sign", "_check", "_keep", "conclude", "store", "check_signatures"]


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_a_step_goes_on_with_the_same_number(step, monkeypatch, ears):
    instrument = on_its_way()
    fails_once(monkeypatch, step, Killed())
    with pytest.raises(Killed):
        issuing.issue(instrument.pk)
    assert ears == {"issued": [], "failed": []}
    assert again(instrument).status in ("numbered", "rendered")
    issuing.issue(instrument.pk)
    after = again(instrument)
    assert (after.status, after.number) == ("issued", instrument.number)
    assert (len(ears["issued"]), RegisterEntry.objects.count()) == (1, 1)
    remove_orphans(older_than=0)
    assert orphan_files(older_than=0) == []
    assert [stored for stored in StoredFile.objects.all() if not stored.location.exists()] == []


@pytest.mark.parametrize("step", STEPS)
def test_failure_at_a_step_is_recorded_and_repeated(step, monkeypatch, ears, caplog):
    instrument = on_its_way()
    fails_once(monkeypatch, step, OSError("disk is full"))
    with pytest.raises(OSError, match="disk is full"):
        issuing.issue(instrument.pk)
    failed = again(instrument)
    assert (failed.status, failed.number) == ("failed", instrument.number)
    assert ears["failed"] == [(instrument.pk, failed.failure)]
    assert "OSError" in failed.failure
    assert instrument.subject_code in caplog.text
    issuing.issue(instrument.pk)
    assert (again(instrument).status, again(instrument).failure) == ("issued", "")


LIES = {
    "another file": lambda sent, signed: b"%PDF-1.7\n" + signed,
    "the unsigned file": lambda sent, signed: sent,
    "half the answer": lambda sent, signed: signed[: len(signed) // 2],
    "nothing": lambda sent, signed: b"",
    "bytes behind the end": lambda sent, signed: signed + b"\n",
    "a changed byte in front": lambda sent, signed: signed.replace(b"%PDF-1.7", b"%PDF-1.6", 1),
    "an unsigned update": lambda sent, signed: sent + b"\n1 0 obj\n<<>>\nendobj\n%%EOF\n",
}


@pytest.mark.parametrize("lie", LIES)
def test_wrong_answer_of_the_signing_way_is_never_issued(lie, monkeypatch, ears):
    instrument = on_its_way()
    real = issuing.sign

    def lying(document, request, credentials):
        return LIES[lie](document, real(document, request, credentials))

    monkeypatch.setattr(issuing, "sign", lying)
    with pytest.raises(issuing.WrongAnswer):
        issuing.issue(instrument.pk)
    assert (again(instrument).status, ears["issued"]) == ("failed", [])
    monkeypatch.setattr(issuing, "sign", real)
    issuing.issue(instrument.pk)
    assert again(instrument).status == "issued"


def test_signature_of_an_unknown_authority_is_never_issued(monkeypatch, settings, tmp_path):
    from legal_basis.authority import make_authority

    instrument, real, ours = on_its_way(), issuing.sign, settings.PKI_DIR

    def foreign(document, request, credentials):
        settings.PKI_DIR = tmp_path / "foreign"
        make_authority()
        signed = real(document, request, credentials)
        settings.PKI_DIR = ours
        return signed

    monkeypatch.setattr(issuing, "sign", foreign)
    with pytest.raises(issuing.WrongAnswer, match="not valid"):
        issuing.issue(instrument.pk)


def test_failing_listener_leaves_the_instrument_unissued():
    instrument = on_its_way()

    def refuse(sender, **_):
        raise RuntimeError("the ledger is closed")

    instrument_issued.connect(refuse)
    try:
        with pytest.raises(RuntimeError, match="ledger"):
            issuing.issue(instrument.pk)
    finally:
        instrument_issued.disconnect(refuse)
    after = again(instrument)
    assert (after.status, after.document, after.entries.get().status) == ("failed", None, "taken")
    issuing.issue(instrument.pk)
    assert again(instrument).status == "issued"


def test_lost_print_is_laid_out_again(monkeypatch):
    instrument = on_its_way()
    fails_once(monkeypatch, "sign", Killed())
    with pytest.raises(Killed):
        issuing.issue(instrument.pk)
    again(instrument).rendered.location.unlink()
    issuing.issue(instrument.pk)
    after = again(instrument)
    assert after.document.read().startswith(after.rendered.read())


def test_print_that_was_stored_is_not_laid_out_twice(monkeypatch):
    instrument = on_its_way()
    fails_once(monkeypatch, "sign", Killed())
    with pytest.raises(Killed):
        issuing.issue(instrument.pk)
    stored = again(instrument).rendered_id
    monkeypatch.setattr(issuing, "render_pdf", None)
    issuing.issue(instrument.pk)
    assert again(instrument).rendered_id == stored


def test_two_workers_at_once_issue_one_document(ears):
    instrument = on_its_way()
    barrier, errors = threading.Barrier(2), []

    def work():
        barrier.wait()
        try:
            issuing.issue(instrument.pk)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (errors, len(ears["issued"])) == ([], 1)
    assert StoredFile.objects.count() == 2
    assert remove_orphans(older_than=0) == []


def test_job_issues_and_a_dead_worker_is_made_up_for():
    instrument = on_its_way()
    jobs.enqueue_issue(instrument)
    assert jobs.enqueue_unfinished() == 0
    assert jobs.enqueue_unfinished(datetime.timedelta(0)) == 1
    jobs.issue_instrument.func(instrument.pk)
    assert jobs.enqueue_unfinished(datetime.timedelta(0)) == 0


def test_shown_pdf_is_the_draft_and_then_the_document():
    instrument = on_its_way()
    before = jobs.shown_pdf(instrument)
    issuing.issue(instrument.pk)
    after = again(instrument)
    assert (before == after.document.read(), jobs.shown_pdf(after) == after.document.read()) == (
        False,
        True,
    )


def test_history_of_an_issued_instrument_carries_the_system_account():
    instrument = on_its_way()
    with acting_as(UserFactory()):
        issuing.issue(instrument.pk)
    latest = Instrument.history.filter(id=instrument.pk).latest()
    assert latest.history_user.username == "sistem"


def test_document_names_its_signatory():
    instrument = on_its_way()
    issuing.issue(instrument.pk)
    with again(instrument).document.open() as stream:
        field = PdfReader(stream).trailer["/Root"]["/AcroForm"]["/Fields"][0].get_object()
        signature = field["/V"].get_object()
        assert (signature["/Name"], signature["/Location"]) == ("Rahmi Puspasari", "Manggar")
