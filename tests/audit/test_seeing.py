"""What was told on a day is told again later, however much was written since."""

import datetime

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.acting import acting_as
from accounts.models import Appointment, Office, User
from accounts.offices import today
from approvals.models import Seat
from approvals.seats import read_on, seats_of_stage
from approvals.standing import Standing
from audit.moments import moment_of
from audit.seeing import CaseThen
from tests.accounts.factories import AppointmentFactory, DelegationFactory
from tests.notifications.factories import UnitFactory, system
from tests.regency import case_at, person, record_of, settle_in
from workflow.decisions import take_up
from workflow.declarations import declare
from workflow.facts import matter_of
from workflow.models import Case
from workflow.opening import undeclared_seat
from workflow.walking import walk

pytestmark = [pytest.mark.integration, pytest.mark.postgresql_by_day, pytest.mark.django_db]

STAGES = ["completeness", "verification", "commitment", "signing"]
# Somebody for every rule: signers, substitutes, an initiator, those who see all, and outsiders.
PEOPLE = [
    "bidan.kampit",
    "panel1",
    "panel2",
    "sekretariat",
    "sekretariat2",
    "keuangan",
    "hukum",
    "asisten1",
    "asisten2",
    "sekda",
    "inspektur",
    "admin",
]


def people():
    return User.objects.filter(username__in=PEOPLE).order_by("pk")


def told_today(case):
    """Who sees the case, who must declare first, and what everybody is told at each open seat."""
    told = {}
    open_ones = Seat.objects.filter(process_id=case.pk, state=Seat.State.OPEN)
    for task in set(open_ones.values_list("task", flat=True)):
        seats = seats_of_stage(task)
        standing = Standing(matter_of(case), seats, read_on(seats))
        for seat in (seat for seat in seats if seat.state == Seat.State.OPEN):
            told |= {(seat.pk, who.pk): _plain(standing.answer(seat, who)) for who in people()}
    seen = {who.pk for who in people() if Case.objects.visible_to(who).filter(pk=case.pk).exists()}
    closed = {who.pk for who in people() if undeclared_seat(who, case.innovation)}
    return told, seen, closed


def told_of(case, at, everybody):
    """The same, of a moment."""
    then = case_then(case, at)
    told = {
        (one.seat.pk, who.pk): _plain(one.answer) for who in everybody for one in then.waiting(who)
    }
    seen = {w.pk for w in everybody if then.ground(w, then.holders.authorities_of(w))}
    return told, seen, {who.pk for who in everybody if then.undeclared(who)}


def case_then(case, at):
    moment = moment_of(case.innovation_id, at)
    return CaseThen(moment, next(c for c in moment.of("workflow.Case") if c.pk == case.pk))


def _plain(answer):
    capacity = answer.authority.capacity if answer.authority else ""
    return answer.allowed, answer.rule, answer.sentence, capacity


def _first(case, office):
    return Seat.objects.get(process_id=case.pk, office__code=office, state=Seat.State.OPEN)


def _disturb(case):
    """Something at each stage that makes the rules say something out of the ordinary."""
    if case.stage == "completeness":
        seat = Seat.objects.filter(process_id=case.pk, state=Seat.State.OPEN)[0]
        holder = Appointment.objects.get(office=seat.office, end=None).user
        take_up(holder, case.code, seat.pk)
    if case.stage == "verification":
        declare(person("panel1"), case.code, _first(case, "panel-1").pk, kind="none")
        recused = _first(case, "panel-2")
        declare(person("panel2"), case.code, recused.pk, kind="recuse", sentence="Kerabat.")
    if case.stage == "commitment":
        seat = Seat.objects.filter(process_id=case.pk, state=Seat.State.OPEN)[0]
        principal = Appointment.objects.get(office=seat.office, end=None)
        terms = {"start": today(), "end": today(), "stages": ["drafting"]}
        DelegationFactory(principal=principal, delegate=person("asisten2"), **terms)
    if case.stage == "signing":
        office = Office.objects.get(code="bupati")
        terms = {"capacity": "plh", "start": today(), "end": today()}
        AppointmentFactory(office=office, user=person("asisten1"), **terms)


def _turn_over():
    """Afterwards the register of offices is another one."""
    unit = UnitFactory()
    with acting_as(system()):
        for appointment in Appointment.objects.filter(end=None):
            appointment.end = today() - datetime.timedelta(days=1)
            if appointment.end >= appointment.start:
                appointment.save()
        for user in User.objects.exclude(pk=system().pk):
            user.name_plain, user.home_unit = f"Nama Baru {user.pk}", unit
            user.is_active = user.pk % 2 == 0
            user.save()


def test_what_was_told_then_is_told_again_when_everything_has_changed():
    settle_in()
    record = record_of("KERITAK")
    case, remembered = case_at(STAGES[0], record=record), []
    for stage in STAGES:
        with transaction.atomic():
            case = walk(case, record, until=stage)
            case = Case.objects.select_related("innovation").get(pk=case.pk)
            _disturb(case)
        everybody = list(people())
        remembered.append((timezone.now(), everybody, told_today(case)))
    _turn_over()
    rules = {answer[1] for _at, _who, told in remembered for answer in told[0].values()}
    assert rules == {
        "allowed",
        "claimed",
        "conflict",
        "initiator",
        "mandate",
        "not_theirs",
        "scope",
    }
    for at, everybody, told in remembered:
        assert told_of(case, at, everybody) == told
