"""The demo's regency in a test database, and innovations of it at a stage."""

import datetime
import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.acting import acting_as
from accounts.models import User
from accounts.offices import today
from legal_basis.authority import make_authority
from tests.accounts.factories import system_account
from tests.house.databases import Rows, starting_from
from workflow.demo import people, story
from workflow.installing import install_defaults
from workflow.models import Case
from workflow.walking import issue_now, propose, walk

Record = dict[str, Any]
SAMPLE = Path(settings.BASE_DIR) / "docs" / "walkthrough-sample.json"
RUNS_ALREADY, NEEDS_A_TRIAL = "KERITAK", "GEMPAR"
_settled = Rows()


def settle_in() -> None:
    """Offices, people, master data and policies, as `manage.py demo` loads them."""
    system = system_account()
    with transaction.atomic(), acting_as(system):
        people.load_offices(system)
        people.load_people(system)
        install_defaults(system)


@contextmanager
def settled() -> Iterator[None]:
    """The regency, committed, and an authority where the settings want it."""
    make_authority()
    with starting_from(_settled, settle_in):
        yield


@cache
def _records(_today: datetime.date) -> dict[str, Record]:
    """Their days are counted from today, which a test may move."""
    return {record["name"]: record for record in story.records()}


def record_of(name: str) -> Record:
    """The demo's record of an innovation, to be changed at will."""
    copied: Record = json.loads(json.dumps(_records(today())[name]))
    return copied


def person(username: str) -> User:
    """An account of the demo."""
    return User.objects.get(username=username)


def case_at(stage: str, name: str = RUNS_ALREADY, record: Record | None = None) -> Case:
    """A new innovation that has been walked to a stage ("done" for all the way)."""
    told = record or record_of(name)
    with transaction.atomic():
        case = propose(told, folder=SAMPLE.parent)
        case = walk(case, told, until=stage)
    if stage in ("publication", "done"):
        issue_now(case)
        with transaction.atomic():
            case = walk(case, told, until=stage)
    case.refresh_from_db()
    return case
