"""The cases that a rehearsal plays: what it needs of each, read in few queries."""

import datetime
from collections.abc import Iterator, Mapping, Sequence

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import ngettext

from accounts.models import Office
from accounts.offices import today
from approvals.matter import Matter
from approvals.models import Outcome, Seat, SignOffPolicy
from approvals.standing import Standing

from .facts import matter_of
from .members import Roster, places_of
from .models import Case
from .policy_words import Names
from .rehearsal import Asked, Rehearsal, Scene, rehearse
from .stages import stages_by_name

MOST_RUNNING = 200
MOST_FINISHED = 100


def rehearse_version(policy: SignOffPolicy, names: Names) -> Rehearsal:
    """Play a version, stored or not, over the running and the last finished cases of its flow."""
    cases = _Cases(policy.stage)
    reading = _Reading(policy, today())
    played = list(reading.scenes([*cases.running, *cases.finished]))
    rehearsal = rehearse(played, reading.standing, names)
    left_out = [*cases.left_out(), *reading.left_out()]
    return Rehearsal(rehearsal.played, rehearsal.findings, left_out)


class _Cases:
    """The running cases that moved last, and the last finished ones that came to the stage."""

    def __init__(self, stage: str) -> None:
        cases = Case.objects.filter(flow_class=stages_by_name()[stage].flow_class)
        seats = Seat.objects.filter(process=OuterRef("pk"), stage=stage, reconfirms=None)
        self._running = cases.filter(finished=None)
        self._finished = cases.filter(Exists(seats)).exclude(finished=None)
        self.running = _read(self._running.order_by("-stage_since", "-pk")[:MOST_RUNNING])
        self.finished = _read(self._finished.order_by("-finished", "-pk")[:MOST_FINISHED])

    def left_out(self) -> Iterator[str]:
        """How many were too many to play, in sentences."""
        if more := _beyond(self._running, self.running, MOST_RUNNING):
            yield ngettext(
                "%(count)s more running case is not played: it has not moved for longer.",
                "%(count)s more running cases are not played: they have not moved for longer.",
                more,
            ) % {"count": more}
        if more := _beyond(self._finished, self.finished, MOST_FINISHED):
            yield ngettext(
                "%(count)s more finished case is not played: it ended earlier.",
                "%(count)s more finished cases are not played: they ended earlier.",
                more,
            ) % {"count": more}


def _read(cases: QuerySet[Case]) -> list[Case]:
    read = cases.select_related(
        "innovation__initiator__home_unit",
        "innovation__owning_unit",
        "innovation__commitment__owner_office__superior",
    )
    return list(read.prefetch_related("innovation__participants__user__home_unit"))


def _beyond(cases: QuerySet[Case], read: Sequence[Case], most: int) -> int:
    return cases.count() - most if len(read) == most else 0


class _Reading:
    """Turns cases into scenes; offices and who may act for them are asked once for all."""

    def __init__(self, policy: SignOffPolicy, on: datetime.date) -> None:
        self.policy = policy
        self.roster = Roster(on)
        # All at once: one by one they would be most of the queries.
        self.roster.authorities(Office.objects.all(), on)
        self._too_early = 0

    def scenes(self, cases: Sequence[Case]) -> Iterator[Scene]:
        """A scene of each case of which it can be said already whom the versions ask."""
        own = _versions(self.policy.stage)
        answered = _answered(self.policy.stage, cases)
        for case in cases:
            version = own.get(case.policy_versions.get(self.policy.stage, 0))
            try:
                if version is None:
                    raise SignOffPolicy.DoesNotExist
                yield self._scene(case, version, answered.get(case.pk, []))
            except ObjectDoesNotExist:
                self._too_early += 1

    def _scene(self, case: Case, own: SignOffPolicy, answered: list[Seat]) -> Scene:
        matter = matter_of(case)
        return Scene(
            case,
            matter,
            self._asked(own, case, matter),
            self._asked(self.policy, case, matter),
            answered,
            waits=case.stage == self.policy.stage,
        )

    def _asked(self, policy: SignOffPolicy, case: Case, matter: Matter) -> Asked:
        return Asked(policy, places_of(case, policy, matter, self.roster.on, self.roster))

    def standing(self, matter: Matter, seats: Sequence[Seat]) -> Standing:
        """Who may sign such seats today."""
        return Standing(matter, seats, self.roster.on, authorities=self.roster.authorities)

    def left_out(self) -> Iterator[str]:
        """Of how many cases nothing can be said yet."""
        if self._too_early:
            yield ngettext(
                "%(count)s case is not played: it does not say yet who would be asked.",
                "%(count)s cases are not played: they do not say yet who would be asked.",
                self._too_early,
            ) % {"count": self._too_early}


def _versions(stage: str) -> Mapping[int, SignOffPolicy]:
    return {policy.version: policy for policy in SignOffPolicy.objects.filter(stage=stage)}


def _answered(stage: str, cases: Sequence[Case]) -> dict[int, list[Seat]]:
    """The seats with an answer that counts, of the last time each case stood at the stage."""
    seats = Seat.objects.filter(
        process__in=[case.pk for case in cases], stage=stage, reconfirms=None
    ).select_related("answer__person", "answer__lapse", "office__unit", "unit", "person")
    last: dict[int, list[Seat]] = {}
    for seat in seats.order_by("task_id", "group", "position"):
        rows = last.setdefault(seat.process_id, [])
        if rows and rows[-1].task_id != seat.task_id:
            rows.clear()
        rows.append(seat)
    return {process: [s for s in rows if _counts(s)] for process, rows in last.items()}


def _counts(seat: Seat) -> bool:
    answer = seat.answer
    if answer is None or answer.outcome == Outcome.RECUSE:
        return False
    return not hasattr(answer, "lapse")
