"""Two at once on one ceiling: the money is given away once."""

import threading
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from planning.commitments import reserve
from planning.models import Ceiling, Commitment
from tests.planning.factories import (
    CeilingFactory,
    InnovationFactory,
    commit,
    money_row,
    system,
)

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]


def at_once(*acts):
    """Run the acts in threads that start together; what each returned or raised."""
    barrier, outcomes = threading.Barrier(len(acts)), [None] * len(acts)

    def run(position, act):
        try:
            barrier.wait()
            outcomes[position] = act()
        except Exception as error:
            outcomes[position] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def reserving(commitment, actor):
    def act():
        with transaction.atomic():
            return reserve(actor, Commitment.objects.get(pk=commitment.pk)).status

    return act


def committed(*rows):
    with transaction.atomic():
        return commit(InnovationFactory(), *rows)


def test_commitments_at_once_do_not_overdraw_a_ceiling():
    actor, ceiling = system(), CeilingFactory(amount=Decimal("100000000.00"))
    commitments = [committed(money_row(ceiling, "30000000.00")) for _ in range(6)]
    outcomes = at_once(*(reserving(commitment, actor) for commitment in commitments))
    refused = [outcome for outcome in outcomes if isinstance(outcome, ValidationError)]
    assert (outcomes.count("reserved"), len(refused)) == (3, 3)
    assert Ceiling.objects.get().reserved == Decimal("90000000.00")


def test_one_commitment_reserved_at_once_counts_once():
    actor, ceiling = system(), CeilingFactory()
    commitment = committed(money_row(ceiling))
    assert at_once(*[reserving(commitment, actor)] * 6) == ["reserved"] * 6
    assert Ceiling.objects.get().reserved == Decimal("40000000.00")


def test_commitments_over_ceilings_in_opposite_order_do_not_deadlock():
    actor, first, second = system(), CeilingFactory(), CeilingFactory()
    forth = committed(money_row(first), money_row(second))
    back = committed(money_row(second), money_row(first))
    assert at_once(reserving(forth, actor), reserving(back, actor)) == ["reserved"] * 2
    assert [ceiling.reserved for ceiling in Ceiling.objects.all()] == [Decimal("80000000.00")] * 2
