"""An official and a delegate, or one official in two tabs, answer one seat at one moment."""

from typing import Any

import pytest

from .field import (
    AT_ONCE,
    ROUNDS,
    answers,
    message_after,
    open_tasks,
    recorded,
    statuses,
    told,
    told_since,
)

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def delegate_of_the_secretary(field: Any) -> Any:
    """Somebody who may initial for the regional secretary by a letter of today."""
    from django.db import transaction

    from accounts.delegations import delegate
    from accounts.models import Office
    from accounts.offices import holder_of, today
    from tests.regency import person

    principal = holder_of(Office.objects.get(code="sekda"), today())
    assert principal is not None
    with transaction.atomic():
        delegate(
            principal.user,
            principal,
            person("gizi"),
            start=today(),
            end=today(),
            basis_number="090/1/SETDA/2026",
            basis_date=today(),
        )
    return person("gizi")


@pytest.mark.parametrize("number", range(ROUNDS))
def test_holder_and_delegate_do_not_both_count(field, delegate_of_the_secretary, number):
    from tests.volley.cases import case_before_the_last_initial, seat_of

    case = case_before_the_last_initial()
    seat = seat_of(case)
    people = [seat.signer, delegate_of_the_secretary]
    before = told(case)
    requests = [answers(case, seat.row, person) for person in people]

    replies = field.volley(requests * (AT_ONCE // 2))

    assert statuses(replies) == {302: AT_ONCE // 2, 409: AT_ONCE // 2}
    made = seat.row.sign_offs.get()
    first = people.index(made.person)
    assert {reply.status for reply in replies[first::2]} == {302}
    for reply in replies[1 - first :: 2]:
        assert f"{made.capacity} ({made.person.get_short_name()}) decided this on" in reply.body
    assert ("a.n. Sekretaris Daerah" in made.capacity) == (made.person != people[0])
    assert recorded(seat.row) == (1, 1, 0)
    assert open_tasks(case) == ["signing"]
    assert told_since(before, case) == [
        ("seat_opened", "bupati"),
        ("stage_passed", case.innovation.initiator.username),
    ]


@pytest.mark.parametrize("number", range(ROUNDS))
def test_two_tabs_with_different_answers_get_the_first_one(field, number):
    from tests.volley.cases import case_before_the_last_initial, seat_of

    case = case_before_the_last_initial()
    seat = seat_of(case)
    back = {"outcome": "send_back", "note": "Perbaiki diktum kedua."}
    requests = [answers(case, seat.row, seat.signer), answers(case, seat.row, seat.signer, **back)]

    replies = field.volley(requests * (AT_ONCE // 2))

    assert statuses(replies) == {302: AT_ONCE}
    made = seat.row.sign_offs.get()
    assert recorded(seat.row) == (1, 1, 0)
    assert open_tasks(case) == ["signing" if made.outcome == "approve" else "drafting"]
    tab = 0 if made.outcome == "approve" else 1
    others = {message_after(field, reply, seat.signer) for reply in replies[1 - tab :: 2][:5]}
    assert others == {"repeat"}
