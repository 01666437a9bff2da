"""One acts, the others wait briefly and are told so; nothing sleeps, nothing breaks."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, transaction
from django.urls import reverse

from approvals.refusals import Busy, NotFound
from tests.workflow.factories import followed_case
from workflow.locking import brief_transaction, lock_case

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def impatient() -> Iterator[None]:
    """SQLite waits for twenty seconds, which is too long for a test."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 300")
    yield
    connection.close()


@contextmanager
def somebody_acting_on(code: str) -> Iterator[None]:
    """Another connection that holds the case's lock meanwhile."""
    locked, release = threading.Event(), threading.Event()

    def act() -> None:
        try:
            with transaction.atomic():
                lock_case(code)
                locked.set()
                release.wait(30)
        finally:
            connection.close()

    other = threading.Thread(target=act)
    other.start()
    assert locked.wait(30)
    try:
        yield
    finally:
        release.set()
        other.join()


@pytest.mark.usefixtures("impatient", "english")
def test_case_that_somebody_acts_on_answers_busy_within_six_seconds():
    case = followed_case()

    started = time.monotonic()
    with somebody_acting_on(case.code):
        with pytest.raises(Busy) as refused, brief_transaction():
            lock_case(case.code)
        waited = time.monotonic() - started
        assert not transaction.get_connection().in_atomic_block

    assert refused.value.sentence == (
        "Someone is acting on this case at this moment. Try again in a few seconds."
    )
    assert waited < 6


@pytest.mark.usefixtures("impatient")
def test_page_says_that_somebody_acts_on_the_case(client):
    case = followed_case()
    client.force_login(case.innovation.initiator)
    withdrawal = {"reason": "Digabung dengan program lain."}

    with somebody_acting_on(case.code):
        answer = client.post(
            reverse("withdraw", args=[case.code]), withdrawal, headers={"accept-language": "en"}
        )

    assert answer.status_code == 409
    assert "Someone is acting on this case at this moment." in answer.content.decode()


@pytest.mark.usefixtures("impatient")
def test_lock_is_free_again_after_the_other_has_ended():
    case = followed_case()
    with somebody_acting_on(case.code):
        pass

    with brief_transaction():
        assert lock_case(case.code).pk == case.pk


def test_case_that_does_not_exist_is_not_found():
    with pytest.raises(NotFound), brief_transaction():
        lock_case("INV-2026-0000")


def test_fault_of_the_database_that_is_no_waiting_stays_a_fault():
    with pytest.raises(OperationalError), brief_transaction():
        raise OperationalError("the disk is full")
