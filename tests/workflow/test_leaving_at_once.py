"""Two administrators let people leave at one moment."""

import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import connection, transaction

from accounts.models import User
from accounts.rights import make_administrator
from innovations.models import Draft
from tests.accounts.factories import UserFactory, system_account
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
