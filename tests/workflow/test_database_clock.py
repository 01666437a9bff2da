"""Rights are judged by the clock of the database: that of this process may say what it likes."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from accounts.acting import acting_as
from accounts.clock import day_of, moment
from accounts.models import User
from approvals.models import Seat
from approvals.refusals import NotAllowed
from approvals.seats import READ_AT, read_on, seats_of_stage
from tests.accounts.factories import AppointmentFactory, system_account
from tests.regency import person
from tests.workflow.steps import decided, offices, seats
from workflow.decisions import take_up
from workflow.dossier import dossier_of
from workflow.explaining import explain, explain_dossier, explain_seat

pytestmark = [
    pytest.mark.integration,
    pytest.mark.database_clock,
    pytest.mark.usefixtures("postgresql", "english"),
]
WALKED = ("initialling",)
YEAR = datetime.timedelta(days=365)


@pytest.fixture
def postgresql(db: None) -> None:
    """SQLite lives in this process and has its clock."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has the clock of this process")


@pytest.fixture(params=[-YEAR, YEAR], ids=["a year behind", "a year ahead"])
def wrong_clock(request: pytest.FixtureRequest, at: Any) -> Iterator[datetime.datetime]:
    """This process is a year off; yields what time it is."""
    now = timezone.now()
    with time_machine.travel(now + request.param):
        yield now


def seconds_off(found: datetime.datetime, now: datetime.datetime) -> float:
    return abs((found - now).total_seconds())


def stand_in(at: Any, now: datetime.datetime) -> tuple[Any, Seat, User]:
    """Somebody who speaks for the office on the one day that it is."""
    case = at("initialling")
    today = day_of(now)
    (seat, *_others) = seats(case)
    who = AppointmentFactory(
        user=person("gizi"),
        office=seat.office,
        capacity="plh",
        start=today,
        end=today,
    ).user
    return case, seat, who


def test_right_of_today_is_judged_by_the_database(at, wrong_clock):
    case, seat, who = stand_in(at, wrong_clock)

    with pytest.raises(NotAllowed, match="Today"):
        decided(person("kapus.kampit"), seat, "approve")
    decision = decided(who, seat, "approve")
    assert seconds_off(decision.sign_off.decided_at, wrong_clock) < 300
    assert offices(seats(case)) == ["kepala-bappelitbangda"]


def test_explanation_is_of_the_same_day(at, wrong_clock):
    case, seat, who = stand_in(at, wrong_clock)

    for somebody in (who, person("kapus.kampit")):
        allowed = somebody == who
        assert explain_seat(somebody, case, seat).allowed is allowed
        assert explain(somebody, case)[0].answer.allowed is allowed
    on_page = explain_dossier(who, dossier_of(person("inspektur"), case.code))
    assert [one.answer.allowed for one in on_page] == [True, False]


def test_claim_is_of_the_day_of_the_database(at, wrong_clock):
    case, seat, who = stand_in(at, wrong_clock)
    with transaction.atomic():
        take_up(who, case.code, seat.pk)
    claimed = Seat.objects.get(pk=seat.pk)
    assert claimed.claimed_by == who
    assert seconds_off(claimed.claimed_at, wrong_clock) < 300


@pytest.mark.parametrize("seconds", [-1, 1])
def test_term_ends_by_the_database_to_the_second(at, seconds):
    """A right that began or ended one second ago, whatever this process says."""
    case = at("initialling")
    (seat, *_others) = seats(case)
    (read,) = Seat.objects.filter(pk=seat.pk).annotate(at=moment())
    midnight = datetime.datetime.combine(
        day_of(read.at), datetime.time(), timezone.get_default_timezone()
    )
    with time_machine.travel(midnight + datetime.timedelta(seconds=seconds), tick=False):
        assert read_on(seats_of_stage(seat.task_id)) == day_of(read.at)
        with acting_as(system_account()):
            assert seconds_off(getattr(seats_of_stage(seat.task_id)[0], READ_AT), read.at) < 300
