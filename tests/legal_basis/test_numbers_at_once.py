"""Two hundred signatures at once: consecutive numbers, whatever fails behind them."""

import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterable

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction

from accounts.acting import acting_as
from accounts.files.storage import store
from legal_basis import issuing
from legal_basis.models import GAZETTE, Instrument, LegalBasis, NumberSeries, RegisterEntry
from legal_basis.numbering import take_number
from legal_basis.register import assign_reserved, reserve_number
from legal_basis.signing import SigningError
from tests.accounts.factories import system_account
from tests.house.tiers import NIGHT
from tests.legal_basis.factories import (
    draft,
    head_of_legal_section,
    regent,
    regulation,
    system,
    with_case,
)

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]
# SQLite has one writer at a time: there a wave of them shows by day what two hundred show.
AT_ONCE = 200 if NIGHT or connection.vendor == "postgresql" else 50
SIGNED_AT_ONCE = 200 if NIGHT else 50
DECREE, REGULATION = Instrument.Kind.REGENT_DECREE, Instrument.Kind.REGENT_REGULATION


def alike(first: Instrument, count: int) -> list[int]:
    """So many drafts with the text of one: assembling each would take longer than the test."""
    law = list(first.bases.values("source_id", "order"))
    with acting_as(system()), transaction.atomic():
        for _ in range(count - 1):
            first.pk, first.token, first._state.adding = None, uuid.uuid4(), True
            first.save()
            with acting_as(system_account()):
                LegalBasis.objects.bulk_create(LegalBasis(instrument=first, **row) for row in law)
    kind = Instrument.objects.filter(kind=first.kind, status="draft")
    return list(kind.values_list("pk", flat=True))


def at_once(act: Callable[[int], None], pks: Iterable[int]) -> list[Exception]:
    """Let one thread do the act for each number, all starting together; what went wrong."""
    wanted = list(pks)
    barrier, wrong = threading.Barrier(len(wanted)), []

    def run(pk: int) -> None:
        try:
            barrier.wait()
            act(pk)
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[pk]) for pk in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def taker() -> Callable[[int], None]:
    holder, actor = regent(), system()

    def take(pk: int) -> None:
        with transaction.atomic():
            instrument = Instrument.objects.get(pk=pk)
            take_number(actor, instrument, signatory=holder.user, capacity=holder.title)

    return take


def patient(act: Callable[[int], None]) -> Callable[[int], None]:
    """The same by somebody who asks again when told that another one is at it: the threads of one
    interpreter wait for each other longer than a row is waited for.
    """

    def again(pk: int) -> None:
        for _ in range(20):
            try:
                return act(pk)
            except OperationalError as error:
                if "lock timeout" not in str(error):
                    raise
        raise AssertionError(f"{pk} never had its turn")

    return again


def sequences(register: str) -> list[int]:
    entries = RegisterEntry.objects.filter(kind=register)
    return list(entries.order_by("sequence").values_list("sequence", flat=True))


def test_a_failing_signing_service_burns_no_number(settings, tmp_path, decree):
    drafts, take = alike(with_case(draft()), SIGNED_AT_ONCE), taker()
    with acting_as(system()):
        stored = store(decree.unsigned, media_type="application/pdf")
    with acting_as(system_account()):
        Instrument.objects.update(rendered=stored)
    authority, settings.PKI_DIR = settings.PKI_DIR, tmp_path / "gone"
    failing = set(drafts[::5])

    def sign(pk: int) -> None:
        take(pk)
        if pk in failing:
            issuing.issue(pk)

    wrong = at_once(sign, drafts)

    assert Counter(map(type, wrong)) == {SigningError: len(failing)}
    assert sequences(DECREE) == list(range(1, SIGNED_AT_ONCE + 1))
    assert NumberSeries.objects.get().next_sequence == SIGNED_AT_ONCE + 1
    failed = Instrument.objects.filter(status="failed")
    assert {one.pk for one in failed} == failing
    before = dict(failed.values_list("pk", "number"))
    settings.PKI_DIR = authority
    again = sorted(failing)[0]
    issuing.issue(again)
    issued = Instrument.objects.get(pk=again)
    assert (issued.status, issued.number) == ("issued", before[again])
    assert RegisterEntry.objects.count() == SIGNED_AT_ONCE


def test_decrees_and_regulations_that_fail_before_the_commit_leave_no_gap():
    drafts = alike(draft(), AT_ONCE // 2) + alike(regulation(), AT_ONCE // 2)
    take, failing = taker(), set(drafts[::5])
    repeated = [pk for pk in drafts if pk not in failing][:20]

    def sign(pk: int) -> None:
        with transaction.atomic():
            take(pk)
            if pk in failing:
                raise RuntimeError

    wrong = at_once(patient(sign), [*drafts, *repeated])

    assert Counter(map(type, wrong)) == {RuntimeError: len(failing)}
    each = AT_ONCE // 2 - len(failing) // 2
    expected = list(range(1, each + 1))
    assert [sequences(one) for one in (DECREE, REGULATION, GAZETTE)] == [expected] * 3
    numbered = Instrument.objects.exclude(number="")
    assert numbered.count() == 2 * each
    pairs = numbered.filter(kind=REGULATION, entries__kind=GAZETTE)
    assert all(one.gazette_entry.dated == one.dated for one in pairs)


def test_reserving_and_signing_at_once_gives_every_number_once():
    head, drafts, take = head_of_legal_section().user, alike(draft(), 30), taker()
    promised = drafts[::3]

    def act(pk: int) -> None:
        if pk not in promised:
            take(pk)
            return
        with transaction.atomic():
            entry = reserve_number(head, DECREE, "Menunggu tanda tangan.")
        with transaction.atomic():
            assign_reserved(head, entry, Instrument.objects.get(pk=pk))
        take(pk)

    assert at_once(act, drafts) == []
    assert sequences(DECREE) == list(range(1, 31))
    assert set(RegisterEntry.objects.values_list("status", flat=True)) == {"taken"}
    assert Instrument.objects.filter(status="numbered").count() == 30


def test_one_reserved_number_is_given_to_one_draft():
    head, drafts = head_of_legal_section().user, alike(draft(), 8)
    with transaction.atomic():
        entry = reserve_number(head, DECREE, "Menunggu tanda tangan.")

    def act(pk: int) -> None:
        with transaction.atomic():
            assign_reserved(head, entry, Instrument.objects.get(pk=pk))

    wrong = at_once(act, drafts)

    assert Counter(map(type, wrong)) == {ValidationError: 7}
    assert RegisterEntry.objects.get().instrument_id in drafts
