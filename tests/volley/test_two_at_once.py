"""Fifty requests at once against a real server: one counts, and everybody is told the truth."""

from collections import Counter
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


@pytest.mark.parametrize("number", range(ROUNDS))
def test_fifty_repeats_of_one_person_count_once(field, number):
    from tests.volley.cases import seat_of

    case = field.waiting[number]
    seat = seat_of(case)
    before, request = told(case), answers(case, seat.row, seat.signer)

    replies = field.volley([request] * AT_ONCE)

    assert statuses(replies) == {302: AT_ONCE}
    assert recorded(seat.row) == (1, 1, 0)
    assert open_tasks(case) == ["signing"]
    assert case.seats.filter(stage="signing", state="open").count() == 1
    assert told_since(before, case) == [
        ("seat_opened", "bupati"),
        ("stage_passed", case.innovation.initiator.username),
    ]
    said = Counter(message_after(field, reply, seat.signer) for reply in replies[:5])
    assert said["repeat"] >= 4
    assert set(said) <= {"repeat", "first"}


@pytest.mark.parametrize("number", range(ROUNDS))
def test_fifty_submissions_of_one_draft_start_one_journey(field, number):
    from django.urls import reverse

    from tests.volley.cases import draft_to_submit
    from tests.volley.server import post, session_of
    from workflow.models import Case

    draft = draft_to_submit()
    path = reverse("proposal", args=[draft.pk])

    replies = field.volley([post(path, session_of(draft.owner), draft.data)] * AT_ONCE)

    case = Case.objects.get(innovation__name=draft.data["name"])
    assert statuses(replies) == {302: AT_ONCE}
    assert {reply.location for reply in replies} == {reverse("case", args=[case.code])}
    assert open_tasks(case) == ["completeness"]
    assert case.innovation.evidence.count() == draft.files.count()
    assert told_since(set(), case) == [
        ("seat_opened", "sekretariat"),
        ("seat_opened", "sekretariat2"),
    ]


@pytest.mark.parametrize("number", range(ROUNDS))
def test_two_who_may_both_answer_do_not_both_count(field, number):
    from accounts.models import User
    from approvals.models import SignOff

    case = field.fresh[number]
    first, second = (User.objects.get(username=name) for name in ("sekretariat", "sekretariat2"))
    seats = list(case.seats.order_by("position"))
    filled = _completeness(case, first)
    before = told(case)
    requests = [
        answers(case, seat, user, **filled)
        for user, seat in zip((first, second), seats, strict=True)
    ]

    replies = field.volley(requests * (AT_ONCE // 2))

    assert statuses(replies) == {302: AT_ONCE // 2, 409: AT_ONCE // 2}
    made = SignOff.objects.get(seat__process=case.pk)
    assert {reply.status for reply in replies[made.person == second :: 2]} == {302}
    for reply in replies[made.person == first :: 2]:
        assert f"{made.capacity} ({made.person.get_short_name()}) decided this on" in reply.body
    assert sum(recorded(seat)[0] for seat in seats) == 1
    assert sum(recorded(seat)[2] for seat in seats) == 0
    assert open_tasks(case) == ["verification"]
    assert case.innovation.checklist_answers.count() == len(set(_items(case)))
    assert told_since(before, case) == [
        *(("seat_opened", f"panel{number}") for number in range(1, 6)),
        ("stage_passed", case.innovation.initiator.username),
    ]


def _items(case: Any) -> list[str]:
    return list(case.innovation.checklist_answers.values_list("item", flat=True))


def _completeness(case: Any, user: Any) -> dict[str, Any]:
    """What the form of the completeness check is filled with."""
    from innovations.forms import CompletenessForm
    from tests.volley.cases import small_record

    record = small_record()["completeness"]
    form = CompletenessForm.from_record(record, innovation=case.innovation, actor=user)
    return dict(form.data)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_seat_under_another_case_does_not_exist(field, number):
    from tests.volley.cases import seat_of

    case, other = field.waiting[number], field.fresh[-1]
    seat = seat_of(case)
    before = told(case) | told(other)
    request = answers(case, seat.row, seat.signer, code=other.code)

    replies = field.volley([request] * AT_ONCE)

    assert statuses(replies) == {404: AT_ONCE}
    assert recorded(seat.row) == (0, 0, 0)
    assert open_tasks(other) == ["completeness"]
    assert told_since(before, case) == told_since(before, other) == []


@pytest.mark.parametrize("number", range(ROUNDS))
def test_fifty_signings_take_one_number(field, number):
    from tests.volley.cases import go_on, seat_of

    case = go_on(field.waiting[number], until="signing")
    seat = seat_of(case)
    before, request = told(case), answers(case, seat.row, seat.signer)

    replies = field.volley([request] * AT_ONCE)

    assert statuses(replies) == {302: AT_ONCE}
    assert recorded(seat.row) == (1, 1, 0)
    assert open_tasks(case) == ["issuing"]
    assert numbers_of(case) == (1, 1)
    assert register_is_whole()
    assert told_since(before, case) == [("stage_passed", case.innovation.initiator.username)]


def test_decrees_signed_at_once_get_consecutive_numbers(field):
    from tests.volley.cases import go_on, new_case, seat_of

    cases = [new_case("signing") for _ in range(2)]
    seats = [seat_of(go_on(case, until="signing")) for case in cases]
    requests = [
        answers(case, seat.row, seat.signer) for case, seat in zip(cases, seats, strict=True)
    ]

    replies = field.volley(requests * (AT_ONCE // 2))

    assert statuses(replies) == {302: AT_ONCE}
    assert [numbers_of(case) for case in cases] == [(1, 1), (1, 1)]
    assert register_is_whole()


def numbers_of(case: Any) -> tuple[int, int]:
    """How many numbers a case has taken, and how many jobs are to issue its decree."""
    from django_tasks_db.models import DBTaskResult

    from legal_basis.models import Instrument, RegisterEntry

    instrument = Instrument.objects.get(innovation=case.innovation)
    jobs = DBTaskResult.objects.filter(task_path="legal_basis.jobs.issue_instrument")
    mine = [job for job in jobs if job.args_kwargs["args"] == [instrument.pk]]
    return RegisterEntry.objects.filter(instrument=instrument).count(), len(mine)


def register_is_whole() -> bool:
    """Whether the register counts from one without a gap, and its counter with it."""
    from legal_basis.models import NumberSeries

    series = NumberSeries.objects.get()
    taken = list(series.entries.order_by("sequence").values_list("sequence", flat=True))
    return taken == list(range(1, series.next_sequence))
