"""A case at a stage under a policy, on a day of its own, looked at from outside."""

import datetime
from typing import Any, ClassVar

import time_machine
from django.db import transaction
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
)

from accounts.acting import acting_as
from accounts.models import User
from accounts.offices import today
from approvals.models import Seat, SignOffPolicy
from approvals.policy_checks import Dials
from approvals.seats import seats_of_stage
from approvals.standing import Standing
from workflow.facts import matter_of
from workflow.models import Case
from workflow.walking import sign_one

from .policies import STAGE, policies

FIRST_DAY = datetime.datetime(2026, 11, 23, 2, tzinfo=datetime.UTC)


class CaseAtStage(RuleBasedStateMachine):
    """One case at a stage under a random policy."""

    ready: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.clock = time_machine.travel(FIRST_DAY, tick=False)
        self.traveller = self.clock.start()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.system = User.objects.system()
        self.letters = 0
        self.passed: set[int] = set()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)
        self.clock.stop()

    # ---- what is looked at ----

    @property
    def case(self) -> Case:
        return Case.objects.select_related("innovation").get(code=self.ready)

    @property
    def at_stage(self) -> bool:
        return self.case.stage == STAGE

    def seats(self) -> list[Seat]:
        task = self.case.task_set.filter(flow_task_type="HUMAN", finished__isnull=True).first()
        return seats_of_stage(task.pk) if task else []

    def standing(self) -> Standing:
        return Standing(matter_of(self.case), self.seats(), today())

    def people(self) -> list[User]:
        """Everybody who could matter: officials, the initiator, outsiders, a superuser."""
        return list(User.objects.exclude(username=User.SYSTEM).order_by("pk"))

    def letter(self) -> dict[str, Any]:
        self.letters += 1
        return {"basis_number": f"800/{self.letters}/2026", "basis_date": today()}

    # ---- the start ----

    @initialize(dials=policies())
    def enter(self, dials: Dials) -> None:
        with acting_as(self.system):
            newest = SignOffPolicy.objects.filter(stage=STAGE).first()
            assert newest is not None
            policy = SignOffPolicy.objects.create(
                stage=STAGE, version=newest.version + 1, valid_from=today(), **vars(dials)
            )
            case = self.case
            case.policy_versions = case.policy_versions | {STAGE: policy.version}
            case.save()
        self.policy = policy
        self.pass_on_the_draft()

    def pass_on_the_draft(self) -> None:
        """The legal section passes the draft on; the stage opens, or is passed by itself."""
        while (case := self.case).stage == "drafting":
            seat = next(one for one in self.seats() if one.state == Seat.State.OPEN)
            sign_one(case, seat, {})
        self.tick()

    def tick(self) -> None:
        self.traveller.shift(datetime.timedelta(seconds=7))
