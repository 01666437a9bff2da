"""Measures the comparison on one database and prints the figures as one JSON object."""

import json
import os
import statistics
import time
from collections.abc import Iterator
from itertools import count, islice

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.contrib.auth.models import Group, Permission  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from viewflow.workflow.models import Process, Task  # noqa: E402

from bench.rows import copy_rows, renew_statistics  # noqa: E402

from .flows import ProposalFlow  # noqa: E402
from .models import Proposal  # noqa: E402

QUICK = bool(os.environ.get("QUICK"))
APPROVALS, PAGES = (24, 3) if QUICK else (120, 5)
SIZES = (1_000, 20_000) if QUICK else (1_000, 20_000, 100_000)


def client() -> Client:
    """The official, logged in, whose role may start and approve."""
    role = Group.objects.create(name="officials")
    role.permissions.set(Permission.objects.filter(content_type__app_label="vanilla"))
    user = get_user_model().objects.create_user("official")
    user.groups.add(role)
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(user)
    return browser


def approve(browser: Client, task: Task) -> None:
    """Take one step from the queue and send its form, as the official."""
    name = task.flow_task.name
    address = f"/proposal/{task.process_id}/{name}/{task.pk}"
    assert browser.post(f"{address}/assign/").status_code == 302
    answer = browser.post(f"{address}/execute/", {name: "on", "_viewflow_activation-started": ""})
    assert answer.status_code == 302, answer.content[:500]


def approvals(browser: Client) -> dict[str, float]:
    """Queries, rate and processor time of one writer who approves step after step."""
    tasks = _steps(browser)
    first = next(tasks)
    with CaptureQueriesContext(connection) as captured:
        approve(browser, first)
    queries = len(captured)
    wall = processor = 0.0
    for task in islice(tasks, APPROVALS):
        wall_start, processor_start = time.perf_counter(), time.process_time()
        approve(browser, task)
        wall += time.perf_counter() - wall_start
        processor += time.process_time() - processor_start
    return {
        "vanilla_approval_queries": queries,
        "vanilla_approvals_per_second": round(APPROVALS / wall, 1),
        "vanilla_approval_cpu_ms": round(processor / APPROVALS * 1000, 1),
    }


def _steps(browser: Client) -> Iterator[Task]:
    """The open step of one proposal after the other."""
    waiting = Task.objects.filter(flow_task_type="HUMAN", finished__isnull=True)
    for number in count():
        browser.post("/proposal/start/", {"title": f"Proposal {number}"})
        process = Proposal.objects.latest("pk")
        mine = waiting.filter(process=process).exclude(flow_task=ProposalFlow.start)
        while task := mine.first():
            yield task


def fill(count: int) -> None:
    """So many cases whose first step waits for the official."""
    official = get_user_model().objects.get(username="official")
    missing = count - Task.objects.filter(owner=official, finished__isnull=True).count()
    pattern = Proposal.objects.latest("pk")
    task = Task.objects.filter(process=pattern, flow_task=ProposalFlow.step_1).get()
    number = f"n + {pattern.pk + 1}"
    copy_rows(Process, pattern.pk, missing, {"id": number})
    own = {"process_ptr_id": number}
    copy_rows(Proposal, pattern.pk, missing, own, key="process_ptr_id")
    waiting = {
        "process_id": number,
        "owner_id": str(official.pk),
        "status": "'ASSIGNED'",
        "started": "NULL",
        "finished": "NULL",
    }
    copy_rows(Task, task.pk, missing, waiting)
    renew_statistics()


def inbox(browser: Client) -> dict[str, float]:
    """The inbox page at growing numbers of open tasks."""
    figures: dict[str, float] = {}
    for size in SIZES:
        fill(size)
        browser.get("/proposal/inbox/")
        taken = []
        for _page in range(PAGES):
            begun = time.perf_counter()
            answer = browser.get("/proposal/inbox/")
            taken.append((time.perf_counter() - begun) * 1000)
            assert answer.status_code == 200, answer.status_code
        figures[f"vanilla_inbox_{size}_ms"] = round(statistics.median(taken), 1)
    with CaptureQueriesContext(connection) as queries:
        browser.get("/proposal/inbox/")
    figures["vanilla_inbox_queries"] = len(queries)
    return figures


def main() -> None:
    """Measure everything, print it as one line."""
    call_command("migrate", run_syncdb=True, verbosity=0)
    browser = client()
    print(json.dumps(approvals(browser) | inbox(browser)))


if __name__ == "__main__":
    main()
