"""What an auditor reads is entered; what others read of their own work is not."""

import json

import pytest
from django.test import Client
from django.urls import reverse
from guardian.shortcuts import assign_perm

from accounts.acting import acting_as
from accounts.signals import act_done
from audit.kinds import Kind
from audit.models import Entry
from audit.reading import reads_as_auditor
from innovations.models import Participant
from tests.audit.factories import inspector, sees_everything, story
from tests.notifications.factories import UserFactory, system
from workflow.access import FOLLOW
from workflow.models import Case

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def readings(who=None):
    entries = Entry.objects.filter(kind=Kind.READING).order_by("pk")
    entries = entries.filter(actor=who) if who else entries
    return [json.loads(entry.payload) for entry in entries]


def read(who, *addresses):
    client = Client()
    client.force_login(who)
    return [client.get(address).status_code for address in addresses]


def story_case(code):
    return Case.objects.get(code=code)


@pytest.fixture
def code():
    return story().case.code


def test_reading_of_a_case_is_entered_with_page_and_code(code):
    who, page = inspector(), reverse("case_history", args=[code])

    assert read(who, page) == [200]

    assert readings() == [{"case": code, "page": "case_history", "path": page}]
    entry = Entry.objects.get(kind=Kind.READING)
    assert (entry.chain, entry.actor) == ("system", who)


def test_question_to_the_ledger_is_entered_with_its_words():
    who = inspector()
    read(who, "/audit/?q=pala&kind=edit")
    assert readings() == [
        {"case": "", "page": "audit", "path": "/audit/", "question": "q=pala&kind=edit"}
    ]


def test_page_that_was_not_shown_is_not_entered(code):
    who = inspector()
    found = read(who, "/cases/INV-1999-0001/history/", "/audit/entries/x/1/", "/audit/?since=x")
    assert found == [404, 404, 200]
    assert [one["path"] for one in readings()] == ["/audit/"]


def test_full_sight_counts_as_audit_only_without_a_part_in_the_case(code):
    concerned, other = sees_everything(), sees_everything()
    innovation = story_case(code).innovation
    with acting_as(system()):
        Participant.objects.create(innovation=innovation, user=concerned)
        assign_perm(FOLLOW, concerned, story_case(code))

    assert reads_as_auditor(other, code)
    assert not reads_as_auditor(concerned, code)
    assert not reads_as_auditor(UserFactory(), code)
    assert reads_as_auditor(concerned)


def test_inspectorate_reads_as_auditor_whatever_its_part(code):
    who = inspector()
    with acting_as(system()):
        assign_perm(FOLLOW, who, story_case(code))
    assert reads_as_auditor(who, code)


def test_reading_by_others_and_of_other_pages_leaves_no_entry(code):
    initiator = story_case(code).innovation.initiator
    with acting_as(system()):
        assign_perm(FOLLOW, initiator, story_case(code))
    assert read(initiator, reverse("case_history", args=[code])) == [200]
    assert read(inspector(), "/", "/inbox/", "/cases/", "/messages/") == [200] * 4
    assert readings() == []


def test_page_is_not_shown_where_its_reading_cannot_be_entered(code):
    def refuse(**_):
        raise RuntimeError("the ledger is closed")

    who = inspector()
    client = Client(raise_request_exception=False)
    client.force_login(who)
    act_done.connect(refuse)
    try:
        response = client.get(reverse("case_history", args=[code]))
    finally:
        act_done.disconnect(refuse)
    assert response.status_code == 500
    assert readings() == []
