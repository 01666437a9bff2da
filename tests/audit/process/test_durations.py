"""Stages, units and offices are measured against the norms of their policies."""

import pytest

from approvals.models import Seat
from audit.process.durations import answers, journeys, visits, working_days
from audit.process.scope import Scope
from tests.accounts.factories import OfficeFactory, UserFactory
from tests.approvals.calendar_factories import ClockPauseFactory

from .factories import REJECTED, answered, asked, day, save, step_of, travelled

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def measured():
    return answers(Scope(), working_days(Scope()))


def test_stage_is_measured_from_entering_to_leaving_in_working_days():
    # Over a weekend: seven days are five working days.
    travelled(*REJECTED, stays=7)
    travelled(*REJECTED, stays=1)
    travelled("start", "completeness")
    found = visits(Scope(), working_days(Scope()))["completeness"]
    assert dict(found.cycle.days) == {5: 1, 1: 1}
    assert found.running.count == 1


def test_case_is_measured_for_the_unit_that_owns_it():
    ended = travelled(*REJECTED, stays=2)
    travelled("start", "completeness", innovation=ended.innovation, code="INV-B")
    found = journeys(Scope(), working_days(Scope()))
    (unit,) = found.values()
    assert list(found) == [ended.innovation.owning_unit_id]
    assert (dict(unit.cycle.days), unit.running) == ({2: 1}, 1)


def test_answer_after_the_norm_is_late_for_its_stage_unit_and_office():
    case, office = travelled(*REJECTED), OfficeFactory()
    answered(asked(case, "completeness", office), 3)
    answered(asked(case, "completeness", office, position=1), 4)
    found = measured()
    for one in (
        found.stages["completeness"],
        found.units[office.unit_id],
        found.offices[office.pk],
    ):
        assert dict(one.cycle.days) == {3: 1, 4: 1}
        assert (one.late, one.late_share, one.norm) == (1, 0.5, "3")


def test_days_in_which_the_clock_stood_still_are_not_the_office_s():
    case = travelled(*REJECTED)
    seat = asked(case, "completeness", due=day(7).date())
    answered(seat, 7)
    one = measured().offices[seat.office_id]
    assert (dict(one.cycle.days), one.late) == ({3: 1}, 0)


def test_case_waits_until_it_is_taken_up():
    case = travelled(*REJECTED)
    seat = asked(case, "completeness", claimed_at=day(1), claimed_by=UserFactory())
    answered(seat, 3)
    one = measured().offices[seat.office_id]
    assert (dict(one.cycle.days), dict(one.waiting.days)) == ({3: 1}, {1: 1})


def test_answer_of_an_earlier_round_is_measured_from_when_it_was_asked_then():
    case = travelled("start", "completeness")
    seat = asked(case, "completeness")
    answered(seat, 1)
    seat.state, seat.answer, seat.round, seat.opened_at = Seat.State.OPEN, None, 2, day(4)
    save(seat)
    one = measured().offices[seat.office_id]
    assert dict(one.cycle.days) == {1: 1}


def test_open_seats_count_as_waiting_and_as_overdue():
    case = travelled("start", "completeness")
    seat = asked(case, "completeness")
    asked(case, "completeness", seat.office, position=1, due=None)
    one = measured().offices[seat.office_id]
    assert (one.open, one.overdue, one.late_share) == (2, 1, None)


def test_person_asked_by_name_has_neither_unit_nor_office():
    case = travelled("start", "completeness")
    seat = asked(case, "completeness", office=None, person=UserFactory())
    answered(seat, 2, capacity="Inisiator")
    found = measured()
    assert dict(found.offices[None].cycle.days) == dict(found.units[None].cycle.days) == {2: 1}


def test_seat_of_a_whole_unit_counts_for_the_unit_alone():
    case, unit = travelled("start", "completeness"), OfficeFactory().unit
    seat = asked(case, "completeness", office=None, unit=unit)
    answered(seat, 2, capacity="Unit")
    found = measured()
    assert dict(found.units[unit.pk].cycle.days) == {2: 1}
    assert dict(found.offices) == {}


def test_pause_alone_changes_nothing_before_it_moves_a_due_date():
    case = travelled(*REJECTED)
    seat = asked(case, "completeness")
    ClockPauseFactory(task=step_of(case, "completeness"), started_at=day(0))
    answered(seat, 2)
    assert dict(measured().offices[seat.office_id].cycle.days) == {2: 1}
