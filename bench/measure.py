"""Measures one database, in a process of its own, and prints the figures as one JSON object."""

import json
import os
import re
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from threading import Barrier
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from accounts.acting import acting_as  # noqa: E402
from accounts.models import User  # noqa: E402
from approvals.models import Seat, SignOffPolicy  # noqa: E402
from audit import recording, triggers  # noqa: E402
from bench import plain  # noqa: E402
from bench.rows import copy_rows, renew_statistics  # noqa: E402
from legal_basis import rendering, signing, validation  # noqa: E402
from legal_basis.issuing import signature_request  # noqa: E402
from workflow.decisions import Act, decide  # noqa: E402
from workflow.demo import story  # noqa: E402
from workflow.models import Case  # noqa: E402
from workflow.walking import issue_now, next_seat, propose, sign_one, signer_of, walk  # noqa: E402

QUICK = bool(os.environ.get("QUICK"))
JOURNEYS, PAGES, DOCUMENTS = (2, 7, 2) if QUICK else (10, 25, 10)
CASES, VOLLEYS = (3, 3) if QUICK else (10, 9)
SIZES = (1_000, 20_000) if QUICK else (1_000, 20_000, 100_000)
# A place at a task is a small number.
SEATS_A_TASK = 20_000
RECORD = "KERITAK"


def milliseconds(act: Callable[[], Any], times: int) -> float:
    """The median of several runs."""
    taken = []
    for _run in range(times):
        start = time.perf_counter()
        act()
        taken.append((time.perf_counter() - start) * 1000)
    return round(statistics.median(taken), 1)


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


def approvals(record: story.Record) -> dict[str, float]:
    """Rate and processor time of one writer: each initial is sent as its page sends it."""
    for _case in range(CASES):
        _at_initials(record)
    browsers: dict[str, Client] = {}
    wall = processor = 0.0
    done = 0
    for seat in _initials():
        signer = signer_of(Case.objects.get(code=seat.case_code), seat)
        if signer.username not in browsers:
            browsers[signer.username] = Client(SERVER_NAME="localhost")
            browsers[signer.username].force_login(signer)
        address = reverse("act", args=[seat.case_code, seat.pk])
        page = browsers[signer.username].get(address).content.decode()
        sent = {"outcome": "approve", **_hidden(page.partition("data-decision")[2])}
        wall_start, processor_start = time.perf_counter(), time.process_time()
        answer = browsers[signer.username].post(address, sent)
        wall += time.perf_counter() - wall_start
        processor += time.process_time() - processor_start
        assert answer.status_code == 302, answer.status_code
        done += 1
    return {
        "approvals_per_second": round(done / wall, 1),
        "approval_cpu_ms": round(processor / done * 1000, 1),
    }


def _initials() -> Iterator[Seat]:
    """Every initial that is asked for, in the order in which each official works through them."""
    waiting = Seat.objects.filter(stage="initialling", state=Seat.State.OPEN).order_by("due", "pk")
    while seats := list(waiting.all()):
        yield from seats


def _hidden(form: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))


def _at_initials(record: story.Record) -> Case:
    case = start(record)
    with transaction.atomic():
        return walk(case, record, until="initialling")


def ledger_cost(record: story.Record) -> dict[str, float]:
    """What ledger and journal add to a sign-off: initials with and without, in turns."""
    taken: dict[bool, list[float]] = {True: [], False: []}
    for kept in [True, False] * CASES:
        case = _at_initials(record)
        with nullcontext() if kept else _unrecorded():
            while (seat := next_seat(case)) and seat.stage == "initialling":
                begun = time.perf_counter()
                with transaction.atomic():
                    sign_one(case, seat, record)
                taken[kept].append((time.perf_counter() - begun) * 1000)
    with_it, without = (statistics.median(taken[kept]) for kept in (True, False))
    return {
        "sign_off_without_ledger_ms": round(without, 1),
        "ledger_share": round(with_it / without - 1, 2),
    }


@contextmanager
def _unrecorded() -> Iterator[None]:
    """Neither entries nor journal: to measure what they cost."""
    triggers.remove(connection)
    for signal, receiver in recording.LISTENERS.items():
        signal.disconnect(receiver, dispatch_uid=f"audit.{receiver.__name__}")
    yield
    recording.listen()
    triggers.install(connection)


