"""What happened to a case, in sentences: read from the records of the acts themselves."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from approvals.models import Outcome, Seat, SignOff
from innovations.models import Innovation
from legal_basis.models import RegisterEntry

from .dossier import Dossier
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


def timeline_of(dossier: Dossier) -> list[Entry]:
    """Everything that happened to the cases of one innovation, the newest first."""
    entries = [
        *_submissions(dossier.innovation),
        *_sign_offs(dossier.sign_offs),
        *_numbers(dossier.innovation),
        *_endings(dossier.cases),
        *_waiting(dossier.seats),
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


def _sign_offs(sign_offs: list[SignOff]) -> Iterator[Entry]:
    labels = stage_labels()
    for sign_off in sign_offs:
        if sign_off.seat.stage == "revision":
            continue
        yield Entry(
            sign_off.decided_at,
            str(sign_off.person),
            sign_off.capacity,
            _fact(sign_off, labels),
            sign_off.note,
            ICONS[Outcome(sign_off.outcome)],
        )


def _fact(sign_off: SignOff, labels: Mapping[str, str]) -> str:
    """What the signer did, in the words of the stage."""
    if choice := sign_off.seat.task.flow_task.outcomes.get(sign_off.outcome):
        return str(choice.fact)
    stage = labels.get(sign_off.seat.stage, "")
    return _("%(stage)s: %(answer)s") % {"stage": stage, "answer": sign_off.get_outcome_display()}


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


def _waiting(seats: list[Seat]) -> Iterator[Entry]:
    """Arrivals: when each stage asked for signatures, once per task."""
    labels = stage_labels()
    arrivals: dict[int, tuple[datetime.datetime, str]] = {}
    for seat in seats:
        if seat.opened_at is not None:
            arrival = (seat.opened_at, seat.stage)
            arrivals[seat.task_id] = min(arrivals.get(seat.task_id, arrival), arrival)
    for moment, stage in arrivals.values():
        yield Entry(
            moment,
            "",
            "",
            _("Reached the stage: %(stage)s") % {"stage": labels.get(stage, stage)},
            "",
            "arrow-right",
        )
