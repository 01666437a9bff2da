"""Writers on different cases at once: no chain breaks, no entry is lost or doubled."""

import time
from collections import Counter
from threading import Thread

import pytest
from django.db import connection, transaction

from accounts.acting import acting_as, verb
from audit.hashing import NOTHING
from audit.kinds import Kind
from audit.ledger import SYSTEM, record
from audit.models import Entry
from innovations.models import Innovation
from tests.accounts.factories import system_account
from tests.house.tiers import NIGHT
from tests.innovations.factories import InnovationFactory

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]
SECONDS = 60 if NIGHT else 4


@verb
def rename(actor, code, number):
    """An act on one case; every seventh also belongs to the chain that all share."""
    innovation = Innovation.objects.select_for_update().get(code=code)
    innovation.benefit = f"Manfaat {number}"
    innovation.save()
    if number % 7 == 0:
        record(Kind.EXPORT, {"number": number}, chain=SYSTEM)


def write(actor, code, done, until):
    try:
        while time.monotonic() < until:
            with transaction.atomic():
                rename(actor, code, done[code] + 1)
            done[code] += 1
    finally:
        connection.close()


def test_chains_hold_under_writers_on_different_cases():
    writers = 8 if connection.vendor == "postgresql" else 4
    with acting_as(system_account()):
        codes = [InnovationFactory().code for _ in range(writers)]
    begun = Entry.objects.order_by("-pk").values_list("pk", flat=True)[0]
    done = Counter(dict.fromkeys(codes, 0))
    until, actor = time.monotonic() + SECONDS, system_account()
    threads = [Thread(target=write, args=(actor, code, done, until)) for code in codes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    new = Entry.objects.filter(pk__gt=begun)
    assert min(done.values()) > 0
    assert Counter(new.exclude(chain=SYSTEM).values_list("chain", flat=True)) == done
    assert new.filter(chain=SYSTEM).count() == sum(number // 7 for number in done.values())
    heads = {}
    entries = Entry.objects.order_by("chain", "sequence")
    for chain, *link in entries.values_list("chain", "sequence", "previous", "hash"):
        sequence, previous, digest = link
        assert (sequence - 1, previous) == heads.get(chain, (0, NOTHING))
        heads[chain] = sequence, digest
