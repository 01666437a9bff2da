"""Fifty requests at once against a real server: one counts, and everybody is told the truth.

PAYUNG_ROUNDS says how many innovations are fought over (3).
"""

import math
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.e2e

ROUNDS = int(os.environ.get("PAYUNG_ROUNDS", "3"))
AT_ONCE = 50


class Field:
    """The server, the innovations that the volleys fall on, and how long the answers took."""

    def __init__(self, port: int, log: Path) -> None:
        from tests.volley.cases import case_before_the_last_initial, new_case

        self.port, self.log = port, log
        self.fresh = [new_case("completeness") for _ in range(ROUNDS + 1)]
        self.waiting = [case_before_the_last_initial() for _ in range(ROUNDS)]
        self.seconds: list[float] = []

    def volley(self, requests: Sequence[bytes]) -> list[Any]:
        """Send them together; remembers the times."""
        from tests.volley.server import volley

        replies = volley(self.port, requests)
        self.seconds += [reply.seconds for reply in replies]
        broken = [reply for reply in replies if reply.status >= 500]
        assert not broken, f"{len(broken)} × 5xx:\n{self.log.read_text()[-4000:]}"
        return replies

    def p95(self) -> float:
        """The time within which 95 of 100 answers came."""
        ordered = sorted(self.seconds)
        return ordered[math.ceil(0.95 * len(ordered)) - 1]


@pytest.fixture(scope="module")
def field(transactional_db: Path, request: pytest.FixtureRequest) -> Iterator[Field]:
    """A server on the committed regency; what the volleys took is printed at the end."""
    from tests.volley.server import running_server

    with running_server(transactional_db) as port:
        made = Field(port, transactional_db / "server.log")
        yield made
    if made.seconds:
        _say(request, f"{len(made.seconds)} requests in volleys of 50: p95 {made.p95():.2f} s")


def _say(request: pytest.FixtureRequest, line: str) -> None:
    """Tell whoever watches the run, though nothing failed."""
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        sys.stderr.write(f"\n{line}\n")


def statuses(replies: Sequence[Any]) -> Counter[int]:
    return Counter(reply.status for reply in replies)


def told_since(before: set[str], case: Any) -> list[tuple[str, str]]:
    """The messages about a case that are new: which event, to whom."""
    from notifications.models import Message

    fresh = Message.objects.filter(case_code=case.code).exclude(key__in=before)
    return sorted(fresh.values_list("event", "recipient__username"))


def told(case: Any) -> set[str]:
    from notifications.models import Message

    return set(Message.objects.filter(case_code=case.code).values_list("key", flat=True))


def open_tasks(case: Any) -> list[str]:
    tasks = case.task_set.filter(finished__isnull=True)
    return [task.flow_task.name for task in tasks]


def recorded(seat: Any) -> tuple[int, int, int]:
    """How many sign-offs, versions of it, and refusals a seat has left behind."""
    from approvals.models import Refusal, SignOff

    found = SignOff.objects.filter(seat=seat)
    versions = SignOff.history.filter(seat_id=seat.pk)
    refusals = Refusal.objects.filter(path__endswith=f"/{seat.pk}/")
    return found.count(), versions.count(), refusals.count()


def answers(case: Any, seat: Any, user: Any, *, code: str = "", **fields: Any) -> bytes:
    """The request with which this person approves this seat."""
    from django.urls import reverse

    from tests.volley.server import post, session_of
    from workflow.desk import read_at
    from workflow.sealing import sealed_content

    seen = sealed_content(case.innovation, read_at(seat)).digest
    path = reverse("act", args=[code or seat.case_code, seat.pk])
    return post(path, session_of(user), fields | {"outcome": "approve", "seen": seen})


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
    assert case.seats.filter(stage="signing").count() == 1
    assert told_since(before, case) == [
        ("seat_opened", "bupati"),
        ("stage_passed", case.innovation.initiator.username),
    ]
    said = Counter(_message_after(field, reply, seat.signer) for reply in replies[:5])
    assert said["repeat"] >= 4
    assert set(said) <= {"repeat", "first"}


def _message_after(field: Field, reply: Any, user: Any) -> str:
    """What the page says to which a decision leads."""
    from tests.volley.server import ask, get, session_of

    page = ask(field.port, get(reply.location, session_of(user), reply.cookies))
    assert page.status == 200
    if "You decided this already at" in page.body and "It counts once." in page.body:
        return "repeat"
    return "first" if "is recorded." in page.body else page.body


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
