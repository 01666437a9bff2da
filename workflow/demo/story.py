"""Tells the story of the demo's innovations up to where they stand, with the clock of its days.

The clock is set back for what happened earlier, so that dates, lateness and periods are those of
a regency at work. The records (`innovations/*.json`) say when each stage was entered.
"""

import datetime
import json
import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import time_machine
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.clock import telling_a_story
from accounts.models import User
from approvals.models import Seat
from innovations import proposals
from innovations.models import Draft
from legal_basis.follow_ups import TO_BE_WRITTEN
from legal_basis.models import Instrument

from ..further import start_further
from ..models import Case, is_further
from ..reversals import withdraw
from ..timers import fire_due_timers
from ..walking import draft_of, issue_now, next_seat, propose, sign_one, walk
from .people import days

FOLDER = Path(__file__).parent / "innovations"
# Before the first date of any record.
FIRST_DAY = 400
LAWYER = "hukum"
MORNING = datetime.time(9, 15)
Record = dict[str, Any]
Story = Generator[int, None, Case | None]


def records() -> list[Record]:
    """All records, those that came furthest first."""
    found = [_dated(json.loads(path.read_text())) for path in sorted(FOLDER.glob("*.json"))]
    return sorted(found, key=lambda record: -record["demo_state"]["entered"].get("publication", 0))


