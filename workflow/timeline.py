"""What happened to a case, in sentences: read from the records of the acts themselves."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from approvals.models import Outcome, Seat, SignOff
from innovations.models import Innovation
from legal_basis.models import RegisterEntry

from .inbox import stage_labels
from .models import Case


@dataclass(frozen=True)
class Entry:
    """One line of the timeline."""

    when: datetime.datetime
    who: str
    capacity: str
    sentence: str
    detail: str
    icon: str


def timeline_of(cases: list[Case]) -> list[Entry]:
    """Everything that happened to these cases of one innovation, the newest first."""
    if not cases:
        return []
    innovation = cases[0].innovation
    entries = [
        *_submissions(innovation),
        *_sign_offs(cases),
        *_numbers(innovation),
        *_endings(cases),
        *_waiting(cases),
    ]
    return sorted(entries, key=lambda entry: entry.when, reverse=True)


def _submissions(innovation: Innovation) -> Iterator[Entry]:
    seen: set[int] = set()
    versions = innovation.history.select_related("history_user").order_by("history_date")
    for version in versions:
        if version.revision in seen:
            continue
        seen.add(version.revision)
        yield Entry(
            version.history_date,
            str(version.history_user),
            "",
            _("submitted the proposal")
            if version.revision == 1
            else _("submitted revision %(number)s") % {"number": version.revision},
            "",
            "send",
        )


ICONS = {
    Outcome.APPROVE: "check",
    Outcome.RETURN: "arrow-back-up",
    Outcome.SEND_BACK: "arrow-back-up",
    Outcome.REJECT: "x",
}


def _sign_offs(cases: list[Case]) -> Iterator[Entry]:
    labels = stage_labels()
    found = SignOff.objects.filter(seat__process__in=[case.pk for case in cases])
    for sign_off in found.exclude(seat__stage="revision").select_related("person", "seat__task"):
        node = sign_off.seat.task.flow_task
        answer = node.outcomes.get(sign_off.outcome, sign_off.get_outcome_display())
        yield Entry(
            sign_off.decided_at,
            str(sign_off.person),
            sign_off.capacity,
            _("%(stage)s: %(answer)s")
            % {"stage": labels.get(sign_off.seat.stage, ""), "answer": answer},
            sign_off.note,
            ICONS[Outcome(sign_off.outcome)],
        )


def _numbers(innovation: Innovation) -> Iterator[Entry]:
    entries = RegisterEntry.objects.filter(instrument__innovation=innovation)
    for entry in entries.select_related("instrument"):
        yield Entry(
            entry.taken_at,
            "",
            "",
            _("Number %(number)s was taken and entered in the register") % {"number": entry.number},
            entry.reason,
            "hash",
        )
        if entry.instrument.issued_at:
            yield Entry(
                entry.instrument.issued_at,
                "",
                "",
                _("The decree was signed electronically, checked and issued"),
                entry.instrument.title,
                "certificate",
            )


def _endings(cases: list[Case]) -> Iterator[Entry]:
    for case in cases:
        if case.finished:
            yield Entry(
                case.finished,
                "",
                "",
                str(case.flow_class.instance.node(case.stage).task_title),
                case.reason if case.stage != "done" else "",
                "flag",
            )


def _waiting(cases: list[Case]) -> Iterator[Entry]:
    """Arrivals: when each stage asked for signatures, once per task."""
    labels = stage_labels()
    seen: set[int] = set()
    seats = Seat.objects.filter(process__in=[case.pk for case in cases], opened_at__isnull=False)
    for seat in seats.order_by("opened_at"):
        if seat.task_id in seen:
            continue
        seen.add(seat.task_id)
        assert seat.opened_at is not None
        yield Entry(
            seat.opened_at,
            "",
            "",
            _("Reached the stage: %(stage)s") % {"stage": labels.get(seat.stage, seat.stage)},
            "",
            "arrow-right",
        )
