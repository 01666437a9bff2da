import pytest
from django.utils import timezone

from accounts.models import User
from approvals.models import Seat
from approvals.seats import read_on, seats_of_stage
from approvals.standing import Standing
from audit.moments import moment_of
from audit.seeing import CaseThen
from tests.regency import case_at, settle_in
from workflow.facts import matter_of
from workflow.models import Case

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def now(case):
    moment = moment_of(case.innovation_id, timezone.now())
    return CaseThen(moment, next(c for c in moment.of("workflow.Case") if c.pk == case.pk))


@pytest.mark.parametrize("stage", ["completeness", "verification", "signing", "done"])
def test_the_rules_asked_about_now_say_what_they_say_of_the_rows_of_today(stage):
    settle_in()
    case = case_at(stage)
    then = now(case)
    people = list(User.objects.filter(is_active=True))
    seen = {p.username for p in people if then.ground(p, then.holders.authorities_of(p))}
    visible = {p.username for p in people if Case.objects.visible_to(p).filter(pk=case.pk).exists()}
    assert seen == visible
    open_seats = Seat.objects.filter(process_id=case.pk, state=Seat.State.OPEN)
    tasks = set(open_seats.values_list("task", flat=True))
    told = {}
    for task in tasks:
        seats = seats_of_stage(task)
        standing = Standing(matter_of(case), seats, read_on(seats))
        for seat in seats:
            if seat.state == Seat.State.OPEN:
                told |= {(seat.pk, p.username): standing.answer(seat, p) for p in people}
    remembered = {(one.seat.pk, p.username): one.answer for p in people for one in then.waiting(p)}
    assert {key: (a.allowed, a.rule, a.sentence) for key, a in remembered.items()} == {
        key: (a.allowed, a.rule, a.sentence) for key, a in told.items()
    }