def _dated(value: Any) -> Any:
    """The same record with days like `-110d` as dates."""
    if isinstance(value, dict):
        return {key: _dated(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_dated(entry) for entry in value]
    if isinstance(value, str) and re.fullmatch(r"[+-]\d+d", value):
        return days(value).isoformat()
    return value


@contextmanager
def days_ago(days: int) -> Iterator[None]:
    """Set the clock back to a morning of the regency."""
    day = timezone.localdate() - datetime.timedelta(days=days)
    moment = datetime.datetime.combine(day, MORNING)
    aware = timezone.make_aware(moment, timezone.get_default_timezone())
    with time_machine.travel(min(aware, timezone.now()), tick=True), telling_a_story():
        yield


def tell(records: Sequence[Record]) -> Iterator[Case]:
    """Bring innovations to where their records say they stand; yields those that moved.

    What happened earlier is told earlier, whichever innovation it happened to: numbers of the
    register and messages come in the order of their days.
    """
    waiting = {_story(record): FIRST_DAY for record in records}
    while waiting:
        earliest = max(waiting, key=lambda story: waiting[story])
        try:
            waiting[earliest] = next(earliest)
        except StopIteration as ended:
            del waiting[earliest]
            if ended.value:
                yield ended.value


def _story(record: Record) -> Story:
    """One innovation's steps, and then those of its further instruments."""
    case = yield from _journey(record)
    for number, wish in enumerate(record["demo_state"].get("further", []), start=1):
        main = Case.objects.select_related("innovation").filter(innovation__name=record["name"])
        first = main.get(code=F("innovation__code"))
        begun = Case.objects.filter(code=f"{first.code}-H{number}").first()
        if begun and begun.finished:
            continue
        yield wish["days_ago"]
        with days_ago(wish["days_ago"]):
            case = _add_further(first, begun, wish)
    return case


def _add_further(first: Case, begun: Case | None, wish: Record) -> Case:
    """An amendment or a revocation, from its beginning to its publication on one day."""
    if begun is None:
        with transaction.atomic():
            begun = start_further(
                User.objects.get(username=LAWYER),
                first.code,
                kind=Instrument.Kind.REGENT_DECREE,
                purpose=wish["purpose"],
                targets=[Instrument.objects.get(subject_code=first.code, status="issued")],
                parts=wish.get("parts", ""),
                reason=wish["reason"],
            )
    draft = Instrument.objects.get(subject_code=begun.code)
    with transaction.atomic():
        walk(begun, {"drafting": written_out(draft, wish.get("text", ""))})
    issue_now(begun)
    with transaction.atomic():
        return walk(begun, {})


def written_out(draft: Instrument, text: str) -> Record:
    """What the drafting form is filled in with so that the draft says the new text."""
    blocks = ("dicta", "body")
    return {
        block: [row | {"text": row["text"].replace(TO_BE_WRITTEN, text)} for row in rows]
        for block in blocks
        if (rows := draft.content.get(block))
    }


def _journey(record: Record) -> Story:
    """The steps of its journey: says how many days ago the next one was, then takes it."""
    state = record["demo_state"]
    if state["stage"] == "draft":
        yield state["days_ago"]
        _draft(record)
        return None
    case = _begun(record)
    stages = list(state["entered"])
    reached = _reached(case, stages) if case else 0
    if case is None:
        yield state["entered"]["start"]
        with days_ago(state["entered"]["start"]), transaction.atomic():
            case = propose(record, folder=FOLDER)
        reached = stages.index(case.stage)
    elif reached == len(stages) - 1:
        return None
    for following in stages[reached + 1 :]:
        yield state["entered"][following]
        with days_ago(state["entered"][following]):
            case = _go_on(case, record, following)
    for number, username in enumerate(state.get("signed", []), start=1):
        day = max(state["days_ago"] - 2 * number, 0)
        yield day
        with days_ago(day):
            _sign(case, record, username)
    return case


def _begun(record: Record) -> Case | None:
    """The case as an earlier, perhaps interrupted, telling left it; its monitoring if that runs."""
    cases = Case.objects.filter(innovation__name=record["name"]).select_related("innovation")
    return next((case for case in cases.order_by("-pk") if not is_further(case.code)), None)


def _reached(case: Case, stages: list[str]) -> int:
    """Where in the story a case stands that was begun before."""
    if case.stage == "decision" and next_seat(case) is None:
        return len(stages) - 1
    if case.stage in stages:
        return stages.index(case.stage)
    return stages.index("institutionalised") if "institutionalised" in stages else len(stages) - 1


def _draft(record: Record) -> None:
    state = record["demo_state"]
    initiator = User.objects.get(username=record["initiator"])
    if Draft.objects.filter(owner=initiator, data__name=record["name"]).exists():
        return
    begun = {key: record[key] for key in state["draft_fields"] if key in record}
    documents = [record["evidence"][number] for number in state.get("draft_evidence", [])]
    with days_ago(state["days_ago"]), transaction.atomic():
        draft = draft_of(begun | {"evidence": documents}, initiator, folder=FOLDER)
        proposals.save_draft(initiator, draft.pk, {})


def _go_on(case: Case, record: Record, following: str) -> Case:
    """Sign whatever stands between the case and its next stage, at the clock's moment."""
    if following == "withdrawn":
        with transaction.atomic():
            person = User.objects.get(username=record["demo_state"]["withdrawn"]["person"])
            withdraw(person, case.code, record["demo_state"]["withdrawn"]["reason"])
    elif following == "revision":
        _return(case, record)
    elif following == "report":
        fire_due_timers()
        return Case.objects.get(code=f"{case.innovation.code}-M")
    else:
        with transaction.atomic():
            case = walk(case, record, until=following)
        if following == "publication":
            issue_now(case)
    return case


def _return(case: Case, record: Record) -> None:
    for answer in record["demo_state"]["returned"]["answers"]:
        person = User.objects.get(username=answer["person"])
        seat = Seat.objects.get(
            process_id=case.pk, state=Seat.State.OPEN, office__appointments__user=person
        )
        with transaction.atomic():
            sign_one(
                case,
                seat,
                record,
                answer["outcome"],
                answer["note"],
                [(remark["section"], remark["text"]) for remark in answer["remarks"]],
            )


def _sign(case: Case, record: Record, username: str) -> None:
    """One who signed the stage that the case stands at already."""
    seat = Seat.objects.filter(
        process_id=case.pk, state=Seat.State.OPEN, office__appointments__user__username=username
    ).first()
    if seat is not None:
        with transaction.atomic():
            sign_one(case, seat, record)
