"""What the pages cost in queries, at any size, and whom they show what."""

import datetime

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.acting import acting_as
from accounts.models import User
from accounts.offices import appoint, end_appointment, today
from approvals.models import Seat
from approvals.refusals import Changed
from innovations.forms import CompletenessForm
from tests.regency import RUNS_ALREADY, case_at, person, record_of
from workflow.decisions import Act, decide
from workflow.inbox import PAGE, page_of
from workflow.models import Case
from workflow.reminders import remind
from workflow.walking import sign_one

pytestmark = [
    pytest.mark.integration,
    pytest.mark.one_database,
    pytest.mark.usefixtures("regency", "db", "english"),
]

WALKED = ["completeness"]


def queries_of(path, username):
    client = Client()
    client.force_login(person(username))
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        reply = client.get(path)
    assert reply.status_code == 200
    return len(queries)


def many_seats(case, count):
    pattern = Seat.objects.filter(process_id=case.pk, state=Seat.State.OPEN).first()
    with acting_as(User.objects.system()):
        for number in range(2, count + 2):
            copy = Seat.objects.get(pk=pattern.pk)
            copy.pk, copy.position = None, number
            copy.save()


@pytest.mark.parametrize("count", [1, 45])
def test_inbox_stays_under_its_ceiling_at_any_size(count, at):
    many_seats(at("completeness"), count)

    assert queries_of("/inbox/", "sekretariat") <= 12


@pytest.mark.parametrize(
    ("path", "ceiling"), [("/", 15), ("/cases/", 12), ("/messages/", 12), ("/inbox/?late=1", 12)]
)
def test_lists_stay_under_their_ceiling(path, ceiling, at):
    many_seats(at("completeness"), 30)

    assert queries_of(path, "sekretariat") <= ceiling


def test_case_page_stays_under_its_ceiling():
    case = case_at("signing")

    assert queries_of(f"/cases/{case.code}/", "inspektur") <= 60


def test_inbox_pages_lead_from_one_to_the_next_without_gap_or_repeat(at):
    many_seats(at("completeness"), PAGE + 5)
    user = person("sekretariat")

    first, cursor = page_of(user, {})
    second, end = page_of(user, {"cursor": cursor})

    numbers = [item.id for item in first + second]
    assert len(numbers) == len(set(numbers)) == PAGE + 6
    assert (len(first), end) == (PAGE, "")


def test_inbox_says_why_an_item_is_mine_and_what_happens_without_me(at):
    at("completeness")
    (item,), _cursor = page_of(person("sekretariat"), {})

    assert item.why.startswith("It is for your office, ")
    assert item.consequence == "A colleague of your section can take it instead."


@pytest.mark.parametrize(
    ("stage", "reader", "whose"),
    [
        ("completeness", "inspektur", "It is for {seat.office.title}."),
        ("completeness", "sekretariat", "It is for your office, {seat.office.title}."),
        ("revision", "inspektur", "It is for {seat.person}."),
    ],
)
def test_page_of_a_seat_says_whose_it_is(stage, reader, whose, at):
    case = at("completeness")
    if stage == "revision":
        with transaction.atomic():
            seat = Seat.objects.filter(process_id=case.pk, state=Seat.State.OPEN).first()
            sign_one(case, seat, record_of(RUNS_ALREADY), "return", "Lengkapi.")
    seat = Seat.objects.filter(process_id=case.pk, stage=stage, state=Seat.State.OPEN).first()
    client = Client(headers={"accept-language": "en"})
    client.force_login(person(reader))

    page = client.get(f"/cases/{case.code}/seats/{seat.pk}/")

    assert page.context["item"].why == whose.format(seat=seat)


def test_broken_cursor_and_unknown_filters_are_ignored(at):
    at("completeness")

    items, _cursor = page_of(person("sekretariat"), {"cursor": "kemarin,x", "stage": "tidak ada"})
    assert len(items) == 1


def test_transfer_the_day_before_moves_the_open_work(at):
    case = at("completeness")
    clerk, colleague = person("sekretariat"), person("warga")
    appointment = clerk.appointments.get(office__code="sekretariat-inovasi-1")
    with transaction.atomic():
        system = User.objects.system()
        end_appointment(system, appointment, last_day=today() - datetime.timedelta(days=1))
        appoint(
            system,
            colleague,
            appointment.office,
            start=today(),
            basis_number="800/1/2026",
            basis_date=today(),
        )

    assert page_of(clerk, {})[0] == []
    assert [item.code for item in page_of(colleague, {})[0]] == [case.code]


def test_content_that_changed_since_it_was_read_is_not_signed(at):
    case = at("completeness")
    seat = Seat.objects.filter(process_id=case.pk, state=Seat.State.OPEN).first()
    client = Client()
    client.force_login(person("sekretariat"))
    seen = client.get(f"/cases/{case.code}/seats/{seat.pk}/").context["seen"]
    with acting_as(User.objects.system()):
        case.innovation.benefit += " Tambahan."
        case.innovation.save()

    with transaction.atomic(), pytest.raises(Changed):
        decide(person("sekretariat"), case.code, seat.pk, answer(case, seen))


def answer(case, seen):
    form = CompletenessForm.from_record(
        record_of(RUNS_ALREADY)["completeness"],
        innovation=case.innovation,
        actor=person("sekretariat"),
    )
    return Act("approve", form=form, seen=seen)


def test_stranger_sees_no_case_and_the_inspector_all(at):
    case = at("completeness")

    assert not Case.objects.visible_to(person("guru")).filter(pk=case.pk).exists()
    assert Case.objects.visible_to(person("inspektur")).filter(pk=case.pk).exists()
    assert Case.objects.visible_to(case.innovation.initiator).filter(pk=case.pk).exists()


def test_reminder_reaches_the_holder_before_and_after_the_due_date(time_machine, at):
    at("completeness")
    due = Seat.objects.filter(state=Seat.State.OPEN).first().due

    time_machine.move_to(datetime.datetime.combine(due, datetime.time(3), datetime.UTC))
    assert remind() == 0
    time_machine.move_to(
        datetime.datetime.combine(due + datetime.timedelta(days=1), datetime.time(3), datetime.UTC)
    )
    assert remind() == 2
