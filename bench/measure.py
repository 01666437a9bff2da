"""Measures one database, in a process of its own, and prints the figures as one JSON object."""

import json
import os
import statistics
import time
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from accounts.acting import acting_as  # noqa: E402
from accounts.models import User  # noqa: E402
from approvals.models import Seat  # noqa: E402
from legal_basis import rendering, signing, validation  # noqa: E402
from legal_basis.authority import make_authority  # noqa: E402
from legal_basis.issuing import signature_request  # noqa: E402
from workflow.demo import people, story  # noqa: E402
from workflow.installing import install_defaults  # noqa: E402
from workflow.models import Case  # noqa: E402
from workflow.walking import issue_now, next_seat, propose, sign_one, walk  # noqa: E402

QUICK = bool(os.environ.get("QUICK"))
JOURNEYS, PAGES, DOCUMENTS = (3, 7, 3) if QUICK else (10, 25, 10)
SIZES = (1_000, 20_000)
RECORD = "KERITAK"


def milliseconds(act: Callable[[], Any], times: int) -> float:
    """The median of several runs."""
    taken = []
    for _run in range(times):
        start = time.perf_counter()
        act()
        taken.append((time.perf_counter() - start) * 1000)
    return round(statistics.median(taken), 1)


def settle_in() -> None:
    """An empty database with the demo's regency."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    system = User.objects.system()
    with transaction.atomic(), acting_as(system):
        people.load_offices(system)
        people.load_people(system)
        install_defaults(system)
    make_authority()


def start(record: story.Record) -> Case:
    """A submitted innovation."""
    with transaction.atomic():
        return propose(record, folder=story.FOLDER)


def journeys(record: story.Record) -> float:
    """Whole journeys a second up to the number; each signature is a transaction."""
    begun = time.perf_counter()
    for _journey in range(JOURNEYS):
        case = start(record)
        while seat := next_seat(case):
            with transaction.atomic():
                sign_one(case, seat, record)
    return round(JOURNEYS / (time.perf_counter() - begun), 2)


def sign_off(record: story.Record, stage: str) -> tuple[int, float]:
    """Queries and milliseconds of the first signature at a stage."""
    case = start(record)
    with transaction.atomic():
        case = walk(case, record, until=stage)
    seat = next_seat(case)
    assert seat is not None
    with CaptureQueriesContext(connection) as queries:
        begun = time.perf_counter()
        with transaction.atomic():
            sign_one(case, seat, record)
        taken = (time.perf_counter() - begun) * 1000
    return len(queries), round(taken, 1)


def open_seats(count: int) -> None:
    """Fill the inbox of the secretariat up to this many open seats."""
    pattern = Seat.objects.filter(stage="completeness").select_related("office").first()
    assert pattern is not None
    there = Seat.objects.filter(office=pattern.office, state=Seat.State.OPEN).count()
    first = Seat.objects.filter(task=pattern.task).count()
    rows = [
        Seat(
            process_id=pattern.process_id,
            task_id=pattern.task_id,
            policy_id=pattern.policy_id,
            stage=pattern.stage,
            office_id=pattern.office_id,
            group=0,
            position=first + number,
            state=Seat.State.OPEN,
            opened_at=pattern.opened_at,
            due=pattern.due,
            case_code=pattern.case_code,
            case_title=pattern.case_title,
        )
        for number in range(count - there)
    ]
    Seat.objects.bulk_create(rows, batch_size=2000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def inbox() -> dict[str, float]:
    """The inbox page of an official at growing numbers of open seats."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username="sekretariat"))
    figures: dict[str, float] = {}
    for size in SIZES:
        open_seats(size)
        client.get("/inbox/")
        figures[f"inbox_{size}_ms"] = milliseconds(lambda: client.get("/inbox/"), PAGES)
    with CaptureQueriesContext(connection) as queries:
        client.get("/inbox/")
    figures["inbox_queries"] = len(queries)
    figures["inbox_growth"] = round(figures["inbox_20000_ms"] / figures["inbox_1000_ms"], 2)
    return figures


def documents(record: story.Record) -> dict[str, float]:
    """A decree laid out, and signed and validated."""
    case = start(record)
    with transaction.atomic():
        case = walk(case, record)
    instrument = issue_now(case)
    printed = rendering.render_pdf(instrument)

    def sign_and_validate() -> None:
        signed = signing.sign(printed, signature_request(instrument))
        validation.signature_state(signed, None)

    return {
        "rendering_ms": milliseconds(lambda: rendering.render_pdf(instrument), DOCUMENTS),
        "signing_ms": milliseconds(sign_and_validate, DOCUMENTS),
    }


def main() -> None:
    """Measure everything, print it as one line."""
    settle_in()
    record = next(record for record in story.records() if record["name"] == RECORD)
    scored, _ms = sign_off(record, "verification")
    plain, taken = sign_off(record, "initialling")
    figures = {
        "queries_per_scored_vote": scored,
        "queries_per_sign_off": plain,
        "sign_off_ms": taken,
        "journeys_per_second": journeys(record),
    }
    print(json.dumps(figures | documents(record) | inbox()))


if __name__ == "__main__":
    main()
