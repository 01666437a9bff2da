"""What happened to a case, in sentences: read from the records of the acts themselves."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from approvals.due_stories import cause_of, written
from approvals.models import Lapse, Outcome, Seat, SignOff
from innovations.models import Innovation
from legal_basis.models import RegisterEntry

from .content import section_titles
from .desk import answers_at
from .dossier import Dossier
from .models import Case, is_further
from .stages import stage_labels


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
        *_lapses(dossier.sign_offs),
        *_numbers(dossier.innovation),
        *_further(dossier.cases),
        *_endings(dossier.cases),
        *_waiting(dossier.seats),
        *_clocks(dossier),
        *_moved_dues(dossier),
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
    Outcome.ABSTAIN: "minus",
    Outcome.RECUSE: "arrows-exchange",
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
    if choice := answers_at(sign_off.seat).get(sign_off.outcome):
        return str(choice.fact)
    stage = labels.get(sign_off.seat.stage, "")
    return _("%(stage)s: %(answer)s") % {"stage": stage, "answer": sign_off.get_outcome_display()}


def _lapses(sign_offs: list[SignOff]) -> Iterator[Entry]:
    """Answers that count no longer: taken back, or given on content that has changed since."""
    titles = section_titles()
    for sign_off in sign_offs:
        lapse = getattr(sign_off, "lapse", None)
        if lapse is None or lapse.cause == Lapse.Cause.ASKED_ANEW:
            continue
        changed = ", ".join(titles.get(key, key) for key in lapse.sections)
        taken_back = lapse.cause == Lapse.Cause.TAKEN_BACK
        yield Entry(
            lapse.at,
            str(sign_off.person) if taken_back else "",
            sign_off.capacity if taken_back else "",
            _("took the answer back")
            if taken_back
            else _("The answer of %(capacity)s counts no longer; changed since: %(sections)s")
            % {"capacity": sign_off.capacity, "sections": changed},
            lapse.reason,
            "arrow-back-up",
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
        if entry.instrument and entry.instrument.issued_at:
            yield Entry(
                entry.instrument.issued_at,
                "",
                "",
                _("The decree was signed electronically, checked and issued"),
                entry.instrument.title,
                "certificate",
            )


def _further(cases: list[Case]) -> Iterator[Entry]:
    """When the legal section began a further instrument, and how it ended."""
    for case in cases:
        if not is_further(case.code):
            continue
        code = {"code": case.code}
        began = _("The legal section began the further instrument %(code)s") % code
        yield Entry(case.created, "", "", began, "", "writing-sign")
        if case.finished:
            ended = _("The further instrument %(code)s is issued and published") % code
            if case.stage != "done":
                ended = _("The further instrument %(code)s was given up") % code
            reason = case.reason if case.stage != "done" else ""
            yield Entry(case.finished, "", "", ended, reason, "flag")


def _endings(cases: list[Case]) -> Iterator[Entry]:
    for case in cases:
        if case.finished and not is_further(case.code):
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


def _clocks(dossier: Dossier) -> Iterator[Entry]:
    """When a clock was stopped, by whom and why, and when it ran again."""
    labels = stage_labels()
    stages = {seat.task_id: labels.get(seat.stage, seat.stage) for seat in dossier.seats}
    for pause in dossier.pauses:
        stage = {"stage": stages[pause.task_id]}
        stopped = _("stopped the clock of the stage “%(stage)s”") % stage
        yield Entry(pause.started_at, str(pause.started_by), "", stopped, pause.reason, "hourglass")
        if pause.ended_at:
            again = _("let the clock of the stage “%(stage)s” run again") % stage
            yield Entry(pause.ended_at, str(pause.ended_by), "", again, "", "clock")


def _moved_dues(dossier: Dossier) -> Iterator[Entry]:
    """How decrees moved due dates; seats of a stage that moved alike are told once."""
    labels = stage_labels()
    stages = {seat.pk: labels.get(seat.stage, seat.stage) for seat in dossier.seats}
    decreed = [change for change in dossier.due_changes if change.decree_id]
    alike = {(c.decree_id, stages[c.seat_id], c.before, c.after): c for c in decreed}
    for (_decree, stage, before, after), change in alike.items():
        yield Entry(
            change.at,
            "",
            "",
            _("Due date of the stage “%(stage)s” moved from %(before)s to %(after)s")
            % {"stage": stage, "before": written(before), "after": written(after)},
            cause_of(change),
            "calendar",
        )
