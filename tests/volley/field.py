"""What the volleys fall on, and what they leave behind.

PAYUNG_ROUNDS says how many innovations are fought over (1, by night 10).
"""

import math
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from accounts.acting import acting_as
from tests.accounts.factories import system_account
from tests.house import tiers

ROUNDS = int(os.environ.get("PAYUNG_ROUNDS", "10" if tiers.NIGHT else "1"))
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

    with acting_as(system_account()):
        seen = sealed_content(case.innovation, read_at(seat)).digest
    path = reverse("act", args=[code or seat.case_code, seat.pk])
    return post(path, session_of(user), {"outcome": "approve", "seen": seen} | fields)


def message_after(field: Field, reply: Any, user: Any) -> str:
    """What the page says to which a decision leads."""
    from tests.volley.server import ask, get, session_of

    page = ask(field.port, get(reply.location, session_of(user), reply.cookies))
    assert page.status == 200
    if "You decided this already at" in page.body and "It counts once." in page.body:
        return "repeat"
    return "first" if "is recorded." in page.body else page.body
