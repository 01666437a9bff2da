"""Fifty officials take up one free seat at once: exactly one of them is told that it is theirs."""

from collections.abc import Sequence
from typing import Any

import pytest

from .field import AT_ONCE, ROUNDS, Field, told, told_since

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def officials(field: Field) -> list[tuple[Any, str]]:
    """Fifty people with an office each in one unit, and their sessions."""
    from accounts.acting import acting_as
    from accounts.models import User
    from tests.accounts.factories import AppointmentFactory, UnitFactory
    from tests.volley.server import session_of

    with acting_as(User.objects.system()):
        appointments = AppointmentFactory.create_batch(AT_ONCE, office__unit=UnitFactory())
    return [(one.user, session_of(one.user)) for one in appointments]


def free_seat(officials: Sequence[tuple[Any, str]]) -> Any:
    """A seat of a new case that waits for any official of their unit."""
    from accounts.acting import acting_as
    from accounts.models import User
    from tests.volley.cases import new_case, seat_of

    seat = seat_of(new_case("completeness")).row
    with acting_as(User.objects.system()):
        seat.office, seat.unit = None, officials[0][0].appointments.get().office.unit
        seat.save()
    return seat


def said_to(reply: Any) -> str:
    """What the next page will say, which travels in a signed cookie."""
    from django.contrib.messages.storage.cookie import CookieStorage
    from django.http import HttpRequest

    request = HttpRequest()
    request.COOKIES = dict(reply.cookies)
    return " ".join(str(message) for message in CookieStorage(request))


@pytest.mark.parametrize("number", range(ROUNDS))
def test_one_of_fifty_is_told_that_the_seat_is_theirs(field, officials, number):
    from django.urls import reverse

    from tests.volley.server import post

    seat = free_seat(officials)
    path = reverse("take_up", args=[seat.case_code, seat.pk])
    before = told(seat.process.case)

    replies = field.volley([post(path, session, {}) for _user, session in officials])

    # On a machine under load some wait too long for their turn, and are told so.
    assert {reply.status for reply in replies} <= {302, 409}
    answered = [n for n, reply in enumerate(replies) if reply.status == 302]
    mine = [n for n in answered if "You have taken it up" in said_to(replies[n])]
    assert len(mine) == 1
    winner = officials[mine[0]][0]
    seat.refresh_from_db()
    assert seat.claimed_by == winner
    others = [said_to(replies[n]) for n in answered if n not in mine]
    assert all(winner.get_short_name() in said for said in others)
    assert seat.history.filter(claimed_by__isnull=False).count() == 1
    assert told_since(before, seat.process.case) == []
