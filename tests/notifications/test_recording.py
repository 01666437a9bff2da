import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from accounts.acting import acting_as
from notifications.events import UnknownEvent
from notifications.models import Message
from tests.accounts.factories import system_account
from tests.notifications.factories import CaseFactory, UserFactory, system
from workflow.announcements import announce_to
from workflow.signals import case_event

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def announce(case, recipients, **changes):
    event = {
        "event": "seat_opened",
        "params": {"stage": "trial", "office": "Puskesmas", "due": "2026-03-09", "seat": 5},
        "occurrence": "seat:5",
        **changes,
    }
    case_event.send(sender=type(case), case=case, actor=None, recipients=recipients, **event)


def test_event_becomes_one_row_per_recipient_and_one_job():
    case, first, second = CaseFactory(), UserFactory(), UserFactory()
    announce(case, [second, first, first])
    rows = Message.objects.order_by("recipient")
    assert [row.recipient for row in rows] == [first, second]
    assert rows[0].key == f"seat_opened:seat:5:{first.pk}"
    assert rows[0].case_code == case.code
    assert rows[0].path == f"/cases/{case.code}/seats/5/"
    assert rows[0].params == {
        "title": case.innovation.name,
        "code": case.code,
        "stage": "trial",
        "office": "Puskesmas",
        "due": "2026-03-09",
        "seat": 5,
    }
    assert rows[0].delivered_at is None
    assert DBTaskResult.objects.count() == 1


def test_event_announced_twice_leaves_one_row():
    case, person = CaseFactory(), UserFactory()
    announce(case, [person])
    announce(case, [person])
    assert Message.objects.count() == 1


def test_event_of_another_occurrence_is_another_message():
    case, person = CaseFactory(), UserFactory()
    announce(case, [person])
    announce(case, [person], occurrence="seat:6")
    assert Message.objects.count() == 2


def test_event_for_nobody_leaves_nothing():
    announce(CaseFactory(), [])
    assert Message.objects.count() == 0
    assert DBTaskResult.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"event": "harvested"}, UnknownEvent),
        ({"params": {"stage": "trial"}}, KeyError),
        ({"params": {"stage": "x", "office": "x", "due": None, "seat": 1}}, LookupError),
    ],
)
def test_event_without_words_or_details_undoes_the_act(changes, error):
    case, person = CaseFactory(), UserFactory()

    @transaction.atomic
    def act():
        announce(case, [person])
        announce(case, [person], **changes)

    with pytest.raises(error):
        act()
    assert Message.objects.count() == 0
    assert DBTaskResult.objects.count() == 0


def test_event_costs_the_deciding_transaction_two_statements(django_assert_num_queries):
    case, people = CaseFactory(), UserFactory.create_batch(5)
    with acting_as(system_account()), django_assert_num_queries(2):
        announce(case, people)


@pytest.mark.django_db(transaction=True)
def test_event_of_an_act_that_is_rolled_back_tells_nobody():
    case, person = CaseFactory(), UserFactory()

    @transaction.atomic
    def act():
        announce(case, [person])
        raise RuntimeError

    with pytest.raises(RuntimeError):
        act()
    assert Message.objects.count() == 0
    assert DBTaskResult.objects.count() == 0


def test_event_of_no_case_is_told_without_one():
    person = UserFactory()
    params = {"number": "12/2026", "about": "Cuti bersama", "decree": 3}
    with transaction.atomic(), acting_as(system()):
        announce_to([person], "due_dates_moved", occurrence="decree:3", **params)
    row = Message.objects.get()
    assert (row.recipient, row.case_code, row.path) == (person, "", "/calendar/decrees/3/")
    assert row.params == params
