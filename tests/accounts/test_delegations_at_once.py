"""Several who hand on at one moment."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts.models import Delegation
from tests.accounts.factories import AppointmentFactory, UserFactory, system_account
from tests.accounts.giving import give

pytestmark = [
    pytest.mark.integration,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("english", "on_the_day"),
]


def at_once(*pairs):
    """Hand on from each appointment to each person at one moment; what became of it, sorted."""
    together = threading.Barrier(len(pairs), timeout=30)
    system, outcomes = system_account(), []

    def try_to_give(principal, person):
        together.wait()
        try:
            give(principal, person, by=system)
            outcomes.append("given")
        except ValidationError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=try_to_give, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def test_one_matter_is_handed_to_one_of_four():
    holder = AppointmentFactory()
    people = UserFactory.create_batch(4)
    outcomes = at_once(*[(holder, person) for person in people])
    assert outcomes == ["given", "refused", "refused", "refused"]
    assert Delegation.objects.count() == 1


@pytest.mark.parametrize("size", [2, 4])
def test_letters_do_not_close_a_circle(size):
    circle = AppointmentFactory.create_batch(size)
    pairs = [(one, circle[number - 1].user) for number, one in enumerate(circle)]
    assert at_once(*pairs) == ["given"] * (size - 1) + ["refused"]
    assert Delegation.objects.count() == size - 1