def three_at_once(record: story.Record) -> float:
    """Three officials of three connections initial one case at one moment; ms until the last."""
    taken = []
    for _round in range(VOLLEYS):
        with _three_asked_at_once():
            case = _at_initials(record)
        seats = list(Seat.objects.filter(process_id=case.pk, stage="initialling"))
        taken.append(_volley([(signer_of(case, seat), seat) for seat in seats]))
    return round(statistics.median(taken), 1)


@contextmanager
def _three_asked_at_once() -> Iterator[None]:
    """For new cases, a policy by which three offices initial in any order."""
    members = ["kepala-bappelitbangda", "kepala-bpkpd", "sekda"]
    newest = SignOffPolicy.objects.filter(stage="initialling").first()
    assert newest is not None
    with acting_as(User.objects.system()):
        policy = SignOffPolicy.objects.get(pk=newest.pk)
        policy.pk, policy.version = None, newest.version + 1
        policy.status = SignOffPolicy.Status.ACTIVE
        policy.groups = [{"rule": "all", "members": members}]
        policy.save()
        yield
        policy.status = SignOffPolicy.Status.REFUSED
        policy.save()


def _volley(pairs: list[tuple[User, Seat]]) -> float:
    ready = Barrier(len(pairs) + 1)

    def sign(signer: User, seat: Seat) -> None:
        connection.ensure_connection()
        ready.wait()
        with transaction.atomic():
            decide(signer, seat.case_code, seat.pk, Act("approve"))
        connection.close()

    with ThreadPoolExecutor(len(pairs)) as pool:
        signed = [pool.submit(sign, *pair) for pair in pairs]
        ready.wait()
        begun = time.perf_counter()
        for one in signed:
            one.result()
        return (time.perf_counter() - begun) * 1000


def open_seats(count: int) -> None:
    """Fill the inbox of the secretariat up to this many open seats, by the database itself."""
    pattern = Seat.objects.filter(stage="completeness", state="open").select_related("task").first()
    assert pattern is not None
    there = Seat.objects.filter(office=pattern.office_id, state=Seat.State.OPEN).count()
    for _task in range(there, count, SEATS_A_TASK):
        task = pattern.task
        task.pk = None
        with transaction.atomic(), acting_as(User.objects.system()):
            task.save()
            place = {"task_id": str(task.pk), "position": "n"}
            copy_rows(Seat, pattern.pk, min(SEATS_A_TASK, count - there), place)
        there += SEATS_A_TASK
    renew_statistics()


def inbox(record: story.Record) -> dict[str, float]:
    """The inbox page of an official at growing numbers of open seats."""
    start(record)
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
    small, large = (figures[f"inbox_{size}_ms"] for size in (SIZES[0], SIZES[-1]))
    figures["inbox_growth"] = round(large / small, 2)
    return figures


def documents(record: story.Record) -> dict[str, float]:
    """A decree laid out, and signed and validated."""
    case = start(record)
    with transaction.atomic():
        case = walk(case, record)
    instrument = issue_now(case)
    printed = rendering.render_pdf(instrument)

    request = signature_request(instrument.signatures.get())

    def sign_and_validate() -> None:
        signed = signing.sign(printed, request)
        validation.check_signatures(signed, None)

    job = rendering.job_of(instrument)
    page = plain.page_of(job)
    ours = milliseconds(lambda: signing.sign(rendering.render_pdf(instrument), request), DOCUMENTS)
    alone = milliseconds(lambda: plain.signed(plain.laid_out(page, job), request), DOCUMENTS)
    return {
        "rendering_ms": milliseconds(lambda: rendering.render_pdf(instrument), DOCUMENTS),
        "signing_ms": milliseconds(sign_and_validate, DOCUMENTS),
        "document_ms": ours,
        "plain_document_ms": alone,
        "document_ratio": round(ours / alone, 2),
    }


def main() -> None:
    """Measure everything, print it as one line."""
    record = next(record for record in story.records() if record["name"] == RECORD)
    scored, _ms = sign_off(record, "verification")
    plain, taken = sign_off(record, "initialling")
    figures = {
        "queries_per_scored_vote": scored,
        "queries_per_sign_off": plain,
        "sign_off_ms": taken,
        "journeys_per_second": journeys(record),
    }
    figures |= approvals(record)
    figures |= ledger_cost(record)
    # SQLite has one writer at a time by nature.
    figures["three_at_once_ms"] = three_at_once(record)
    print(json.dumps(figures | documents(record) | inbox(record)))


if __name__ == "__main__":
    main()
