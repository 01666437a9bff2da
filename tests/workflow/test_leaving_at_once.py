"""Two administrators let people leave at one moment."""

import threading
import time

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import connection, transaction

from accounts.acting import acting_as
from accounts.models import User
from accounts.rights import make_administrator
from approvals.calendar import claim_calendar
from approvals.models import Seat
from innovations.models import Draft
from tests.accounts.factories import UserFactory, system_account
from tests.approvals.factories import SeatFactory
from workflow.leaving import Handover, leave

pytestmark = [
    pytest.mark.integration,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("english"),
]


@pytest.fixture
def administrators(db):
    call_command("migrate", verbosity=0)
    made = UserFactory.create_batch(2)
    for person in made:
        with transaction.atomic():
            make_administrator(system_account(), person)
    return made


def at_once(*acts):
    """What became of each act, all begun at one moment."""
    together, outcomes = threading.Barrier(len(acts), timeout=30), []

    def attempt(actor, person, handover):
        together.wait()
        try:
            with transaction.atomic():
                leave(User.objects.get(pk=actor.pk), person, handover)
            outcomes.append("left")
        except (PermissionDenied, ValidationError) as refusal:
            outcomes.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def test_administrators_who_close_each_others_account_do_not_both_go(administrators):
    first, second = administrators
    empty = Handover({})

    assert at_once((first, second, empty), (second, first, empty)) == ["PermissionDenied", "left"]
    assert User.objects.filter(pk__in=[first.pk, second.pk], is_active=True).count() == 1


def test_one_person_is_handed_over_once(administrators):
    person = UserFactory()
    draft = Draft.objects.create(owner=person, data={"name": "LAIS"})
    heirs = UserFactory.create_batch(2)
    handovers = [Handover({f"draft_{draft.pk}": heir}) for heir in heirs]

    acts = [(actor, person, h) for actor, h in zip(administrators, handovers, strict=True)]
    assert at_once(*acts) == ["ValidationError", "left"]

    draft.refresh_from_db()
    assert draft.owner in heirs
    assert person.history.filter(is_active=False).count() == 1


def wait_until_somebody_waits_for_the_calendar():
    """PostgreSQL tells; on SQLite the second writer has not even begun."""
    if connection.vendor != "postgresql":
        return
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    for _ in range(80):
        with connection.cursor() as cursor:
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise TimeoutError("nobody waits for the calendar")


def test_leaving_locks_nothing_that_a_decree_wants_before_the_decree_is_done(administrators):
    actor, person = administrators
    seat, outcomes = SeatFactory(claimed_by=person), []

    def let_leave():
        outcomes.extend(at_once((actor, person, Handover({}))))

    with transaction.atomic(), acting_as(system_account()):
        claim_calendar()
        leaving = threading.Thread(target=let_leave)
        leaving.start()
        wait_until_somebody_waits_for_the_calendar()
        # What is locked already is an error here, not something to wait for.
        seats = Seat.objects.select_for_update(of=("self",), nowait=True)
        assert seats.get(pk=seat.pk).claimed_by_id == person.pk
        assert len(User.objects.select_for_update(nowait=True).filter(pk=person.pk)) == 1
    leaving.join()

    assert outcomes == ["left"]
    seat.refresh_from_db()
    assert seat.claimed_by_id is None
